import { createThreeWayJsonPatch, mergeDocuments } from './json-merge.ts'
import { isJsonMap, type JsonMap, nested, own, without, withKey } from './json-map.ts'
import type { ArgocdProfile } from './profile.ts'
import { removeListFields, removeMapFields } from './remarshal.ts'
import { builtInType } from './schema.ts'
import { applySchemeDefaults } from './scheme-defaults.ts'
import { applyStrategicPatch, createThreeWayPatch, StrategicMergeError } from './strategic-merge.ts'

/** A comparison that fails makes the whole Application Unknown; the message is Argo CD's. */
export class DiffError extends Error {}

export interface Sides { readonly live: JsonMap | null; readonly predicted: JsonMap | null }

/** diff.go ThreeWayDiff: the last applied configuration decides what has been removed from Git. Objects that a rule has emptied come as null. */
export function threeWayDiff(original: JsonMap | null, config: JsonMap | null, live: JsonMap | null, profile: ArgocdProfile): Sides {
  const orig = removeNamespaceAnnotation(original ?? {})
  const target = removeNamespaceAnnotation(config ?? {})
  const type = builtInType(String(own(orig, 'apiVersion') ?? ''), String(own(orig, 'kind') ?? ''))
  if (type) {
    const current = statefulSetWorkaround(orig, live ?? {})
    try {
      const patch = createThreeWayPatch(orig, target, current, type)
      return { live: applySchemeDefaults(live ?? {}), predicted: applySchemeDefaults(applyStrategicPatch(live ?? {}, patch, type)) }
    } catch (error) {
      if (error instanceof StrategicMergeError) throw new DiffError(profile.era === '3' ? `failed to construct thre way merge patch: ${error.message}` : error.message)
      throw error
    }
  }
  const patch = createThreeWayJsonPatch(orig, target, removeMapFields(orig, live ?? {}))
  if (live === null) throw new DiffError(profile.era === '3' ? 'failed to construct merge patch for predicted state: Invalid JSON Document' : 'Invalid JSON Document')
  return { live, predicted: mergeDocuments(live, patch) }
}

function removeNamespaceAnnotation(object: JsonMap): JsonMap {
  const metadata = own(object, 'metadata')
  if (!isJsonMap(metadata)) return object
  const rest = without(metadata, ['namespace'])
  const annotations = own(rest, 'annotations')
  const empty = Object.hasOwn(rest, 'annotations') && (annotations === null || (isJsonMap(annotations) && Object.keys(annotations).length === 0))
  return withKey(object, 'metadata', empty ? without(rest, ['annotations']) : rest)
}

/** diff.go statefulSetWorkaround: what the API server defaults inside volumeClaimTemplates is not compared. */
function statefulSetWorkaround(orig: JsonMap, live: JsonMap): JsonMap {
  const group = String(own(orig, 'apiVersion')).split('/')[0]
  if (own(orig, 'kind') !== 'StatefulSet' || (group !== 'apps' && group !== 'extensions')) return live
  const before = nested(orig, ['spec', 'volumeClaimTemplates'])
  const now = nested(live, ['spec', 'volumeClaimTemplates'])
  if (!Array.isArray(before) || !Array.isArray(now)) return live
  return withKey(live, 'spec', withKey(own(live, 'spec') as JsonMap, 'volumeClaimTemplates', removeListFields(before, now)))
}
