import { isMap, jsonEqual, toYaml } from '@rollsync/manifests'
import { asText } from '../as-text.ts'
import { readYaml } from '../read-yaml.ts'
import { TemplateFault } from './parse.ts'
import { goText } from './print.ts'
import { texts } from './text-functions.ts'

export type TemplateFunction = (...args: readonly unknown[]) => unknown

/** text/template IsTrue: false, 0, nothing and what is empty are false. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (isMap(value)) return Object.keys(value).length > 0
  return value !== undefined && value !== null && value !== false && value !== '' && value !== 0 && value !== 0n
}

/** Calls a function of text/template, of sprig, or of ApplicationSets. Throws a TemplateFault for one that is not known here. */
export function callFunction(name: string, args: readonly unknown[]): unknown {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (found === undefined) throw new TemplateFault(`the function ${name} is not evaluated`)
  return found(...args)
}

function number(value: unknown): number {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value)
  return typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : value === true ? 1 : 0
}

const whole = (value: number): bigint => BigInt(Math.trunc(value))
const list = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value as readonly unknown[]
  throw new TemplateFault(`${goText(value)} is no list`)
}
const map = (value: unknown): Readonly<Record<string, unknown>> => {
  if (isMap(value)) return value
  throw new TemplateFault(`${goText(value)} is no map`)
}

/** exec.go basicKind: comparing values of different kinds is an error of the template. */
function isSame(a: unknown, b: unknown): boolean {
  const kind = (value: unknown): string => (typeof value === 'bigint' ? 'int' : typeof value)
  if (a === undefined || a === null || b === undefined || b === null) return (a ?? undefined) === (b ?? undefined)
  if (kind(a) !== kind(b)) throw new TemplateFault(`incompatible types for comparison: ${goText(a)} and ${goText(b)}`)
  return a === b
}

function order(a: unknown, b: unknown): number {
  if (typeof a !== typeof b) throw new TemplateFault(`incompatible types for comparison: ${goText(a)} and ${goText(b)}`)
  return a === b ? 0 : (a as string) < (b as string) ? -1 : 1
}

function indexed(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) {
    const at = typeof key === 'bigint' ? Number(key) : Number.NaN
    if (!(at >= 0 && at < value.length)) throw new TemplateFault(`index out of range: ${goText(key)}`)
    return (value as unknown[])[at]
  }
  if (isMap(value)) return Object.hasOwn(value, asText(key)) ? value[asText(key)] : undefined
  throw new TemplateFault(`index of ${goText(value)}`)
}

/** sprig's, which takes the name from text/template's: lists only. */
function sliced(value: unknown, from: unknown = 0n, to?: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).slice(Number(from), to === undefined ? undefined : Number(to))
  throw new TemplateFault(`slice of ${goText(value)}`)
}

/** encoding/json: keys in order, and `<`, `>`, `&` written as escapes. */
function json(value: unknown, escapes: 'yes' | 'no' = 'yes'): string {
  const text = JSON.stringify(sorted(value)) ?? 'null'
  return escapes === 'no' ? text : text.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026')
}

function sorted(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(sorted)
  return isMap(value) ? Object.fromEntries(Object.keys(value).toSorted().map((key) => [key, sorted(value[key])])) : value ?? null
}

function parsed(text: unknown): unknown {
  const read = readYaml(asText(text))
  if ('why' in read) throw new TemplateFault(read.why)
  return read.value
}

function dict(...pairs: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(pairs.flatMap((key, index) => (index % 2 === 0 ? [[goText(key), index + 1 < pairs.length ? pairs[index + 1] : '']] : [])))
}

function dug(args: readonly unknown[]): unknown {
  const keys = args.slice(0, -2)
  let value: unknown = args.at(-1)
  for (const key of keys) {
    if (!isMap(value) || !Object.hasOwn(value, asText(key))) return args.at(-2)
    value = value[asText(key)]
  }
  return value
}

