import { child, type FieldPath } from './field-path.ts'
import { invalid, type Subject, type ValidationError } from './validation-error.ts'

interface AntiAffinity {
  readonly preferredDuringSchedulingIgnoredDuringExecution?: { readonly weight?: number }
  readonly requiredDuringSchedulingIgnoredDuringExecution?: unknown
}

/** validation.go:445 ValidateRolloutStrategyAntiAffinity */
export function validateAntiAffinity(subject: Subject, antiAffinity: unknown, path: FieldPath): readonly ValidationError[] {
  if (typeof antiAffinity !== 'object' || antiAffinity === null) return []
  const { preferredDuringSchedulingIgnoredDuringExecution: preferred, requiredDuringSchedulingIgnoredDuringExecution: required } = antiAffinity as AntiAffinity
  const errors: ValidationError[] = []
  if ((preferred === undefined) === (required === undefined)) {
    const value = `antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: ${preferred !== undefined}` +
      ` antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: ${required !== undefined}`
    errors.push(invalid(subject, path, value, 'AntiAffinity must have exactly one strategy listed'))
  }
  const weight = preferred?.weight ?? 0
  if (preferred !== undefined && (weight < 1 || weight > 100)) {
    const at = { field: child(path, 'weight').field, pointer: child(path, 'preferredDuringSchedulingIgnoredDuringExecution', 'weight').pointer }
    errors.push(invalid(subject, at, weight, 'AntiAffinity weight must be between 1-100'))
  }
  return errors
}
