import type { Rollout } from '../rollout.ts'
import { child, fieldPath } from './field-path.ts'
import { labelSelector } from './go-types.ts'
import { type LabelSelector, selects, validateLabelSelector } from './labels.ts'
import { nonNegative } from './non-negative.ts'
import { validatePodTemplate } from './pod-template.ts'
import { validateStrategy } from './strategy.ts'
import { invalid, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

const spec = fieldPath('spec')

/** validation.go:128 ValidateRolloutSpec. `fromWorkload`: the template was resolved from workloadRef. */
export function validateRolloutSpec(subject: Subject, rollout: Rollout, fromWorkload: 'resolved' | 'unresolved' | 'none'): readonly ValidationError[] {
  const { replicas = 1, minReadySeconds = 0, revisionHistoryLimit = 10, progressDeadlineSeconds = 600 } = rollout.spec
  return [
    ...nonNegative(subject, replicas, child(spec, 'replicas')),
    ...(fromWorkload === 'none' ? validateSelector(subject, rollout.spec.selector) : []),
    ...validateTemplate(subject, rollout, fromWorkload),
    ...nonNegative(subject, minReadySeconds, child(spec, 'minReadySeconds')),
    ...nonNegative(subject, revisionHistoryLimit, child(spec, 'revisionHistoryLimit')),
    ...nonNegative(subject, progressDeadlineSeconds, child(spec, 'progressDeadlineSeconds')),
    ...(progressDeadlineSeconds <= minReadySeconds
      ? [invalid(subject, child(spec, 'progressDeadlineSeconds'), progressDeadlineSeconds, 'must be greater than minReadySeconds')] : []),
    ...validateStrategy(subject, rollout),
  ]
}

function validateSelector(subject: Subject, selector: LabelSelector | undefined): readonly ValidationError[] {
  const path = child(spec, 'selector')
  if (selector === undefined) return [withoutValue(subject, path, 'Required value', "Rollout has missing field '.spec.selector'")]
  const errors = validateLabelSelector(subject, selector, path)
  const size = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length
  return size > 0 ? errors : [...errors, invalid(subject, path, { value: selector, type: labelSelector }, 'empty selector is invalid for deployment')]
}

function validateTemplate(subject: Subject, rollout: Rollout, fromWorkload: 'resolved' | 'unresolved' | 'none'): readonly ValidationError[] {
  const { selector, template } = rollout.spec
  const labels = template?.metadata?.labels ?? {}
  const errors: ValidationError[] = []
  // validation.go:147: what the linter sees; the controller has met it while it resolved the reference.
  const filled = Object.keys(labels).length + Object.keys(template?.metadata?.annotations ?? {}).length > 0
  if (fromWorkload === 'unresolved' && filled) {
    errors.push(withoutValue(subject, child(spec, 'template'), 'Internal error', 'template must be empty for workload reference rollout'))
  }
  const outcome = selects(selector, labels)
  if (outcome === 'unreadable') return [...errors, invalid(subject, child(spec, 'selector'), { value: selector, type: labelSelector }, 'invalid label selector')]
  return fromWorkload === 'unresolved' ? errors : [...errors, ...validatePodTemplate(subject, template, outcome, child(spec, 'template'))]
}
