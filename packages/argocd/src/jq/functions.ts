import { BeyondGrammar } from './beyond-grammar.ts'
import { accessIndex, accessSlice, indicesOf } from './access.ts'
import { deletePaths } from './delete-paths.ts'
import type { GojqVersion } from './engine.ts'
import { failedOn, negativeDepth, notApplicable, raised } from './gojq-errors.ts'
import { addAll, addValues, divide, multiply, negate, plus, remainder, subtract } from './arithmetic.ts'
import { compileRegex } from './regex.ts'
import { compareValues, encode, isList, isObject, fieldOf, sortedKeys, typeOf, valuesOf } from './values.ts'

/** An internal function of gojq: the input, the arguments, the release. */
export type InternalFunction = (value: unknown, args: readonly unknown[], version: GojqVersion) => unknown

const length: InternalFunction = (value) => {
  if (value === null) return 0
  if (typeof value === 'number') return Math.abs(value)
  if (typeof value === 'string') return [...value].length
  if (isList(value)) return value.length
  if (isObject(value)) return Object.keys(value).length
  throw notApplicable('length', value)
}

const keys: InternalFunction = (value) => {
  if (isList(value)) return value.map((_, i) => i)
  if (isObject(value)) return sortedKeys(value)
  throw notApplicable('keys', value)
}

const has: InternalFunction = (value, [key]) => {
  if (isList(value) && typeof key === 'number') return Math.trunc(key) >= 0 && Math.trunc(key) < value.length
  if (isObject(value) && typeof key === 'string') return Object.hasOwn(value, key)
  if (value === null) return false
  throw notApplicable('has', value, key)
}

// func.go funcContains: an inner error counts as "not contained"
const isContained = (value: unknown, part: unknown): boolean | undefined => {
  if (typeof value === 'number' && typeof part === 'number') return value === part
  if (typeof value === 'string' && typeof part === 'string') return value.includes(part)
  if (isList(value) && isList(part)) return part.every((item) => value.some((of) => isContained(of, item) === true))
  if (isObject(value) && isObject(part)) {
    const names = Object.keys(part)
    if (Object.keys(value).length < names.length) return false
    return names.every((name) => Object.hasOwn(value, name) && isContained(fieldOf(value, name), fieldOf(part, name)) === true)
  }
  if (value === part) return true
  return undefined
}

const contains: InternalFunction = (value, [part]) => {
  const contained = isContained(value, part)
  if (contained === undefined) throw notApplicable('contains', value, part)
  return contained
}

const ofTexts = (name: string, answer: (text: string, part: string) => unknown): InternalFunction => (value, [part]) => {
  if (typeof value !== 'string' || typeof part !== 'string') throw notApplicable(name, value, part)
  return answer(value, part)
}

const trimming = (name: string, answer: (text: string, part: string) => string): InternalFunction => (value, [part], version) => {
  if (version === '0.12.13' && (typeof value !== 'string' || typeof part !== 'string')) return value
  return ofTexts(name, answer)(value, [part], version)
}

const ofText = (name: string, answer: (text: string) => unknown): InternalFunction => (value) => {
  if (typeof value !== 'string') throw notApplicable(name, value)
  return answer(value)
}

const trimStart = (text: string, part: string): string => (text.startsWith(part) ? text.slice(part.length) : text)
const trimEnd = (text: string, part: string): string => (text.endsWith(part) ? text.slice(0, text.length - part.length) : text)

const positions = (name: string, pick: (found: readonly number[]) => unknown): InternalFunction => (value, [part]) => {
  if (value === null) return null
  if (isList(value)) return pick(indicesOf(value, isList(part) ? part : [part]))
  if (typeof value !== 'string' || typeof part !== 'string') throw notApplicable(name, value, part)
  return pick(indicesOf([...value], [...part]))
}

const split: InternalFunction = (value, [part], version) => {
  if (typeof value !== 'string') throw notApplicable('split', value)
  // func.go funcSplit before 0.12.19 names the empty text that it failed to make of it
  if (typeof part !== 'string') throw notApplicable('split', version === '0.12.19' ? part : '')
  return part === '' ? [...value] : value.split(part)
}

