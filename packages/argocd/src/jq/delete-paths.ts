import { BeyondGrammar, RuntimeFailure } from './beyond-grammar.ts'
import type { GojqVersion } from './engine.ts'
import { arrayIndexNotNumber, expectedArray, expectedObject, expectedStartAndEnd, failedOn, keyNotText, negativeIndex } from './gojq-errors.ts'
import { fieldOf, isList, isObject, type JqObject } from './values.ts'

/** One step of a path: a key, an index, or `{ start, end }`. */
export type PathStep = unknown

const EMPTY = Symbol('deleted')
// Before 0.12.19 a deletion below null leaves Go's typed nil behind: an empty object or list to gojq, but null once it is printed.
const NIL_OBJECT: JqObject = Object.freeze({})
const NIL_LIST: readonly unknown[] = Object.freeze([])

interface Deletion { readonly version: GojqVersion; readonly owned: Set<unknown>; readonly put: unknown }

// func.go delpaths: all paths are filled with an empty value first, so that indices do not move, and only then taken out.
/** `delpaths(paths)` on a copy that shares what it does not change. */
export function deletePaths(value: unknown, paths: readonly unknown[], version: GojqVersion): unknown {
  if (paths.length === 0) return value
  const deletion: Deletion = { version, owned: new Set(), put: EMPTY }
  let filled = value
  for (const path of paths) {
    try {
      if (!isList(path)) throw expectedArray(path)
      filled = update(filled, path, 0, deletion)
    } catch (error) {
      if (error instanceof RuntimeFailure) throw failedOn('delpaths', error.message, value, paths)
      throw error
    }
  }
  return sweep(filled, deletion.owned)
}

/** `setpath(path; to)` on a copy that shares what it does not change. */
export function setPath(value: unknown, path: readonly PathStep[], to: unknown, version: GojqVersion): unknown {
  try {
    return update(value, path, 0, { version, owned: new Set(), put: to })
  } catch (error) {
    if (error instanceof RuntimeFailure) throw failedOn('setpath', error.message, value, path, to)
    throw error
  }
}

function update(value: unknown, path: readonly PathStep[], depth: number, deletion: Deletion): unknown {
  if (depth === path.length) return deletion.put
  if (value === EMPTY) return value
  const step = path[depth]
  if (typeof step === 'string') {
    if (value === null || value === undefined) return updateField(undefined, step, path, depth, deletion)
    if (isObject(value)) return updateField(value, step, path, depth, deletion)
    throw expectedObject(value)
  }
  if (typeof step !== 'number' && !isObject(step)) throw isList(value) ? arrayIndexNotNumber(step) : keyNotText(step)
  const list = value === null || value === undefined ? undefined : value
  if (list !== undefined && !isList(list)) throw expectedArray(list)
  return typeof step === 'number' ? updateItem(list, step, path, depth, deletion) : updateSlice(list, step, path, depth, deletion)
}

const nil = (deletion: Deletion, kind: JqObject | readonly unknown[]): unknown => (deletion.version === '0.12.19' ? null : kind)

function updateField(object: JqObject | undefined, key: string, path: readonly PathStep[], depth: number, deletion: Deletion): unknown {
  if ((object === undefined || !Object.hasOwn(object, key)) && deletion.put === EMPTY) return object ?? nil(deletion, NIL_OBJECT)
  const changed = update(object === undefined ? null : fieldOf(object, key), path, depth + 1, deletion)
  const copy = own(object ?? {}, deletion) as Record<string, unknown>
  Object.defineProperty(copy, key, { value: changed, writable: true, enumerable: true, configurable: true })
  return copy
}

function own(value: JqObject | readonly unknown[], deletion: Deletion): JqObject | unknown[] {
  if (deletion.owned.has(value)) return value as unknown[]
  const copy = isList(value) ? [...value] : { ...value }
  deletion.owned.add(copy)
  return copy
}

/** func.go clampIndex: counts a negative index from the end. */
export const clampIndex = (index: number, minimum: number, length: number): number => {
  const from = index < 0 ? index + length : index
  return from < minimum ? minimum : Math.min(from, length)
}

function updateItem(list: readonly unknown[] | undefined, step: number, path: readonly PathStep[], depth: number, deletion: Deletion): unknown {
  const items = list ?? []
  const whole = Math.trunc(step)
  const clamped = clampIndex(whole, -1, items.length)
  if (clamped < 0 || clamped >= items.length) {
    if (deletion.put === EMPTY) return list ?? nil(deletion, NIL_LIST)
    if (clamped < 0) throw negativeIndex(whole)
    if (whole > 100_000) throw new BeyondGrammar('a very long list')
  }
  const index = clamped < items.length ? clamped : whole
  const changed = update(items[index] ?? null, path, depth + 1, deletion)
  const copy = own(items, deletion) as unknown[]
  while (copy.length < index) copy.push(null)
  copy[index] = changed
  return copy
}

function updateSlice(list: readonly unknown[] | undefined, step: JqObject, path: readonly PathStep[], depth: number, deletion: Deletion): unknown {
  if (!Object.hasOwn(step, 'start') || !Object.hasOwn(step, 'end')) throw expectedStartAndEnd(step)
  if (deletion.put !== EMPTY) throw new BeyondGrammar('an update of a slice')
  const items = list ?? []
  const { start, end } = sliceBounds(items.length, fieldOf(step, 'start'), fieldOf(step, 'end'), deletion.version)
  if (start === end) return list ?? nil(deletion, NIL_LIST)
  const part = items.slice(start, end)
  const changed = update(part, path, depth + 1, deletion)
  const copy = own(items, deletion) as unknown[]
  if (changed === EMPTY) copy.fill(EMPTY, start, end)
  else if (isList(changed)) copy.splice(start, end - start, ...changed)
  else throw expectedArray(changed)
  return copy
}

/** The bounds of `[start:end]`; null is open. Fractions are read differently before 0.12.18. */
export function sliceBounds(length: number, start: unknown, end: unknown, version: GojqVersion): { start: number; end: number } {
  const isOld = version === '0.12.13' || version === '0.12.17'
  if (start !== null && typeof start !== 'number') throw arrayIndexNotNumber(start)
  const from = start === null ? 0 : clampIndex(Math.trunc(start), 0, length)
  if (end !== null && typeof end !== 'number') throw arrayIndexNotNumber(end)
  const to = end === null ? length : clampIndex(isOld ? Math.trunc(end) : Math.ceil(end), from, length)
  return { start: from, end: to }
}

// func.go deleteEmpty, but only where we copied: nothing else can hold an empty value
function sweep(value: unknown, owned: ReadonlySet<unknown>): unknown {
  if (value === EMPTY) return null
  if (!owned.has(value)) return value
  if (isList(value)) return value.filter((item) => item !== EMPTY).map((item) => sweep(item, owned))
  return Object.fromEntries(Object.entries(value as JqObject).filter(([, item]) => item !== EMPTY).map(([key, item]) => [key, sweep(item, owned)]))
}

/** A result as it is printed: typed nils are null. */
export function printNil(value: unknown, version: GojqVersion): unknown {
  if (version === '0.12.19' || typeof value !== 'object' || value === null) return value
  if (value === NIL_OBJECT || value === NIL_LIST) return null
  const [items, printed] = isList(value) ? [value, value.map((item) => printNil(item, version))] : [Object.values(value), Object.values(value).map((item) => printNil(item, version))]
  if (items.every((item, i) => item === printed[i])) return value
  return isList(value) ? printed : Object.fromEntries(Object.keys(value).map((key, i) => [key, printed[i]]))
}
