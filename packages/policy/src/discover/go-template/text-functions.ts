import { isMap } from '@rollsync/manifests'
import { normalized } from '../normalized.ts'
import { TemplateFault } from './parse.ts'
import { goText } from './print.ts'

const text = (value: unknown): string => {
  if (typeof value === 'string') return value
  throw new TemplateFault(`expected string; found ${goText(value)}`)
}
const all = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [value])
const words = (items: unknown): readonly string[] => all(items).map((item) => shown(item))
const shown = (value: unknown): string => (value === undefined || value === null ? '<nil>' : goText(value))
const runes = (value: string): readonly string[] => [...value]

/** sprig trunc: a negative count is taken from the end. Both count bytes in Go, which is the same for names. */
function trunc(count: unknown, value: string): string {
  const length = Number(count)
  if (length < 0) return value.length + length > 0 ? value.slice(length) : value
  return value.slice(0, length)
}

function regex(pattern: unknown, flags: string): RegExp {
  try {
    return new RegExp(text(pattern), flags)
  } catch {
    throw new TemplateFault(`the expression ${text(pattern)} is not understood`)
  }
}

/** RE2's `${1}` and `$1` in a replacement; `$$` is one `$`. */
function expanded(replacement: string, found: readonly (string | undefined)[]): string {
  return replacement.replaceAll(/\$(?:\$|\{(\d+)\}|(\d+))/g, (all, braced: string | undefined, plain: string | undefined) => (all === '$$' ? '$' : found[Number(braced ?? plain)] ?? ''))
}

function replaced(pattern: unknown, value: unknown, replacement: unknown): string {
  return text(value).replaceAll(regex(pattern, 'gu'), (...found: readonly unknown[]) => expanded(text(replacement), found.filter((one): one is string | undefined => typeof one === 'string' || one === undefined)))
}

function indent(count: unknown, value: unknown): string {
  const pad = ' '.repeat(Number(count))
  return pad + text(value).replaceAll('\n', `\n${pad}`)
}

function printf(format: unknown, ...args: readonly unknown[]): string {
  let next = 0
  return text(format).replaceAll(/%(%|0?\d*[sdvqt])/g, (verb) => {
    if (verb === '%%') return '%'
    const arg = args[next++]
    const value = verb.endsWith('q') ? JSON.stringify(text(arg)) : shown(arg)
    const width = Number(/\d+/.exec(verb)?.[0] ?? 0)
    return value.padStart(width, verb.startsWith('%0') ? '0' : ' ')
  })
}

/** A space between two of which neither is a text: fmt.Sprint. */
function print(...args: readonly unknown[]): string {
  return args.map((arg, index) => `${index > 0 && typeof arg !== 'string' && typeof args[index - 1] !== 'string' ? ' ' : ''}${shown(arg)}`).join('')
}

function splitMap(separator: unknown, value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(text(value).split(text(separator)).map((part, index) => [`_${index}`, part]))
}

function encoded(value: unknown): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text(value))))
}

function decoded(value: unknown): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text(value)), (char) => char.charCodeAt(0)))
  } catch {
    throw new TemplateFault('a text that is no base64')
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'slice'
  if (isMap(value)) return 'map'
  return { bigint: 'int', number: 'float64', boolean: 'bool', string: 'string' }[typeof value as 'bigint'] ?? 'invalid'
}

const trimmed = (value: string, cutset: string, side: 'both' | 'left' | 'right'): string => {
  let from = 0
  let to = value.length
  while (side !== 'right' && from < to && cutset.includes(value[from] ?? '')) from += 1
  while (side !== 'left' && to > from && cutset.includes(value[to - 1] ?? '')) to -= 1
  return value.slice(from, to)
}

/** Functions of texts: fmt's, sprig's, and those of ApplicationSets. */
export const texts: Readonly<Record<string, (...args: readonly unknown[]) => unknown>> = {
  print, println: (...args) => `${args.map(shown).join(' ')}\n`, printf,
  trim: (value) => text(value).trim(),
  trimAll: (cutset, value) => trimmed(text(value), text(cutset), 'both'),
  trimPrefix: (prefix, value) => (text(value).startsWith(text(prefix)) ? text(value).slice(text(prefix).length) : value),
  trimSuffix: (suffix, value) => (suffix !== '' && text(value).endsWith(text(suffix)) ? text(value).slice(0, -text(suffix).length) : value),
  upper: (value) => text(value).toUpperCase(), lower: (value) => text(value).toLowerCase(),
  title: (value) => text(value).replaceAll(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase()),
  untitle: (value) => text(value).replaceAll(/(^|\s)(\S)/g, (_, before: string, letter: string) => before + letter.toLowerCase()),
  repeat: (count, value) => text(value).repeat(Number(count)),
  substr: (from, to, value) => runes(text(value)).slice(Math.max(0, Number(from)), Number(to) < 0 || Number(to) > text(value).length ? undefined : Number(to)).join(''),
  trunc: (count, value) => trunc(count, text(value)),
  nospace: (value) => text(value).replaceAll(/\s/g, ''),
  contains: (part, value) => text(value).includes(text(part)),
  hasPrefix: (prefix, value) => text(value).startsWith(text(prefix)), hasSuffix: (suffix, value) => text(value).endsWith(text(suffix)),
  quote: (...values) => values.filter((one) => one !== undefined && one !== null).map((one) => JSON.stringify(shown(one))).join(' '),
  squote: (...values) => values.filter((one) => one !== undefined && one !== null).map((one) => `'${shown(one)}'`).join(' '),
  cat: (...values) => values.filter((one) => one !== undefined && one !== null).map(shown).join(' '),
  indent, nindent: (count, value) => `\n${indent(count, value)}`,
  replace: (old, fresh, value) => text(value).replaceAll(text(old), () => text(fresh)),
  join: (separator, items) => words(items).join(text(separator)),
  split: splitMap, splitList: (separator, value) => text(value).split(text(separator)), toStrings: words, toString: shown,
  sortAlpha: (items) => words(items).toSorted(),
  b64enc: encoded, b64dec: decoded,
  regexMatch: (pattern, value) => regex(pattern, 'u').test(text(value)),
  regexFind: (pattern, value) => regex(pattern, 'u').exec(text(value))?.[0] ?? '',
  regexReplaceAll: replaced,
  regexReplaceAllLiteral: (pattern, value, replacement) => text(value).replaceAll(regex(pattern, 'gu'), () => text(replacement)),
  kindOf, kindIs: (kind, value) => kindOf(value) === kind,
  normalize: (value) => normalized(text(value)),
}
