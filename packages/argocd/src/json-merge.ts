import { createMergePatch } from '@rollsync/manifests'
import { isJsonMap, type JsonMap, own, put } from './json-map.ts'

/** jsonmergepatch.CreateThreeWayJSONMergePatch: additions and changes from live to modified, deletions from original to modified. Lists are replaced whole. */
export function createThreeWayJsonPatch(original: JsonMap, modified: JsonMap, current: JsonMap): JsonMap {
  const additions = keepNulls(createMergePatch(current, modified), 'drop')
  const deletions = keepNulls(createMergePatch(original, modified), 'keep')
  // MergePatch(deletePatch, addAndChangePatch): both are patches, nulls of the first stay
  return mergeDocuments(deletions, additions)
}

// patch.go keepOrDeleteNullInObj
function keepNulls(patch: Readonly<JsonMap>, nulls: 'keep' | 'drop'): JsonMap {
  const result: JsonMap = {}
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    if (value === null) { if (nulls === 'keep') put(result, key, null) }
    else if (isJsonMap(value)) {
      if (Object.keys(value).length === 0) { if (nulls === 'drop') put(result, key, value); continue }
      const inner = keepNulls(value, nulls)
      if (Object.keys(inner).length > 0) put(result, key, inner)
    } else if (nulls === 'drop') put(result, key, value)
  }
  return result
}

/** evanphx/json-patch v4 MergePatch on two documents: as RFC 7386, but nulls inside values that are added are pruned, in lists too. */
export function mergeDocuments(document: JsonMap, patch: JsonMap): JsonMap {
  const result: JsonMap = { ...document }
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    const before = own(result, key)
    if (value === null) delete result[key]
    else if (before === undefined || before === null || !isJsonMap(before)) put(result, key, pruneNulls(value))
    else put(result, key, isJsonMap(value) ? mergeDocuments(before, value) : value)
  }
  return result
}

function pruneNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruneNulls)
  if (!isJsonMap(value)) return value
  const result: JsonMap = {}
  for (const key of Object.keys(value)) if (value[key] !== null) put(result, key, pruneNulls(value[key]))
  return result
}
