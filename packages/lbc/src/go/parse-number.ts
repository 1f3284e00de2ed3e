import { quote } from './quote.ts'

export type IntegerBits = 32 | 64

/** What a Go parser makes of a text: the value, or the text of its error. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }

/** strconv.ParseInt(text, 10, bits). Beyond 2^53 the value is rounded, the range check is exact. */
export function parseInteger(text: string, bits: IntegerBits): Parsed<number> {
  const fail = (why: string): Parsed<number> => ({ ok: false, error: `strconv.ParseInt: parsing ${quote(text)}: ${why}` })
  if (!/^[+-]?[0-9]+$/.test(text)) return fail('invalid syntax')
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  if (BigInt.asIntN(bits, value) !== value) return fail('value out of range')
  return { ok: true, value: Number(value) }
}

/** strconv.ParseBool. */
export function parseBoolean(text: string): Parsed<boolean> {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return { ok: true, value: true }
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return { ok: true, value: false }
  return { ok: false, error: `strconv.ParseBool: parsing ${quote(text)}: invalid syntax` }
}