function unique(items: readonly unknown[]): readonly unknown[] {
  return items.filter((item, index) => items.findIndex((other) => jsonEqual(sorted(other), sorted(item))) === index)
}

const functions: Readonly<Record<string, TemplateFunction>> = {
  ...texts,
  // text/template
  not: (value) => !isTrue(value),
  eq: (first, ...others) => others.some((other) => isSame(first, other)),
  ne: (a, b) => !isSame(a, b),
  lt: (a, b) => order(a, b) < 0, le: (a, b) => order(a, b) <= 0, gt: (a, b) => order(a, b) > 0, ge: (a, b) => order(a, b) >= 0,
  index: (value, ...keys) => keys.reduce(indexed, value),
  slice: sliced,
  len: (value) => BigInt(typeof value === 'string' ? new TextEncoder().encode(value).length : Array.isArray(value) ? value.length : Object.keys(map(value)).length),
  // sprig: defaults
  default: (fallback, ...given) => (isTrue(given[0]) ? given[0] : fallback),
  empty: (value) => !isTrue(value),
  coalesce: (...values) => values.find(isTrue),
  ternary: (yes, no, test) => (isTrue(test) ? yes : no),
  fail: (message) => { throw new TemplateFault(asText(message)) },
  // sprig: lists and maps
  list: (...items) => items, tuple: (...items) => items,
  first: (items) => list(items)[0], last: (items) => list(items).at(-1), rest: (items) => list(items).slice(1), initial: (items) => list(items).slice(0, -1),
  append: (items, item) => [...list(items), item], prepend: (items, item) => [item, ...list(items)], concat: (...lists) => lists.flatMap(list),
  reverse: (items) => list(items).toReversed(), uniq: (items) => unique(list(items)), compact: (items) => list(items).filter(isTrue),
  has: (item, items) => items !== undefined && list(items).some((one) => jsonEqual(sorted(one), sorted(item))),
  without: (items, ...left) => list(items).filter((item) => !left.some((one) => jsonEqual(sorted(one), sorted(item)))),
  dict, get: (value, key) => map(value)[asText(key)] ?? '', hasKey: (value, key) => Object.hasOwn(map(value), asText(key)),
  set: (value, key, item) => Object.assign(map(value), { [asText(key)]: item }),
  keys: (...maps) => maps.flatMap((one) => Object.keys(map(one))), values: (value) => Object.values(map(value)),
  pick: (value, ...keys) => Object.fromEntries(Object.entries(map(value)).filter(([key]) => keys.includes(key))),
  omit: (value, ...keys) => Object.fromEntries(Object.entries(map(value)).filter(([key]) => !keys.includes(key))),
  dig: (...args) => dug(args),
  // sprig: numbers
  int: (value) => whole(number(value)), int64: (value) => whole(number(value)), float64: number, atoi: (value) => whole(number(value)),
  add: (...all) => all.reduce<bigint>((sum, one) => sum + whole(number(one)), 0n), add1: (value) => whole(number(value)) + 1n,
  sub: (a, b) => whole(number(a)) - whole(number(b)), mul: (...all) => all.reduce<bigint>((product, one) => product * whole(number(one)), 1n),
  div: (a, b) => whole(number(a)) / whole(number(b)), mod: (a, b) => whole(number(a)) % whole(number(b)),
  max: (...all) => all.map((one) => whole(number(one))).reduce((a, b) => (a > b ? a : b)), min: (...all) => all.map((one) => whole(number(one))).reduce((a, b) => (a < b ? a : b)),
  // JSON and YAML, the latter of ApplicationSets
  toJson: (value) => json(value), toRawJson: (value) => json(value, 'no'), fromJson: (text) => parsed(text),
  toYaml: (value) => toYaml(sorted(value)).replace(/\n$/, ''), fromYaml: (text) => map(parsed(text) ?? {}), fromYamlArray: (text) => list(parsed(text) ?? []),
}
