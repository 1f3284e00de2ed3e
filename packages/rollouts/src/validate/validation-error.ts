import { type KubeObject, type Pointer, refOf, type ResourceRef } from '@rollsync/manifests'
import type { FieldPath } from './field-path.ts'
import { goQuote, type GoType, printGoSyntax, printJson } from './go-value.ts'
import type { ValidationTexts } from './validation-texts.ts'

/** One thing that keeps the controller from reconciling a Rollout. */
export interface ValidationError {
  /** invalid: the condition InvalidSpec says `message`. error: the sync fails and no condition says so. panic: in `in`, recovered from on every sync. */
  readonly outcome: 'invalid' | 'error' | 'panic'
  /** The field as the controller spells it; `''` where its error names none. */
  readonly field: string
  /** What the sync returns, or the panic's text. */
  readonly error: string
  /** The text of the condition: `The Rollout "web" is invalid: …`; for an error or a panic the same as `error`. */
  readonly message: string
  /** Where a person mends it, in `object`. */
  readonly pointer: Pointer
  readonly object: ResourceRef
  /** The Go function that panics. */
  readonly in?: string
}

/** What one validation looks at. `resolved` is the Rollout with the template of its workloadRef. */
export interface Subject {
  readonly rollout: KubeObject
  readonly texts: ValidationTexts
}

/** A value with the Go type it is printed as. */
export interface TypedValue {
  readonly value: unknown
  readonly type: GoType
}

/** apimachinery field.Invalid. A null is a nil pointer. */
export function invalid(subject: Subject, path: FieldPath, value: string | number | boolean | null | TypedValue, detail: string): ValidationError {
  return fieldError(subject, path, 'Invalid value', badValue(subject, value), detail)
}

/** apimachinery field.Duplicate */
export function duplicate(subject: Subject, path: FieldPath, value: string | TypedValue): ValidationError {
  return fieldError(subject, path, 'Duplicate value', badValue(subject, value), '')
}

/** apimachinery field.NotSupported */
export function notSupported(subject: Subject, path: FieldPath, value: string, supported: readonly string[]): ValidationError {
  return fieldError(subject, path, 'Unsupported value', goQuote(value), `supported values: ${supported.map(goQuote).join(', ')}`)
}

/** apimachinery field.NotFound */
export function notFound(subject: Subject, path: FieldPath, value: string): ValidationError {
  return fieldError(subject, path, 'Not found', goQuote(value), '')
}

/** apimachinery field.Required, Forbidden, TooLong and InternalError: the value is not printed. */
export function withoutValue(subject: Subject, path: FieldPath, kind: 'Required value' | 'Forbidden' | 'Too long' | 'Internal error', detail: string): ValidationError {
  return fieldError(subject, path, kind, undefined, detail)
}

/** An error that the controller returns without a field: no condition tells of it. */
export function plainError(subject: Subject, pointer: Pointer, error: string): ValidationError {
  return { outcome: 'error', field: '', error, message: error, pointer, object: refOf(subject.rollout) }
}

export function panicked(object: KubeObject, pointer: Pointer, panic: string, goFunction: string): ValidationError {
  return { outcome: 'panic', field: '', error: panic, message: panic, pointer, object: refOf(object), in: goFunction }
}

/** The same error, to be mended in another object than the Rollout. */
export function mendedIn(error: ValidationError, object: KubeObject, pointer: Pointer): ValidationError {
  return { ...error, object: refOf(object), pointer }
}

/** controller.go:624: the condition of an error of any kind. */
export function conditionMessage(rollout: KubeObject, error: string): string {
  return `The Rollout "${rollout.metadata.name}" is invalid: ${error}`
}

function fieldError(subject: Subject, path: FieldPath, kind: string, value: string | undefined, detail: string): ValidationError {
  const error = `${path.field}: ${kind}${value === undefined ? '' : `: ${value}`}${detail === '' ? '' : `: ${detail}`}`
  return { outcome: 'invalid', field: path.field, error, message: conditionMessage(subject.rollout, error), pointer: path.pointer, object: refOf(subject.rollout) }
}

function badValue(subject: Subject, value: string | number | boolean | null | TypedValue): string {
  switch (typeof value) {
    case 'string': return goQuote(value)
    case 'number': case 'boolean': return String(value)
    default: break
  }
  if (value === null) return subject.texts.badValues === 'json' ? 'null' : '"null"'
  return subject.texts.badValues === 'json' ? printJson(value.value, value.type) : printGoSyntax(value.value, value.type)
}