const fromJson: InternalFunction = (value) => {
  if (typeof value !== 'string') throw notApplicable('fromjson', value)
  // encoding/json keeps numbers as text, takes a duplicate key's last value and words its own errors
  if (value.includes('\\u') || /[0-9]{16}|[eE.]/.test(value.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/true|false/g, ''))) throw new BeyondGrammar('fromjson of unusual numbers')
  try {
    return JSON.parse(value) as unknown
  } catch {
    throw new BeyondGrammar('fromjson of something that is not JSON')
  }
}

const sorted = (name: string, finish: (items: unknown[]) => unknown): InternalFunction => (value) => {
  if (!isList(value)) throw notApplicable(name, value)
  return finish([...value].sort(compareValues))
}

const extreme = (name: string, better: (order: number) => boolean): InternalFunction => (value) => {
  if (!isList(value)) throw notApplicable(name, value)
  return value.length === 0 ? null : value.reduce((best, item) => (better(compareValues(best, item)) ? item : best))
}

const flatten: InternalFunction = (value, [depth = Number.POSITIVE_INFINITY]) => {
  const items = valuesOf(value)
  if (!items) throw notApplicable('flatten', value)
  if (typeof depth !== 'number') throw notApplicable('flatten', depth)
  if (depth < 0) throw negativeDepth(depth)
  if (depth !== Number.POSITIVE_INFINITY && !Number.isInteger(depth)) throw new BeyondGrammar('a depth that is not a whole number')
  return items.flat(depth)
}

const getPath: InternalFunction = (value, [path], version) => {
  if (!isList(path)) throw notApplicable('getpath', value, path)
  let at = value
  for (const step of path) {
    if (at !== null && !isList(at) && !isObject(at)) throw notApplicable('getpath', value, path)
    try {
      at = accessIndex(at, step, version)
    } catch (error) {
      throw failedOn('getpath', (error as Error).message, value, path)
    }
  }
  return at
}

// func.go of 0.12.19 keeps compiled expressions too
const regexes = new Map<string, RegExp>()

const regexOf = (pattern: string, flags: string): RegExp => {
  const key = `${flags}/${pattern}`
  const regex = regexes.get(key) ?? compileRegex(pattern, flags)
  if (regexes.size < 1_000) regexes.set(key, regex)
  return regex
}

const match: InternalFunction = (value, [pattern, flags, isTest], version) => {
  if (isTest !== true) throw new BeyondGrammar('a regular expression that captures')
  // func.go funcMatch before 0.12.19: a variable is shadowed, and the message names it instead of the input
  if (flags !== null && typeof flags !== 'string' && version !== '0.12.19') throw notApplicable('test', '', pattern, flags)
  if ((flags !== null && typeof flags !== 'string') || typeof value !== 'string' || typeof pattern !== 'string') throw notApplicable('test', value, pattern, flags)
  return regexOf(pattern, flags ?? '').test(value)
}

const join: InternalFunction = (value, [separator], version) => {
  const items = valuesOf(value)
  if (!items) throw notApplicable('join', value, separator)
  if (items.length === 0) return ''
  if (version !== '0.12.19' || typeof separator !== 'string') {
    if (typeof separator !== 'string' || items.some((item) => isList(item) || isObject(item))) throw new BeyondGrammar('an unusual join')
  }
  return addAll(items.flatMap((item, i) => [i === 0 ? '' : separator, typeof item === 'number' || typeof item === 'boolean' ? encode(item) : item]))
}

// func.go sortItems: stable, by the keys that map([f]) has made
const byKeys = (name: string, finish: (groups: readonly (readonly unknown[])[]) => unknown): InternalFunction => (value, [by]) => {
  if (!isList(value) || !isList(by)) throw notApplicable(name, value, by)
  if (value.length !== by.length) throw failedOn(name, 'length mismatch', value, by)
  const groups: unknown[][] = []
  let last: unknown
  for (const { item, key } of value.map((item, i) => ({ item: item as unknown, key: by[i] })).sort((left, right) => compareValues(left.key, right.key))) {
    if (groups.length > 0 && compareValues(last, key) === 0) groups.at(-1)?.push(item)
    else groups.push([item])
    last = key
  }
  return finish(groups)
}

const extremeBy = (name: string, better: (order: number) => boolean): InternalFunction => (value, [by]) => {
  if (!isList(value) || !isList(by)) throw notApplicable(name, value, by)
  if (value.length !== by.length) throw failedOn(name, 'length mismatch', value, by)
  let best = 0
  for (let i = 1; i < by.length; i++) if (better(compareValues(by[best], by[i]))) best = i
  return value[best] ?? null
}

