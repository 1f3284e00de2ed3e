import { RuntimeFailure } from './beyond-grammar.ts'
import { encode, preview, typePreview } from './values.ts'

// error.go, one function per error type; the texts are the same in every release we know.

export const expectedObject = (value: unknown): RuntimeFailure => new RuntimeFailure(`expected an object but got: ${typePreview(value)}`)

export const expectedArray = (value: unknown): RuntimeFailure => new RuntimeFailure(`expected an array but got: ${typePreview(value)}`)

export const cannotIterate = (value: unknown): RuntimeFailure => new RuntimeFailure(`cannot iterate over: ${typePreview(value)}`)

export const invalidPath = (value: unknown): RuntimeFailure => new RuntimeFailure(`invalid path against: ${typePreview(value)}`)

export const invalidPathIteration = (value: unknown): RuntimeFailure => new RuntimeFailure(`invalid path on iterating against: ${typePreview(value)}`)

export const keyNotText = (value: unknown): RuntimeFailure => new RuntimeFailure(`expected a string for object key but got: ${typePreview(value)}`)

export const arrayIndexNotNumber = (value: unknown): RuntimeFailure =>
  new RuntimeFailure(`expected a number for indexing an array but got: ${typePreview(value)}`)

export const textIndexNotNumber = (value: unknown): RuntimeFailure =>
  new RuntimeFailure(`expected a number for indexing a string but got: ${typePreview(value)}`)

export const expectedStartAndEnd = (value: unknown): RuntimeFailure =>
  new RuntimeFailure(`expected "start" and "end" for slicing but got: ${typePreview(value)}`)

export const negativeIndex = (index: number): RuntimeFailure => new RuntimeFailure(`array index should not be negative: ${preview(index)}`)

export const negativeDepth = (depth: number): RuntimeFailure => new RuntimeFailure(`flatten depth should not be negative: ${preview(depth)}`)

/** func0TypeError, func1TypeError and func2TypeError, by the number of arguments. */
export function notApplicable(name: string, value: unknown, ...args: readonly unknown[]): RuntimeFailure {
  const called = args.length ? `${name}(${args.map(preview).join('; ')})` : name
  return new RuntimeFailure(`${called} cannot be applied to: ${typePreview(value)}`)
}

/** func0WrapError, func1WrapError and func2WrapError, by the number of arguments. */
export function failedOn(name: string, cause: string, value: unknown, ...args: readonly unknown[]): RuntimeFailure {
  const called = args.length ? `${name}(${args.map(preview).join('; ')})` : name
  return new RuntimeFailure(`${called} cannot be applied to ${preview(value)}: ${cause}`)
}

export const cannot = (verb: string, left: unknown, right: unknown): RuntimeFailure =>
  new RuntimeFailure(`cannot ${verb}: ${typePreview(left)} and ${typePreview(right)}`)

export const cannotSign = (verb: 'plus' | 'negate', value: unknown): RuntimeFailure => new RuntimeFailure(`cannot ${verb}: ${typePreview(value)}`)

export const byZero = (verb: 'divide' | 'modulo', left: unknown, right: unknown): RuntimeFailure =>
  new RuntimeFailure(`cannot ${verb} ${typePreview(left)} by: ${typePreview(right)}`)

/** What `error` raises: caught as its value, printed as its text or JSON. */
export const raised = (value: unknown): RuntimeFailure => new RuntimeFailure(`error: ${typeof value === 'string' ? value : encode(value)}`, value)
