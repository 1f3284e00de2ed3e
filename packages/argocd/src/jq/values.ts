import { BeyondGrammar } from './beyond-grammar.ts'

/** An object of JSON with any keys. */
export type JqObject = Readonly<Record<string, unknown>>

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

export const isObject = (value: unknown): value is JqObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value under a key of its own, or null. */
export const fieldOf = (object: JqObject, key: string): unknown => (Object.hasOwn(object, key) ? (object[key] ?? null) : null)

// Go sorts strings by UTF-8 bytes, which is code point order; JavaScript by UTF-16 units.
/** Compares two strings by code point: negative, zero or positive. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i)
    const b = right.charCodeAt(i)
    if (a === b) continue
    const surrogates = (a >= 0xd800 && a < 0xe000 ? 1 : 0) - (b >= 0xd800 && b < 0xe000 ? 1 : 0)
    if (surrogates === 0) return a - b
    return surrogates > 0 ? (b >= 0xe000 ? 1 : a - b) : (a >= 0xe000 ? -1 : a - b)
  }
  return left.length - right.length
}

/** The keys in the order in which gojq iterates an object. */
export const sortedKeys = (object: JqObject): string[] => Object.keys(object).sort(compareText)

/** The values of a list, or of an object in key order; undefined for anything else. */
export const valuesOf = (value: unknown): readonly unknown[] | undefined =>
  isList(value) ? value : isObject(value) ? sortedKeys(value).map((key) => fieldOf(value, key)) : undefined

/** type.go TypeOf. */
export function typeOf(value: unknown): 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' {
  if (value === null || value === undefined) return 'null'
  if (isList(value)) return 'array'
  const type = typeof value
  return type === 'boolean' || type === 'number' || type === 'string' ? type : 'object'
}

const RANKS = { null: 0, boolean: 1, number: 3, string: 4, array: 5, object: 6 } as const

const rankOf = (value: unknown): number => (value === true ? 2 : RANKS[typeOf(value)])

/** compare.go Compare: negative, zero or positive. */
export function compareValues(left: unknown, right: unknown): number {
  if (left === right) return 0
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (isList(left) && isList(right)) return compareLists(left, right)
  if (isObject(left) && isObject(right)) {
    const keys = sortedKeys(left)
    const byKeys = compareLists(keys, sortedKeys(right))
    if (byKeys !== 0) return byKeys
    for (const key of keys) {
      const order = compareValues(fieldOf(left, key), fieldOf(right, key))
      if (order !== 0) return order
    }
    return 0
  }
  return rankOf(left) - rankOf(right)
}

const compareLists = (left: readonly unknown[], right: readonly unknown[]): number => {
  const length = Math.min(left.length, right.length)
  for (let i = 0; i < length; i++) {
    const order = compareValues(left[i], right[i])
    if (order !== 0) return order
  }
  return left.length - right.length
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const encodeText = (text: string): string =>
  `"${text.replace(/["\\\0-\x1f\x7f]/g, (character) => ESCAPES[character] ?? `\\u00${character.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`

// encoder.go encodeFloat64: exponents without a leading zero below ten, as JavaScript prints them
const encodeNumber = (value: number): string => {
  if (!Number.isFinite(value)) throw new BeyondGrammar('a number that is not finite')
  if (Object.is(value, -0)) return '-0'
  const size = Math.abs(value)
  if (size !== 0 && size < 1e-6) return value.toExponential()
  return value.toString()
}

/** encoder.go: JSON with sorted keys; stops once `limit` characters are written. */
export function encode(value: unknown, limit: number = Number.POSITIVE_INFINITY): string {
  let text = ''
  const write = (of: unknown): void => {
    if (text.length >= limit) return
    if (of === null || of === undefined) text += 'null'
    else if (typeof of === 'string') text += encodeText(of)
    else if (typeof of === 'number') text += encodeNumber(of)
    else if (isList(of)) {
      text += '['
      for (const [i, item] of of.entries()) {
        if (text.length >= limit) return
        if (i > 0) text += ','
        write(item)
      }
      text += ']'
    } else if (isObject(of)) {
      text += '{'
      for (const [i, key] of sortedKeys(of).entries()) {
        if (text.length >= limit) return
        text += `${i > 0 ? ',' : ''}${encodeText(key)}:`
        write(fieldOf(of, key))
      }
      text += '}'
    } else text += String(of)
  }
  write(value)
  return text
}

const TRAILING = { string: ' ..."', array: ' ...]', object: ' ...}' } as const

// preview.go: 32 bytes are written at most, and of more than 30 so many whole characters are kept that the trailing sign fits
/** The short form of a value in gojq's messages. */
export function preview(value: unknown): string {
  const bytes = new TextEncoder().encode(encode(value, 32)).slice(0, 32)
  if (bytes.length <= 30) return new TextDecoder().decode(bytes)
  const type = typeOf(value)
  const trailing = type === 'string' || type === 'array' || type === 'object' ? TRAILING[type] : ' ...'
  let length = bytes.length
  while (length > 30 - trailing.length) length -= lastCharacter(bytes, length)
  return new TextDecoder().decode(bytes.slice(0, length)) + trailing
}

// utf8.DecodeLastRune: a character that was cut counts one byte at a time
const lastCharacter = (bytes: Uint8Array, length: number): number => {
  let start = length - 1
  while (start > 0 && length - start < 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--
  const lead = bytes[start] ?? 0
  const size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1
  return size === length - start ? size : 1
}

/** error.go typeErrorPreview. */
export const typePreview = (value: unknown): string => (value === null || value === undefined ? 'null' : `${typeOf(value)} (${preview(value)})`)
