import { base64Error } from './go-decode-error.ts'
import { canonicalQuantity } from './quantity.ts'
import { isJsonMap, type JsonMap, own, put } from './json-map.ts'
import type { Field, ScalarKind, Shape, StructType } from './schema.ts'

/** Why Go's decoder refuses a value. */
export class GoDecodeError extends Error {}

/** `strict` refuses fields that the type does not have (DisallowUnknownFields); `lax` drops them. */
export type Decoding = 'strict' | 'lax'
/** Whether fields that the input does not hold are left out, or written as Go writes a zero value. */
export type Absent = 'skip' | 'zero'

const omitted = Symbol('omitted')

/** What encoding/json makes of a value after a trip through a Go struct: fields in Go's form, empty ones left out. Throws GoDecodeError. */
export function throughGo(type: StructType, value: unknown, decoding: Decoding, absent: Absent): JsonMap {
  return structThroughGo(type, value, decoding, absent)
}

function structThroughGo(type: StructType, value: unknown, decoding: Decoding, absent: Absent): JsonMap {
  if (value === null || value === undefined) return structThroughGo(type, {}, decoding, 'zero')
  if (!isJsonMap(value)) throw new GoDecodeError(`cannot unmarshal into Go value of type ${type.name}`)
  const result: JsonMap = {}
  for (const key of Object.keys(value)) {
    const field = type.fields.get(key)
    if (!field) { refuseUnknown(type, key, decoding); continue }
    const encoded = fieldThroughGo(field, value[key], decoding, absent)
    if (encoded !== omitted) put(result, key, encoded)
  }
  if (absent === 'zero') for (const field of type.fields.values()) if (!Object.hasOwn(value, field.name)) writeZero(result, field, decoding)
  return result
}

function refuseUnknown(type: StructType, key: string, decoding: Decoding): void {
  if (decoding === 'lax') return
  // encoding/json matches keys without regard to case before it calls one unknown
  const lower = key.toLowerCase()
  for (const name of type.fields.keys()) if (name.toLowerCase() === lower) return
  throw new GoDecodeError(`json: unknown field ${JSON.stringify(key)}`)
}

function writeZero(result: JsonMap, field: Field, decoding: Decoding): void {
  if (field.omit === 'zero') return
  const zero = field.pointer ? null : zeroOf(field.shape, decoding)
  if (field.omit === 'empty' && isEmpty(field, zero)) return
  put(result, field.name, zero)
}

function zeroOf(shape: Shape, decoding: Decoding): unknown {
  switch (shape.is) {
    case 'string': return ''
    case 'bool': return false
    case 'int32': case 'int64': case 'uint': case 'float': case 'int or string': return 0
    case 'quantity': return '0'
    case 'duration': return '0s'
    case 'bytes': case 'time': case 'micro time': case 'any': case 'list': case 'map': return null
    case 'struct': return structThroughGo(shape.type(), {}, decoding, 'zero')
    default: return shape satisfies never
  }
}

function fieldThroughGo(field: Field, value: unknown, decoding: Decoding, absent: Absent): unknown {
  if (value === null && field.pointer) return field.omit === 'never' ? null : omitted
  const encoded = value === null && field.shape.is !== 'struct' ? zeroOf(field.shape, decoding) : shapeThroughGo(field.shape, value, decoding, absent)
  if (field.omit === 'zero' && encoded === null) return omitted
  return field.omit !== 'never' && !field.pointer && isEmpty(field, encoded) ? omitted : encoded
}

/** encoding/json's omitempty: structs are never empty, and so are the types that Kubernetes builds on structs. */
function isEmpty(field: Field, encoded: unknown): boolean {
  if (field.pointer) return encoded === null
  switch (field.shape.is) {
    case 'string': case 'bytes': return encoded === '' || encoded === null
    case 'bool': return encoded === false
    case 'int32': case 'int64': case 'uint': case 'float': return encoded === 0
    case 'list': return encoded === null || (encoded as unknown[]).length === 0
    case 'map': return encoded === null || Object.keys(encoded as JsonMap).length === 0
    case 'struct': case 'quantity': case 'int or string': case 'time': case 'micro time': case 'duration': case 'any': return false
    default: return field.shape satisfies never
  }
}

function shapeThroughGo(shape: Shape, value: unknown, decoding: Decoding, absent: Absent): unknown {
  switch (shape.is) {
    case 'struct': return structThroughGo(shape.type(), value, decoding, absent)
    case 'list':
      if (!Array.isArray(value)) throw new GoDecodeError('cannot unmarshal into Go value of type []')
      return value.map((item) => (item === null ? zeroOf(shape.of, decoding) : shapeThroughGo(shape.of, item, decoding, absent)))
    case 'map': {
      if (!isJsonMap(value)) throw new GoDecodeError('cannot unmarshal into Go value of type map')
      const result: JsonMap = {}
      for (const key of Object.keys(value)) {
        put(result, key, value[key] === null ? zeroOf(shape.of, decoding) : shapeThroughGo(shape.of, own(value, key), decoding, absent))
      }
      return result
    }
    case 'any': return value
    default: return scalarThroughGo(shape.is, value)
  }
}

function scalarThroughGo(kind: ScalarKind, value: unknown): unknown {
  switch (kind) {
    case 'string': return demand(typeof value === 'string', value, 'string')
    case 'bool': return demand(typeof value === 'boolean', value, 'bool')
    case 'int32': return demand(Number.isInteger(value) && Math.abs(value as number) <= 0x7fffffff + 1, value, 'int32')
    case 'int64': return demand(Number.isInteger(value), value, 'int64')
    case 'uint': return demand(Number.isInteger(value) && (value as number) >= 0, value, 'uint')
    case 'float': return demand(typeof value === 'number', value, 'float64')
    case 'bytes': return demand(typeof value === 'string' && base64Error(value) === undefined, value, '[]uint8')
    case 'int or string': return demand(typeof value === 'string' || (Number.isInteger(value) && Math.abs(value as number) <= 0x7fffffff + 1), value, 'intstr.IntOrString')
    case 'quantity': {
      const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : undefined
      const canonical = text === undefined ? undefined : canonicalQuantity(text)
      if (canonical === undefined) throw new GoDecodeError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
      return canonical
    }
    case 'time': case 'micro time': return timeThroughGo(kind, value)
    case 'duration': return demand(typeof value === 'string', value, 'v1.Duration')
    default: return kind satisfies never
  }
}

function demand(holds: boolean, value: unknown, goType: string): unknown {
  if (!holds) throw new GoDecodeError(`cannot unmarshal into Go value of type ${goType}`)
  return value
}

function timeThroughGo(kind: 'time' | 'micro time', value: unknown): unknown {
  const match = typeof value === 'string' ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value) : null
  if (!match) throw new GoDecodeError('cannot unmarshal into Go value of type v1.Time')
  const [, seconds = '', fraction = '', zone = ''] = match
  const utc = zone === 'Z' ? seconds : new Date(Date.parse(`${seconds}${zone}`)).toISOString().slice(0, 19)
  return kind === 'time' ? `${utc}Z` : `${utc}${(fraction === '' ? '.' : fraction).padEnd(7, '0').slice(0, 7)}Z`
}
