import type { Rollout } from '../rollout.ts'
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

interface AntiAffinity {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: { readonly weight?: number }
  readonly requiredDuringSchedulingIgnoredDuringExecution?: unknown
}

/** validation.go:455 ValidateRolloutStrategyAntiAffinity */
export function validateAntiAffinity(subject: Subject, antiAffinity: unknown, path: FieldPath): readonly ValidationError[] {
  if (typeof antiAffinity !== 'object' || antiAffinity === null) return []
  const { preferredDuringSchedulingIgnoredDuringExecution: preferred, requiredDuringSchedulingIgnoredDuringExecution: required } = antiAffinity as AntiAffinity
  const errors: ValidationError[] = []
  if ((preferred === undefined) === (required === undefined)) {
    const value = `antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: ${preferred !== undefined} antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: ${required !== undefined}`
    errors.push(invalid(subject, path, value, 'AntiAffinity must have exactly one strategy listed'))
  }
  const weight = preferred?.weight ?? 0
  if (preferred !== undefined && (weight < 1 || weight > 100)) {
    const at = { field: child(path, 'weight').field, pointer: child(path, 'preferredDuringSchedulingIgnoredDuringExecution', 'weight').pointer }
    errors.push(invalid(subject, at, weight, 'AntiAffinity weight must be between 1-100'))
  }
  return errors
}
