import { jsonEqual } from '@rollsync/manifests'
import { goText } from '../go-text.ts'
import { type JsonMap, own, put } from '../json-map.ts'
import {
  compareText, deduplicateScalars, deleteFromPrimitiveList, directiveMarker, goType, mapWithMergeKey, retainKeysDirective, setElementOrder,
  sliceElementType, sortByMergeKey, sortByOrder, sortScalars,
} from './go-lists.ts'
import { lookUpSlice, lookUpStruct, type PatchMeta, type PatchSchema, StrategicMergeError } from './patch-meta.ts'

/** Which half of a difference is asked for: what is added or changed, what is deleted, or both. */
export type DiffHalf = 'additions' | 'deletions' | 'both'
interface Asked { readonly half: DiffHalf; readonly order: 'set' | 'leave'; readonly retainKeys: 'yes' | 'no' }

/** patch.go diffMaps: the strategic merge patch that turns `original` into `modified`, or one half of it. */
export function diffMaps(original: JsonMap, modified: JsonMap, schema: PatchSchema, asked: Asked): JsonMap {
  const patch: JsonMap = {}
  for (const key of Object.keys(modified)) diffKey(key, original, modified, patch, schema, asked)
  if (asked.half !== 'additions') for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) put(patch, key, null)
  if (asked.retainKeys === 'yes') {
    const kept = Object.keys(modified).filter((key) => modified[key] !== null)
    const more = Object.keys(original).some((key) => !Object.hasOwn(modified, key))
    if (kept.length > 0 && (Object.keys(patch).length > 0 || more)) put(patch, retainKeysDirective, sortScalars(kept))
  }
  return patch
}

function diffKey(key: string, original: JsonMap, modified: JsonMap, patch: JsonMap, schema: PatchSchema, asked: Asked): void {
  const after = modified[key]
  const before = own(original, key)
  const adds = asked.half !== 'deletions'
  if (!Object.hasOwn(original, key)) { if (adds) put(patch, key, after) }
  else if (key === directiveMarker) {
    if (typeof before !== 'string' || typeof after !== 'string') throw new StrategicMergeError(`invalid value for special key: ${directiveMarker}`)
    if (before !== after) put(patch, key, after)
  } else {
    const type = goType(before)
    if (type !== goType(after)) { if (adds) put(patch, key, after) }
    else if (type === 'map') diffMapField(key, before as JsonMap, after as JsonMap, patch, schema, asked)
    else if (type === 'slice') diffSliceField(key, before as unknown[], after as unknown[], patch, schema, asked)
    else if (adds && before !== after) put(patch, key, after)
  }
}

/** A field that the type does not have matters only where its two values differ. */
function metaOrEqual(look: () => PatchMeta, before: unknown, after: unknown): PatchMeta | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof StrategicMergeError && jsonEqual(before, after)) return undefined
    throw error
  }
}

function diffMapField(key: string, before: JsonMap, after: JsonMap, patch: JsonMap, schema: PatchSchema, asked: Asked): void {
  const meta = metaOrEqual(() => lookUpStruct(schema, key), before, after)
  if (!meta) return
  if (meta.strategy === 'replace') { if (asked.half !== 'deletions') put(patch, key, after); return }
  const inner = diffMaps(before, after, meta.schema, { ...asked, retainKeys: meta.retainKeys })
  if (Object.keys(inner).length > 0) put(patch, key, inner)
}

function diffSliceField(key: string, before: unknown[], after: unknown[], patch: JsonMap, schema: PatchSchema, asked: Asked): void {
  const meta = metaOrEqual(() => lookUpSlice(schema, key), before, after)
  if (!meta) return
  if (meta.strategy !== 'merge') { if (asked.half !== 'deletions' && !jsonEqual(before, after)) put(patch, key, after); return }
  const lists = diffLists(before, after, meta, { ...asked, retainKeys: meta.retainKeys })
  if (lists.patch.length > 0) put(patch, key, lists.patch)
  if (lists.deletions.length > 0) put(patch, `${deleteFromPrimitiveList}/${key}`, lists.deletions)
  if (lists.order.length > 0) put(patch, `${setElementOrder}/${key}`, lists.order)
}

interface Lists { readonly patch: unknown[]; readonly deletions: unknown[]; readonly order: unknown[] }

function diffLists(before: unknown[], after: unknown[], meta: PatchMeta, asked: Asked): Lists {
  const adds = asked.half !== 'deletions'
  const deletes = asked.half !== 'additions'
  if (before.length === 0) return { patch: adds ? after : [], deletions: [], order: [] }
  if (sliceElementType(before, after) === 'map') {
    const { changed, deleted } = diffListsOfMaps(before, after, meta, asked)
    const patch = [...sortByOrder(changed, after, meta.mergeKey), ...deleted]
    const sameOrder = before.length === after.length && before.every((item, i) => own(item as JsonMap, meta.mergeKey) === own(after[i] as JsonMap, meta.mergeKey))
    const ordered = asked.order === 'set' && ((adds && (patch.length > 0 || !sameOrder)) || (deletes && patch.length > 0))
    return { patch, deletions: [], order: ordered ? after.map((item) => ({ [meta.mergeKey]: (item as JsonMap)[meta.mergeKey] })) : [] }
  }
  // patch.go diffListsOfScalars sorts the original in place, and the orders are compared afterwards
  const sorted = sortScalars(before)
  const { only, other } = pairScalars(sorted, sortScalars(after))
  const deletions = deletes ? deduplicateScalars(only) : []
  const added = adds ? sortByOrder(other, after, '') : []
  const ordered = asked.order === 'set' && ((deletes && deletions.length > 0) || (adds && !jsonEqual(sorted, after)))
  return { patch: added, deletions, order: ordered ? after : [] }
}

/** What stands in one of two sorted lists and has no partner in the other. */
function pairScalars(left: readonly unknown[], right: readonly unknown[]): { only: unknown[]; other: unknown[] } {
  const only: unknown[] = []
  const other: unknown[] = []
  for (let i = 0, j = 0; i < left.length || j < right.length;) {
    const side = i >= left.length ? 1 : j >= right.length ? -1 : compareText(goText(left[i]), goText(right[j]))
    if (side === 0) { i++; j++ } else if (side < 0) only.push(left[i++])
    else other.push(right[j++])
  }
  return { only, other }
}

function diffListsOfMaps(before: unknown[], after: unknown[], meta: PatchMeta, asked: Asked): { changed: JsonMap[]; deleted: JsonMap[] } {
  const olds = sortByMergeKey(before as JsonMap[], meta.mergeKey)
  const news = sortByMergeKey(after as JsonMap[], meta.mergeKey)
  const changed: JsonMap[] = []
  const deleted: JsonMap[] = []
  for (let i = 0, j = 0; i < olds.length || j < news.length;) {
    const old = olds[i] && mapWithMergeKey(olds[i], meta.mergeKey)
    const now = news[j] && mapWithMergeKey(news[j], meta.mergeKey)
    const side = !old ? 1 : !now ? -1 : compareText(goText(old[meta.mergeKey]), goText(now[meta.mergeKey]))
    if (side === 0) {
      const inner = diffMaps(old!, now!, meta.schema, asked)
      if (Object.keys(inner).length > 0) { put(inner, meta.mergeKey, now![meta.mergeKey]); changed.push(inner) }
      i++
      j++
    } else if (side > 0) { if (asked.half !== 'deletions') changed.push(now!); j++ }
    else { if (asked.half !== 'additions') deleted.push({ [meta.mergeKey]: old![meta.mergeKey], [directiveMarker]: 'delete' }); i++ }
  }
  return { changed, deleted }
}
