import { isMap, type Pointer, toPointer } from '@rollsync/manifests'

import { mapOf } from './map-of.ts'
import { RolloutsError } from './rollouts-error.ts'

/** What a Go type accepts from JSON. Objects that pass through a typed client lose what the type does not know, and print in the order of the type. */
export type Shape =
  | 'string' | 'int' | 'bool' | 'any' | 'stringOrInt'
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly struct: readonly Field[] }

/** `always`: printed even when zero. `omitempty`: left out when zero. `pointer`: left out only when absent or null. `nullable`: a pointer that prints null. */
export type Field = readonly [name: string, shape: Shape, print: 'always' | 'omitempty' | 'pointer' | 'nullable']

/** Where a value stands, spelt out only for one that does not fit. */
type Path = { readonly from: readonly (string | number)[] } | { readonly up: Path; readonly token: string | number }

/** The value as a typed client would send it back. Throws a RolloutsError `malformed-object` with the JSON Pointer where JSON and type do not fit, as the API server would refuse it. */
export function reshape(value: unknown, shape: Shape, at: readonly (string | number)[] = []): unknown {
  return reshapeAt(value, shape, { from: at })
}

function reshapeAt(value: unknown, shape: Shape, at: Path): unknown {
  if (value === null || value === undefined) return zeroOf(shape)
  if (typeof shape === 'string') return reshapePlain(value, shape, at)
  if ('list' in shape) {
    if (!Array.isArray(value)) throw mismatch(spelt(at), 'a list', value)
    return value.map((item, i) => reshapeAt(item, shape.list, { up: at, token: i }))
  }
  if (!isMap(value)) throw mismatch(spelt(at), 'a map', value)
  if ('map' in shape) return mapOf(Object.entries(value).map(([key, item]) => [key, reshapeAt(item, shape.map, { up: at, token: key })]))
  return reshapeStruct(value, shape.struct, at)
}

function spelt(at: Path): readonly (string | number)[] {
  return 'from' in at ? at.from : [...spelt(at.up), at.token]
}

function reshapeStruct(value: Readonly<Record<string, unknown>>, fields: readonly Field[], at: Path): unknown {
  const entries: [string, unknown][] = []
  for (const [name, shape, print] of fields) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    const absent = given === undefined || given === null
    if (absent && (print === 'pointer' || print === 'omitempty')) continue
    if (absent && print === 'nullable') { entries.push([name, null]); continue }
    const inner = reshapeAt(given, shape, { up: at, token: name })
    if (print !== 'omitempty' || !isZero(inner)) entries.push([name, inner])
  }
  return mapOf(entries)
}

function reshapePlain(value: unknown, shape: Extract<Shape, string>, at: Path): unknown {
  switch (shape) {
    case 'any': return withoutNulls(value)
    case 'string': if (typeof value === 'string') return value; else throw mismatch(spelt(at), 'a string', value)
    case 'bool': if (typeof value === 'boolean') return value; else throw mismatch(spelt(at), 'true or false', value)
    case 'int': if (Number.isSafeInteger(value)) return value; else throw mismatch(spelt(at), 'a whole number', value)
    case 'stringOrInt': if (typeof value === 'string' || Number.isSafeInteger(value)) return value; else throw mismatch(spelt(at), 'a string or a whole number', value)
    default: return shape satisfies never
  }
}

/** A value without nulls and empty lists in its maps: what is left of it after a typed client that omits what is empty. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isMap(value)) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined && !(Array.isArray(inner) && inner.length === 0))
  return mapOf(entries.map(([key, inner]) => [key, withoutNulls(inner)]))
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  // A Go struct is never empty; a map is.
  return value === '' || value === 0 || value === false || value === null
}

function zeroOf(shape: Shape): unknown {
  if (shape === 'string' || shape === 'stringOrInt') return ''
  if (shape === 'int') return 0
  if (shape === 'bool') return false
  if (typeof shape === 'object' && 'struct' in shape) return reshapeStruct({}, shape.struct, { from: [] })
  return null
}

/** The error of a value that its type cannot hold. */
export function mismatch(at: readonly (string | number)[], wanted: string, value: unknown): RolloutsError {
  const pointer: Pointer = toPointer(at)
  const found = value === undefined ? 'absent' : value === null ? 'null' : Array.isArray(value) ? 'a list' : isMap(value) ? 'a map' : JSON.stringify(value)
  const fault = `must be ${wanted}, not ${found.length > 60 ? `${found.slice(0, 59)}…` : found}`
  return new RolloutsError('malformed-object', `${pointer === '' ? 'the object' : pointer} ${fault}`, { place: { pointer, fault } })
}
