import { type Cursor, fold, skipSpace, skipValue, unquote } from './json-cursor.ts'
import { jsonSyntaxError } from './json-syntax.ts'
import { type JsonType, int, typeName } from './json-type.ts'
import { parseInteger } from './parse-number.ts'

/** What json.Unmarshal gives: the value, or the text of its error. A nil pointer, slice or map is undefined; a struct has no key for it. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }

/** A Go slice: what lies beyond `length` is hidden, and comes back when the slice grows again (decode.go array: SetLen). */
interface Slice { items: unknown[]; length: number }
type Struct = Map<string, unknown>

interface Decoder extends Cursor {
  structName: string | undefined
  fields: string[]
  savedError: string | undefined
}

/** An UnmarshalJSON of a type's own failed: unlike a mismatch, that ends the decoding at once. */
class Abort extends Error {}

/**
 * encoding/json's Unmarshal (Go 1.26): keys match case-insensitively, a repeated key decodes into the value that is already there,
 * null leaves it, the first mismatch is told but the rest is still read. `T` is what the caller knows `type` to describe.
 */
export function unmarshal<T>(text: string, type: JsonType): Decoded<T> {
  const syntaxError = jsonSyntaxError(text)
  if (syntaxError !== undefined) return { ok: false, error: syntaxError }
  const decoder: Decoder = { text, at: 0, structName: undefined, fields: [], savedError: undefined }
  try {
    const value = decodeValue(decoder, type, zero(type))
    if (decoder.savedError !== undefined) return { ok: false, error: decoder.savedError }
    return { ok: true, value: plain(type, value) as T }
  } catch (error) {
    if (error instanceof Abort) return { ok: false, error: error.message }
    throw error
  }
}

function zero(type: JsonType): unknown {
  switch (type.kind) {
    case 'string': return ''
    case 'bool': return false
    case 'int':
    case 'int-or-string': return 0
    case 'pointer':
    case 'slice':
    case 'map': return undefined
    case 'struct': return new Map<string, unknown>()
    default: return type satisfies never
  }
}

function plain(type: JsonType, value: unknown): unknown {
  switch (type.kind) {
    case 'pointer': return value === undefined ? undefined : plain(type.to, value)
    case 'slice': return value === undefined ? undefined : visible(value as Slice).map((item) => plain(type.of, item))
    case 'map': return value === undefined ? undefined : Object.fromEntries([...(value as Struct)].map(([key, item]) => [key, plain(type.of, item)]))
    case 'struct': {
      const held = value as Struct
      const entries = [...type.fields].map(([key, field]) => [key, plain(field, held.has(key) ? held.get(key) : zero(field))] as const)
      return Object.fromEntries(entries.filter(([, item]) => item !== undefined))
    }
    default: return value
  }
}

const visible = (held: Slice): unknown[] => held.items.slice(0, held.length)

function mismatch(decoder: Decoder, value: string, type: JsonType): string {
  // decode.go:247 addErrorContext: the struct that has the field, and the path of fields from the root.
  const where = decoder.structName === undefined && decoder.fields.length === 0
    ? `Go value of type ${typeName(type)}`
    : `Go struct field ${decoder.structName ?? ''}.${decoder.fields.join('.')} of type ${typeName(type)}`
  return `json: cannot unmarshal ${value} into ${where}`
}

function saveMismatch(decoder: Decoder, value: string, type: JsonType): void {
  decoder.savedError ??= mismatch(decoder, value, type)
}

function decodeValue(decoder: Decoder, type: JsonType, current: unknown): unknown {
  skipSpace(decoder)
  const first = decoder.text[decoder.at]
  const literal = first !== '[' && first !== '{'
  if (literal && first === 'n' && type.kind === 'pointer') {
    decoder.at += 4
    return undefined
  }
  if (type.kind === 'pointer') return decodeValue(decoder, type.to, current === undefined ? zero(type.to) : current)
  if (type.kind === 'int-or-string') return decodeIntOrString(decoder)
  if (literal) return decodeLiteral(decoder, type, current)
  if (first === '[' && type.kind === 'slice') return decodeArray(decoder, type.of, current as Slice | undefined)
  if (first === '{' && type.kind === 'struct') return decodeStruct(decoder, type, current as Struct)
  if (first === '{' && type.kind === 'map') return decodeMap(decoder, type.of, (current as Struct | undefined) ?? new Map())
  saveMismatch(decoder, first === '[' ? 'array' : 'object', type)
  skipValue(decoder)
  return current
}

