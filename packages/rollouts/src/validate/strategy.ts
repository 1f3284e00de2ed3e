import type { Rollout } from '../rollout.ts'
import { validateAntiAffinity } from './anti-affinity.ts'
import { validateCanary } from './canary.ts'
import { child, fieldPath, type FieldPath } from './field-path.ts'
import { invalid, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

/** validation.go:203 ValidateRolloutStrategy */
export function validateStrategy(subject: Subject, rollout: Rollout): readonly ValidationError[] {
  const { blueGreen, canary } = rollout.spec.strategy
  // The controller says spec.strategy.strategy; there is no such field to edit.
  const at: FieldPath = { field: 'spec.strategy.strategy', pointer: fieldPath('spec', 'strategy').pointer }
  if (blueGreen === undefined && canary === undefined) {
    return [withoutValue(subject, at, 'Required value', "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'")]
  }
  if (blueGreen !== undefined && canary !== undefined) return [invalid(subject, at, 'blueGreen: true canary: true', 'Multiple Strategies can not be listed')]
  return blueGreen === undefined ? validateCanary(subject, rollout) : validateBlueGreen(subject, rollout)
}

/** validation.go:220 ValidateRolloutStrategyBlueGreen */
function validateBlueGreen(subject: Subject, rollout: Rollout): readonly ValidationError[] {
  const blueGreen = rollout.spec.strategy.blueGreen
  if (blueGreen === undefined) return []
  const path: FieldPath = { field: 'spec.strategy', pointer: '/spec/strategy/blueGreen' }
  const errors: ValidationError[] = []
  if (blueGreen.activeService === (blueGreen.previewService ?? '')) {
    errors.push(invalid(subject, child(path, 'activeService'), blueGreen.activeService,
      'This rollout uses the same service for the active and preview services, but two different services are required.'))
  }
  const limit = blueGreen.scaleDownDelayRevisionLimit
  if (limit !== undefined && (rollout.spec.revisionHistoryLimit ?? 10) < limit) {
    errors.push(invalid(subject, child(path, 'scaleDownDelayRevisionLimit'), limit,
      "This rollout's revision history limit can not be smaller than the rollout's scale down limit"))
  }
  return [...errors, ...validateAntiAffinity(subject, blueGreen['antiAffinity'], child(path, 'antiAffinity'))]
}
