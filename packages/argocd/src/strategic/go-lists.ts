import { goText } from '../go-text.ts'
import { isJsonMap, type JsonMap, own } from '../json-map.ts'
import { StrategicMergeError } from './patch-meta.ts'

export const setElementOrder = '$setElementOrder'
export const deleteFromPrimitiveList = '$deleteFromPrimitiveList'
export const retainKeysDirective = '$retainKeys'
export const directiveMarker = '$patch'

/** reflect.TypeOf of a JSON value; int64 and float64 count as one. */
export function goType(value: unknown): 'nil' | 'map' | 'slice' | 'string' | 'number' | 'bool' {
  if (value === null || value === undefined) return 'nil'
  if (Array.isArray(value)) return 'slice'
  return typeof value === 'object' ? 'map' : typeof value === 'boolean' ? 'bool' : (typeof value as 'string' | 'number')
}

/** patch.go sliceElementType: all elements of all lists must be of one type, and no lists. */
export function sliceElementType(...lists: readonly (readonly unknown[])[]): 'map' | 'scalar' {
  let type: string | undefined
  for (const item of lists.flat()) {
    const current = goType(item)
    if (type === undefined) {
      if (current === 'slice') throw new StrategicMergeError('lists of lists are not supported')
      type = current
    } else if (type !== current) throw new StrategicMergeError(`list element types are not identical: ${goText(lists)}`)
  }
  if (type === undefined) throw new StrategicMergeError('no elements in any of the given slices')
  return type === 'map' ? 'map' : 'scalar'
}

export function mapWithMergeKey(item: unknown, mergeKey: string): JsonMap {
  if (!isJsonMap(item)) throw new StrategicMergeError(`expected a map, but received a ${goType(item)}`)
  if (!Object.hasOwn(item, mergeKey)) throw new StrategicMergeError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`)
  return item
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function sortScalars(list: readonly unknown[]): unknown[] {
  return list.toSorted((a, b) => compareText(goText(a), goText(b)))
}

/** patch.go deduplicateScalars: the last item takes the place of a repeated one. */
export function deduplicateScalars(list: readonly unknown[]): unknown[] {
  const result = [...list]
  for (let i = 0; i < result.length; i++) {
    for (let j = i + 1; j < result.length; j++) {
      if (result[i] !== result[j]) continue
      const last = result.pop()
      if (j < result.length) result[j--] = last
    }
  }
  return result
}

/** sort.Sort by an order that calls equal items less than each other: they come out turned round. */
export function sortByMergeKey(list: readonly JsonMap[], mergeKey: string): JsonMap[] {
  return list.toReversed().toSorted((a, b) => compareText(goText(a[mergeKey]), goText(b[mergeKey])))
}

/** patch.go normalizeElementOrder: patch items in the order asked for, server-only items in the live order, then merged by the live order. */
export function normalizeElementOrder(
  patch: readonly unknown[], serverOnly: readonly unknown[], patchOrder: readonly unknown[], serverOrder: readonly unknown[], mergeKey: string,
): unknown[] {
  const left = sortByOrder(serverOnly, serverOrder, mergeKey)
  const right = sortByOrder(patch, patchOrder, mergeKey)
  const result: unknown[] = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    if (i >= left.length) result.push(right[j++])
    else if (j >= right.length) result.push(left[i++])
    else {
      const li = indexOf(serverOrder, left[i], mergeKey)
      const ri = indexOf(serverOrder, right[j], mergeKey)
      result.push(li >= 0 && ri >= 0 && li < ri ? left[i++] : right[j++])
    }
  }
  return result
}

/** patch.go normalizeSliceOrder: an item that the order does not name goes before its neighbour, whatever that is; deletions go to the end. */
export function sortByOrder(list: readonly unknown[], order: readonly unknown[], mergeKey: string): unknown[] {
  const isMaps = list.length > 0 && isJsonMap(list[0])
  if (isMaps) for (const item of [...list, ...order]) mapWithMergeKey(item, mergeKey)
  const deleted = list.filter((item) => isMaps && own(item as JsonMap, directiveMarker) === 'delete')
  const kept = list.filter((item) => !deleted.includes(item)).map((item) => ({ item, place: indexOf(order, item, mergeKey) }))
  // sort.SliceStable sorts so few items by insertion
  for (let i = 1; i < kept.length; i++) {
    for (let j = i; j > 0 && precedes(kept[j]!.place, kept[j - 1]!.place); j--) [kept[j], kept[j - 1]] = [kept[j - 1]!, kept[j]!]
  }
  return [...kept.map(({ item }) => item), ...deleted]
}

function precedes(a: number, b: number): boolean {
  return a < 0 || b < 0 || a < b
}

function indexOf(list: readonly unknown[], item: unknown, mergeKey: string): number {
  if (!isJsonMap(item)) return list.indexOf(item)
  const key = own(item, mergeKey)
  return list.findIndex((other) => isJsonMap(other) && own(other, mergeKey) === key)
}
