import { jsonEqual } from '@rollsync/manifests'
import { goText } from '../go-text.ts'
import { isJsonMap, type JsonMap, own, put } from '../json-map.ts'
import {
  deduplicateScalars, deleteFromPrimitiveList, directiveMarker, goType, mapWithMergeKey, normalizeElementOrder, retainKeysDirective, setElementOrder, sliceElementType,
} from './go-lists.ts'
import { lookUpSlice, lookUpStruct, type PatchMeta, type PatchSchema, StrategicMergeError } from './patch-meta.ts'

/** `object`: a patch is applied to an object. `patch`: two patches become one, so that directives and nulls are kept. */
export type MergeInto = 'object' | 'patch'

/** patch.go mergeMap: `original` with the strategic merge patch applied. Neither input changes. */
export function mergeMap(original: JsonMap, patch: JsonMap, schema: PatchSchema, into: MergeInto): JsonMap {
  const directive = own(patch, directiveMarker)
  if (directive !== undefined) return mergeByDirective(directive, patch)
  const result: JsonMap = { ...original }
  const rest: JsonMap = { ...patch }
  applyRetainKeys(result, rest, into)
  for (const key of Object.keys(rest)) if (key.startsWith(`${setElementOrder}`)) mergeOrderedList(key, result, rest, schema, into)
  for (const key of Object.keys(rest)) mergeKey(key, result, rest[key], schema, into)
  return result
}

function mergeByDirective(directive: unknown, patch: JsonMap): JsonMap {
  if (directive === 'delete') return {}
  if (directive !== 'replace') throw new StrategicMergeError(`unknown patch type: ${String(directive)} in map: ${JSON.stringify(patch)}`)
  const rest: JsonMap = { ...patch }
  delete rest[directiveMarker]
  return rest
}

function applyRetainKeys(result: JsonMap, patch: JsonMap, into: MergeInto): void {
  const kept = own(patch, retainKeysDirective)
  if (kept === undefined) return
  delete patch[retainKeysDirective]
  if (into === 'patch') {
    const before = own(result, retainKeysDirective)
    if (before === undefined) result[retainKeysDirective] = kept
    else if (!jsonEqual(before, kept)) throw new StrategicMergeError('two retainKeys directives are not deep equal')
    return
  }
  if (!Array.isArray(kept)) throw new StrategicMergeError('invalid patch format of retainKeys')
  for (const key of Object.keys(patch)) {
    if (patch[key] !== null && !key.startsWith('$') && !kept.includes(key)) throw new StrategicMergeError('invalid patch format of retainKeys')
  }
  for (const key of Object.keys(result)) if (!kept.includes(key)) delete result[key]
}

// mergepatch/errors.go ErrBadArgType
function notAList(value: unknown): StrategicMergeError {
  const type = isJsonMap(value) ? 'map[string]interface {}' : typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? (Number.isInteger(value) ? 'int64' : 'float64') : 'string'
  return new StrategicMergeError(`expected a []interface {}, but received a ${value === null ? 'nil' : type}`)
}

// patch.go mergePatchIntoOriginal
function mergeOrderedList(directive: string, result: JsonMap, patch: JsonMap, schema: PatchSchema, into: MergeInto): void {
  const order = patch[directive]
  if (into === 'patch') {
    if (!Object.hasOwn(result, directive)) result[directive] = order
    else if (!jsonEqual(result[directive], order)) throw new StrategicMergeError('invalid patch format of setElementOrder list')
  }
  delete patch[directive]
  const key = directive.slice(setElementOrder.length + 1)
  const before = own(result, key)
  const change = own(patch, key)
  if (!Array.isArray(order)) throw notAList(order)
  if (before !== undefined && !Array.isArray(before)) throw notAList(before)
  if (change !== undefined && !Array.isArray(change)) throw notAList(change)
  const meta = lookUpSlice(schema, key)
  checkOrder(change ?? [], order, meta.mergeKey)
  if (before === undefined && change === undefined) return
  // patch.go changes the live list in place while it deletes and appends, and then sorts by it
  const backing = [...((before ?? []) as unknown[])]
  const added = before === undefined && change !== undefined ? (removeDirectives(change) as unknown[]) : undefined
  const merged = added ?? (change === undefined ? (before as unknown[]) : mergeSlices(before as unknown[], change, meta, 'merge', into, backing))
  if (sliceIsEmpty(before, change)) throw new StrategicMergeError('no elements in any of the given slices')
  const { named, others } = partition(merged, order, meta.mergeKey)
  put(result, key, normalizeElementOrder(named, others, order, backing, meta.mergeKey))
  delete patch[key]
}

// patch.go validatePatchWithSetOrderList: the patch's items must stand in the order that it asks for
function checkOrder(change: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (change.length === 0 || order.length === 0) return
  const items = change.filter((item) => !isJsonMap(item) || own(item, directiveMarker) !== 'delete')
  let i = 0
  for (let j = 0; i < items.length && j < order.length;) {
    if (isJsonMap(items[i]) && Object.hasOwn(items[i] as JsonMap, directiveMarker)) { i++; continue }
    const same = mergeKey === '' ? items[i] === order[j] : mapWithMergeKey(items[i], mergeKey)[mergeKey] === mapWithMergeKey(order[j], mergeKey)[mergeKey]
    if (same) i++
    j++
  }
  if (i < items.length) throw new StrategicMergeError(`The order in patch list:\n${goText(change)}\n doesn't match ${setElementOrder} list:\n${goText(order)}\n`)
}