/** intstr.go UnmarshalJSON: a quoted value is the string, anything else must be an int32. */
function decodeIntOrString(decoder: Decoder): unknown {
  const raw = skipValue(decoder)
  if (raw.startsWith('"')) return unquote(raw)
  const inner = unmarshal<number>(raw, int(32))
  if (inner.ok) return inner.value
  throw new Abort(mismatch(decoder, inner.error.slice('json: cannot unmarshal '.length, inner.error.indexOf(' into Go')), int(32)))
}

function decodeLiteral(decoder: Decoder, type: JsonType, current: unknown): unknown {
  const raw = skipValue(decoder)
  switch (raw[0]) {
    case 'n': return type.kind === 'slice' || type.kind === 'map' ? undefined : current
    case 't':
    case 'f':
      if (type.kind === 'bool') return raw === 'true'
      saveMismatch(decoder, 'bool', type)
      return current
    case '"':
      if (type.kind === 'string') return unquote(raw)
      saveMismatch(decoder, 'string', type)
      return current
    default: return decodeNumber(decoder, type, current, raw)
  }
}

function decodeNumber(decoder: Decoder, type: JsonType, current: unknown, raw: string): unknown {
  if (type.kind !== 'int') {
    saveMismatch(decoder, 'number', type)
    return current
  }
  const parsed = parseInteger(raw, type.bits)
  if (parsed.ok) return parsed.value
  saveMismatch(decoder, `number ${raw}`, type)
  return current
}

function decodeArray(decoder: Decoder, of: JsonType, current: Slice | undefined): Slice {
  const held: Slice = current ?? { items: [], length: 0 }
  let index = 0
  decoder.at++
  for (skipSpace(decoder); decoder.text[decoder.at] !== ']'; skipSpace(decoder)) {
    held.items[index] = decodeValue(decoder, of, index < held.items.length ? held.items[index] : zero(of))
    index++
    skipSpace(decoder)
    if (decoder.text[decoder.at] === ',') decoder.at++
  }
  decoder.at++
  // decode.go array: an empty list is a new slice, with nothing hidden behind it.
  return index === 0 ? { items: [], length: 0 } : { items: held.items, length: index }
}

function decodeStruct(decoder: Decoder, type: JsonType & { kind: 'struct' }, held: Struct): Struct {
  forEachKey(decoder, (key) => {
    const name = type.fields.has(key) ? key : [...type.fields.keys()].find((field) => fold(field) === fold(key))
    const field = name === undefined ? undefined : type.fields.get(name)
    if (name === undefined || field === undefined) {
      skipValue(decoder)
      return
    }
    const outer = decoder.structName
    decoder.structName = type.name
    decoder.fields.push(name)
    held.set(name, decodeValue(decoder, field, held.has(name) ? held.get(name) : zero(field)))
    decoder.structName = outer
    decoder.fields.pop()
  })
  return held
}

function decodeMap(decoder: Decoder, of: JsonType, held: Struct): Struct {
  forEachKey(decoder, (key) => held.set(key, decodeValue(decoder, of, zero(of))))
  return held
}

function forEachKey(decoder: Decoder, read: (key: string) => void): void {
  decoder.at++
  for (skipSpace(decoder); decoder.text[decoder.at] !== '}'; skipSpace(decoder)) {
    const key = unquote(skipValue(decoder))
    skipSpace(decoder)
    decoder.at++
    read(key)
    skipSpace(decoder)
    if (decoder.text[decoder.at] === ',') decoder.at++
    // Between a comma and the next key only space can stand.
  }
  decoder.at++
}
