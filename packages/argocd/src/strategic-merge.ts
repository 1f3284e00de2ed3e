import type { JsonMap } from './json-map.ts'
import type { StructType } from './schema.ts'
import { mergeMap } from './strategic/apply.ts'
import { diffMaps } from './strategic/diff.ts'

export { StrategicMergeError } from './strategic/patch-meta.ts'

/** strategicpatch.CreateThreeWayMergePatch with overwrite: what `modified` adds to or changes in `current`, and what it no longer holds of `original`. */
export function createThreeWayPatch(original: JsonMap, modified: JsonMap, current: JsonMap, type: StructType): JsonMap {
  const delta = diffMaps(current, modified, type, { half: 'additions', order: 'set', retainKeys: 'no' })
  const deletions = diffMaps(original, modified, type, { half: 'deletions', order: 'set', retainKeys: 'no' })
  return mergeMap(deletions, delta, type, 'patch')
}

/** strategicpatch.StrategicMergePatch. */
export function applyStrategicPatch(object: JsonMap, patch: JsonMap, type: StructType): JsonMap {
  return mergeMap(object, patch, type, 'object')
}
