import { isJsonMap } from './json-map.ts'
import { quantityError } from './quantity.ts'
import type { ScalarKind, Shape, StructType } from './schema.ts'

/** Where the decoder is: Go's name of the innermost struct, and the fields on the way to it. */
interface Place { readonly struct: string; readonly fields: readonly string[] }
/** encoding/json goes on after a value of the wrong type, and gives up where a type's own UnmarshalJSON fails: that error is the one told. */
interface Problem { readonly told: 'at the end' | 'at once'; readonly text: string }

/** What encoding/json says of a value that it cannot decode into a Go struct; undefined where it can. */
export function goDecodeError(type: StructType, value: unknown): string | undefined {
  const problems = [...structProblems(type, value, { struct: '', fields: [] })]
  return (problems.find(({ told }) => told === 'at once') ?? problems[0])?.text
}

function* structProblems(type: StructType, value: unknown, place: Place): Iterable<Problem> {
  if (value === null) return
  if (!isJsonMap(value)) { yield mismatch(value, goStruct(type), place); return }
  for (const key of Object.keys(value).toSorted()) {
    const field = type.fields.get(key)
    if (field) yield* problems(field.shape, value[key], { struct: type.name, fields: [...place.fields, ...field.embedded, key] })
  }
}

function* problems(shape: Shape, value: unknown, place: Place): Iterable<Problem> {
  if (value === null || value === undefined) return
  switch (shape.is) {
    case 'struct': yield* structProblems(shape.type(), value, place); return
    case 'list':
      if (Array.isArray(value)) for (const item of value) yield* problems(shape.of, item, place)
      else yield mismatch(value, goType(shape), place)
      return
    case 'map':
      if (isJsonMap(value)) for (const key of Object.keys(value).toSorted()) yield* problems(shape.of, value[key], place)
      else yield mismatch(value, goType(shape), place)
      return
    case 'any': return
    case 'string': if (typeof value !== 'string') yield mismatch(value, goType(shape), place); return
    default: yield* scalarProblems(shape.is, value, place)
  }
}

function* scalarProblems(kind: Exclude<ScalarKind, 'string'>, value: unknown, place: Place): Iterable<Problem> {
  switch (kind) {
    case 'bool': if (typeof value !== 'boolean') yield mismatch(value, 'bool', place); return
    case 'float': if (typeof value !== 'number') yield mismatch(value, 'float64', place); return
    case 'int32': case 'int64': case 'uint': if (!isWhole(kind, value)) yield mismatch(value, kind, place); return
    case 'int or string': if (typeof value !== 'string' && !isWhole('int32', value)) yield { ...mismatch(value, 'int32', place), told: 'at once' }; return
    case 'bytes': yield* bytesProblems(value, place); return
    case 'quantity': {
      const text = quantityError(value)
      if (text !== undefined) yield { told: 'at once', text }
      return
    }
    case 'time': case 'micro time': case 'duration':
      if (typeof value !== 'string') yield { ...mismatch(value, 'string', place), told: 'at once' }
      return
    default: kind satisfies never
  }
}

function* bytesProblems(value: unknown, place: Place): Iterable<Problem> {
  if (typeof value !== 'string') { yield mismatch(value, '[]uint8', place); return }
  const at = base64Error(value)
  if (at !== undefined) yield { told: 'at the end', text: `illegal base64 data at input byte ${at}` }
}

function isWhole(kind: 'int32' | 'int64' | 'uint', value: unknown): boolean {
  if (!Number.isInteger(value)) return false
  const number = value as number
  return kind === 'int32' ? number >= -(2 ** 31) && number < 2 ** 31 : kind === 'uint' ? number >= 0 : number >= -(2 ** 63) && number < 2 ** 63
}

function mismatch(value: unknown, goTypeText: string, { struct, fields }: Place): Problem {
  const isNumberType = /^u?int|^float/.test(goTypeText)
  const what = Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? `number${isNumberType ? ` ${goNumber(value)}` : ''}` : 'string'
  const into = fields.length === 0 ? 'value' : `struct field ${struct}.${fields.join('.')}`
  return { told: 'at the end', text: `json: cannot unmarshal ${what} into Go ${into} of type ${goTypeText}` }
}

/** As encoding/json has written the number before it is read again. */
function goNumber(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}

function goStruct(type: StructType): string {
  return `${type.packageName}.${type.name}`
}

const goScalars: Readonly<Record<ScalarKind, string>> = {
  string: 'string', bool: 'bool', int32: 'int32', int64: 'int64', uint: 'uint', float: 'float64', bytes: '[]uint8', quantity: 'resource.Quantity', 'int or string': 'intstr.IntOrString',
  time: 'v1.Time', 'micro time': 'v1.MicroTime', duration: 'v1.Duration',
}

function goType(shape: Shape): string {
  switch (shape.is) {
    case 'struct': return goStruct(shape.type())
    case 'list': return `[]${goType(shape.of)}`
    // the one named map among them
    case 'map': return shape.of.is === 'quantity' ? 'v1.ResourceList' : `map[string]${goType(shape.of)}`
    case 'any': return 'interface {}'
    default: return shape.goName ?? goScalars[shape.is]
  }
}

/** Where base64.StdEncoding finds a text to be none, counted in bytes; undefined where it decodes. Line breaks are skipped. */
export function base64Error(text: string): number | undefined {
  const bytes = new TextEncoder().encode(text)
  const isBreak = (at: number): boolean => bytes[at] === 10 || bytes[at] === 13
  const skipBreaks = (from: number): number => {
    let at = from
    while (at < bytes.length && isBreak(at)) at++
    return at
  }
  let read = 0
  for (let at = 0; at < bytes.length; at++) {
    if (isBreak(at)) continue
    const char = String.fromCharCode(bytes[at]!)
    if (/[A-Za-z0-9+/]/.test(char)) { read++; continue }
    if (char !== '=' || read % 4 < 2) return at
    let end = at + 1
    if (read % 4 === 2) {
      end = skipBreaks(end)
      if (end === bytes.length) return bytes.length
      if (bytes[end] !== 61) return end - 1
      end++
    }
    end = skipBreaks(end)
    return end < bytes.length ? end : undefined
  }
  return read % 4 === 0 ? undefined : bytes.length - (read % 4)
}

/** A value that `throughGo` has refused, in the words of encoding/json; `fallback` where they are not known. */
export function decodeErrorText(type: StructType, value: unknown, fallback: string): string {
  return goDecodeError(type, value) ?? fallback
}