const comparison = (holds: (order: number) => boolean): InternalFunction => (_, [left, right]) => holds(compareValues(left, right))

const failure = (value: unknown, version: GojqVersion): Error =>
  // execute.go of 0.12.13: error(null) is no error but an end
  version === '0.12.13' && value === null ? new BeyondGrammar('error(null)') : raised(value)

/** func.go internalFuncs, as far as we are sure of every answer; the others are beyond our grammar. */
export const INTERNAL_FUNCTIONS: ReadonlyMap<string, InternalFunction> = new Map<string, InternalFunction>([
  ['length/0', length], ['keys/0', keys], ['has/1', has], ['contains/1', contains],
  ['inside/1', (value, [whole], version) => contains(whole, [value], version)],
  ['type/0', typeOf], ['tostring/0', (value) => (typeof value === 'string' ? value : encode(value))], ['tojson/0', (value) => encode(value)],
  ['startswith/1', ofTexts('startswith', (text, part) => text.startsWith(part))], ['endswith/1', ofTexts('endswith', (text, part) => text.endsWith(part))],
  ['ltrimstr/1', trimming('ltrimstr', trimStart)], ['rtrimstr/1', trimming('rtrimstr', trimEnd)],
  ['trimstr/1', ofTexts('trimstr', (text, part) => trimEnd(trimStart(text, part), part))],
  ['ascii_downcase/0', ofText('ascii_downcase', (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))],
  ['ascii_upcase/0', ofText('ascii_upcase', (text) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase()))],
  ['explode/0', ofText('explode', (text) => [...text].map((character) => character.codePointAt(0) ?? 0))],
  ['index/1', positions('index', (found) => found[0] ?? null)], ['rindex/1', positions('rindex', (found) => found.at(-1) ?? null)],
  ['indices/1', positions('indices', (found) => found)],
  ['split/1', split], ['join/1', join], ['fromjson/0', fromJson], ['flatten/0', flatten], ['flatten/1', flatten],
  ['sort/0', sorted('sort', (items) => items)],
  ['unique/0', sorted('unique', (items) => items.filter((item, i) => i === 0 || compareValues(items[i - 1], item) !== 0))],
  ['min/0', extreme('min', (order) => order > 0)], ['max/0', extreme('max', (order) => order <= 0)],
  ['_sort_by/1', byKeys('sort_by', (groups) => groups.flat())], ['_group_by/1', byKeys('group_by', (groups) => groups)],
  ['_unique_by/1', byKeys('unique_by', (groups) => groups.map(([first]) => first))],
  ['_min_by/1', extremeBy('min_by', (order) => order > 0)], ['_max_by/1', extremeBy('max_by', (order) => order <= 0)],
  ['reverse/0', (value) => { if (!isList(value)) throw notApplicable('reverse', value); return [...value].reverse() }],
  ['add/0', (value) => { const items = valuesOf(value); if (!items) throw notApplicable('add', value); return addAll(items) }],
  ['error/0', (value, _, version) => { throw failure(value, version) }], ['error/1', (_, [value], version) => { throw failure(value, version) }],
  ['getpath/1', getPath], ['delpaths/1', (value, [paths], version) => { if (!isList(paths)) throw notApplicable('delpaths', value, paths); return deletePaths(value, paths, version) }],
  ['_match/3', match],
  ['_index/2', (_, [of, key], version) => accessIndex(of, key, version)], ['_slice/3', (_, [of, end, start], version) => accessSlice(of, start, end, version)],
  ['_equal/2', comparison((order) => order === 0)], ['_notequal/2', comparison((order) => order !== 0)],
  ['_less/2', comparison((order) => order < 0)], ['_lesseq/2', comparison((order) => order <= 0)],
  ['_greater/2', comparison((order) => order > 0)], ['_greatereq/2', comparison((order) => order >= 0)],
  ['_add/2', (_, [left, right]) => addValues(left, right)], ['_subtract/2', (_, [left, right]) => subtract(left, right)],
  ['_multiply/2', (_, [left, right]) => multiply(left, right)], ['_divide/2', (_, [left, right]) => divide(left, right)],
  ['_modulo/2', (_, [left, right]) => remainder(left, right)], ['_plus/0', plus], ['_negate/0', negate],
])