function sliceIsEmpty(...lists: readonly unknown[]): boolean {
  return lists.every((list) => !Array.isArray(list) || list.length === 0)
}

function partition(list: readonly unknown[], by: readonly unknown[], mergeKey: string): { named: unknown[]; others: unknown[] } {
  const isNamed = mergeKey === ''
    ? (item: unknown): boolean => by.includes(item)
    : (item: unknown): boolean => findByKey(by, mergeKey, mapWithMergeKey(item, mergeKey)[mergeKey]) >= 0
  return { named: list.filter(isNamed), others: list.filter((item) => !isNamed(item)) }
}

function findByKey(list: readonly unknown[], mergeKey: string, value: unknown): number {
  return list.findIndex((item, i) => {
    if (!isJsonMap(item)) throw new StrategicMergeError(`value for key ${i} is not a map`)
    return Object.hasOwn(item, mergeKey) && item[mergeKey] === value
  })
}

function mergeKey(key: string, result: JsonMap, change: unknown, schema: PatchSchema, into: MergeInto): void {
  const deletes = key.startsWith(deleteFromPrimitiveList)
  if (deletes && into === 'patch') { put(result, key, change); return }
  const name = deletes ? key.slice(deleteFromPrimitiveList.length + 1) : key
  if (change === null) {
    delete result[name]
    if (into === 'object') return
  }
  const before = own(result, name)
  if (!Object.hasOwn(result, name) || goType(before) !== goType(change)) {
    if (!deletes) take(result, name, change, into)
  } else if (goType(change) === 'map') {
    const meta = lookUpStruct(schema, name)
    put(result, name, meta.strategy === 'replace' ? change : mergeMap(before as JsonMap, change as JsonMap, meta.schema, into))
  } else if (goType(change) === 'slice') {
    const meta = lookUpSlice(schema, name)
    const merges = meta.strategy === 'merge' || deletes
    put(result, name, merges ? mergeSlices(before as unknown[], change as unknown[], meta, deletes ? 'delete' : 'merge', into) : change)
  } else put(result, name, change)
}

/** The patch's value as it is: without nulls where it lands in an object, and without directives. */
function take(result: JsonMap, key: string, change: unknown, into: MergeInto): void {
  const value = removeDirectives(into === 'object' ? withoutNulls(change) : change)
  if (value === undefined) delete result[key]
  else put(result, key, value)
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isJsonMap(value)) return value
  const result: JsonMap = {}
  for (const key of Object.keys(value)) if (value[key] !== null) put(result, key, withoutNulls(value[key]))
  return result
}

function removeDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(removeDirectives).filter((item) => item !== undefined)
  if (!isJsonMap(value)) return value
  if (Object.hasOwn(value, directiveMarker)) return undefined
  const result: JsonMap = {}
  for (const key of Object.keys(value)) {
    const kept = removeDirectives(value[key])
    if (kept !== undefined) put(result, key, kept)
  }
  return result
}

function mergeSlices(before: unknown[], change: unknown[], meta: PatchMeta, what: 'merge' | 'delete', into: MergeInto, backing: unknown[] = [...before]): unknown[] {
  if (before.length === 0 && change.length === 0) return before
  let merged: unknown[]
  let original: unknown[] = before
  let patch: unknown[] = change
  if (sliceElementType(before, change) === 'scalar') {
    if (what === 'delete' && into === 'object') return before.filter((item) => !change.includes(item))
    merged = deduplicateScalars([...before, ...change])
  } else {
    if (meta.mergeKey === '') throw new StrategicMergeError('cannot merge lists without merge key for struct')
    ;({ original, patch } = applySpecialElements(before, change as JsonMap[], meta.mergeKey, backing))
    merged = [...original]
    for (const item of patch) {
      const at = findByKey(merged, meta.mergeKey, mapWithMergeKey(item, meta.mergeKey)[meta.mergeKey])
      if (at < 0) {
        merged.push(item)
        if (merged.length <= backing.length && original.length > 0) backing[merged.length - 1] = item
      }
      else merged[at] = mergeMap(merged[at] as JsonMap, item as JsonMap, meta.schema, into)
    }
  }
  const { named, others } = partition(merged, patch, meta.mergeKey)
  return normalizeElementOrder(named, others, patch, original, meta.mergeKey)
}

// patch.go mergeSliceWithSpecialElements
function applySpecialElements(before: unknown[], change: readonly JsonMap[], mergeKey: string, backing: unknown[]): { original: unknown[]; patch: unknown[] } {
  let original = before
  const patch: unknown[] = []
  let replaces = false
  for (const item of change) {
    const directive = own(item, directiveMarker)
    if (directive === undefined) patch.push(item)
    else if (directive === 'delete') {
      const value = mapWithMergeKey(item, mergeKey)[mergeKey]
      original = original.filter((other) => !isJsonMap(other) || own(other, mergeKey) !== value)
      backing.splice(0, original.length, ...original)
    } else if (directive === 'replace') replaces = true
    else throw new StrategicMergeError(`unknown patch type: ${String(directive)}`)
  }
  return replaces ? { original: [], patch } : { original, patch }
}
