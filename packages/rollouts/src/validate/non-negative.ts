import type { FieldPath } from './field-path.ts'
import { invalid, type Subject, type ValidationError } from './validation-error.ts'

/** k8s.io/kubernetes ValidateNonnegativeField */
export function nonNegative(subject: Subject, value: number, path: FieldPath): readonly ValidationError[] {
  return value >= 0 ? [] : [invalid(subject, path, value, 'must be greater than or equal to 0')]
}
