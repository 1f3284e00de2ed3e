import { createThreeWayJsonPatch, mergeDocuments } from './json-merge.ts'
import { isJsonMap, type JsonMap, nested, own, textAt, withKey, without } from './json-map.ts'
import type { ArgocdProfile } from './profile.ts'
import { removeListFields, removeMapFields } from './remarshal.ts'
import { builtInType, type StructType } from './schema.ts'
import { applySchemeDefaults, defaultedAs, type DefaultsFailures } from './scheme-defaults.ts'
import { applyStrategicPatch, createThreeWayPatch, StrategicMergeError } from './strategic-merge.ts'

/** A comparison that fails makes the whole Application Unknown; the message is Argo CD's. */
export class DiffError extends Error {}

export interface Sides { readonly live: JsonMap | null; readonly predicted: JsonMap | null }

/** diff.go ThreeWayDiff: the last applied configuration decides what has been removed from Git. Objects that a rule has emptied come as null. */
export function threeWayDiff(original: JsonMap | null, config: JsonMap | null, live: JsonMap | null, profile: ArgocdProfile): Sides {
  const orig = removeNamespaceAnnotation(original ?? {})
  const target = removeNamespaceAnnotation(config ?? {})
  const type = builtInType(textAt(orig, 'apiVersion'), textAt(orig, 'kind'))
  if (type) {
    const current = statefulSetWorkaround(orig, live ?? {})
    return registered(orig, target, current, live ?? {}, type, profile)
  }
  const patch = createThreeWayJsonPatch(orig, target, removeMapFields(orig, live ?? {}))
  if (live === null) throw new DiffError(`${profile.era === '3' ? 'failed to construct merge patch for predicted state: ' : ''}Invalid JSON Document`)
  return { live, predicted: mergeDocuments(live, patch) }
}

function registered(orig: JsonMap, target: JsonMap, current: JsonMap, live: JsonMap, type: StructType, profile: ArgocdProfile): Sides {
  const wrapping = <T>(failure: string, step: () => T): T => {
    try {
      return step()
    } catch (error) {
      throw error instanceof StrategicMergeError ? new DiffError(profile.era === '3' && failure !== '' ? `${failure}: ${error.message}` : error.message) : error
    }
  }
  const patch = wrapping('failed to construct thre way merge patch', () => createThreeWayPatch(orig, target, current, type))
  const predicted = wrapping('failed to construct strategic merge patch', () => applyStrategicPatch(live, patch, type))
  const withDefaults = (object: JsonMap, state: string): JsonMap => {
    const failures: DefaultsFailures = profile.era === '3'
      ? { making: 'failed to create two way merge patch', applying: `failed to construct strategic merge patch for ${state} state` }
      : { making: '', applying: '' }
    return wrapping('', () => applySchemeDefaults(object, defaultedAs(orig, profile.emptyTimes), failures))
  }
  return { predicted: withDefaults(predicted, 'predicted'), live: withDefaults(live, 'live') }
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
  const group = textAt(orig, 'apiVersion').split('/')[0]
  if (own(orig, 'kind') !== 'StatefulSet' || (group !== 'apps' && group !== 'extensions')) return live
  const before = nested(orig, ['spec', 'volumeClaimTemplates'])
  const now = nested(live, ['spec', 'volumeClaimTemplates'])
  if (!Array.isArray(before) || !Array.isArray(now)) return live
  return withKey(live, 'spec', withKey(own(live, 'spec') as JsonMap, 'volumeClaimTemplates', removeListFields(before, now)))
}
