import { BeyondGrammar } from './beyond-grammar.ts'
import { clampIndex, sliceBounds } from './delete-paths.ts'
import type { GojqVersion } from './engine.ts'
import { arrayIndexNotNumber, expectedArray, expectedObject, expectedStartAndEnd, keyNotText, textIndexNotNumber } from './gojq-errors.ts'
import { markPart } from './path.ts'
import { compareValues, fieldOf, isList, isObject } from './values.ts'

/** func.go funcIndex2: `value[key]`. */
export function accessIndex(value: unknown, key: unknown, version: GojqVersion): unknown {
  if (typeof key === 'string') {
    if (value === null) return null
    if (isObject(value)) return fieldOf(value, key)
    throw expectedObject(value)
  }
  if (typeof key === 'number') return accessNumber(value, key)
  if (isList(key)) {
    if (value === null) return null
    if (isList(value)) return indicesOf(value, key)
    throw expectedArray(value)
  }
  if (isObject(key)) {
    if (value === null) return null
    if (!Object.hasOwn(key, 'start') || !Object.hasOwn(key, 'end')) throw expectedStartAndEnd(key)
    return accessSlice(value, fieldOf(key, 'start'), fieldOf(key, 'end'), version)
  }
  if (isList(value)) throw arrayIndexNotNumber(key)
  throw typeof value === 'string' ? textIndexNotNumber(key) : keyNotText(key)
}

function accessNumber(value: unknown, key: number): unknown {
  if (value === null) return null
  if (!isList(value) && typeof value !== 'string') throw expectedArray(value)
  const items = isList(value) ? value : [...value]
  const index = clampIndex(Math.trunc(key), -1, items.length)
  return index >= 0 && index < items.length ? (items[index] ?? null) : null
}

/** func.go funcSlice: `value[start:end]`, null for an open end. */
export function accessSlice(value: unknown, start: unknown, end: unknown, version: GojqVersion): unknown {
  if (value === null) return null
  if (typeof value === 'string') {
    const characters = [...value]
    for (const bound of [start, end]) if (bound !== null && typeof bound !== 'number') throw textIndexNotNumber(bound)
    const bounds = sliceBounds(characters.length, start, end, version)
    return characters.slice(bounds.start, bounds.end).join('')
  }
  if (!isList(value)) throw expectedArray(value)
  const bounds = sliceBounds(value.length, start, end, version)
  return bounds.start === 0 && bounds.end === value.length ? value : markPart(value.slice(bounds.start, bounds.end))
}

/** func.go indices: where `part` begins in `list`. */
export function indicesOf(list: readonly unknown[], part: readonly unknown[]): number[] {
  const found: number[] = []
  if (part.length === 0) return found
  if (list.length * part.length > 1_000_000) throw new BeyondGrammar('a search in a very long list')
  for (let i = 0; i + part.length <= list.length; i++) {
    if (part.every((item, j) => compareValues(list[i + j], item) === 0)) found.push(i)
  }
  return found
}
