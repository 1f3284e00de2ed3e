import { createThreeWayJsonPatch, mergeDocuments } from './json-merge.ts'
import { isJsonMap, type JsonMap, nested, own, put, textAt } from './json-map.ts'
import { lastAppliedAnnotation, withLastApplied } from './last-applied.ts'
import { builtInType } from './schema.ts'
import { defaultsPatch } from './scheme-defaults.ts'
import { applyStrategicPatch, createThreeWayPatch, StrategicMergeError } from './strategic-merge.ts'

/** An apply that kubectl or the API server refuses. */
export class ApplyError extends Error {}

/** kubectl apply, client side, overwriting: a three-way patch from last applied, manifest and live. */
export function applyClientSide(target: JsonMap, live: JsonMap | null): JsonMap {
  const modified = withLastApplied(target)
  if (!live) return stored(modified)
  const type = builtInType(textAt(target, 'apiVersion'), textAt(target, 'kind'))
  const original = originalConfiguration(live, type ? 'registered' : 'custom')
  if (!type) return mergeDocuments(live, createThreeWayJsonPatch(original, modified, live))
  try {
    return stored(applyStrategicPatch(live, createThreeWayPatch(original, modified, live, type), type))
  } catch (error) {
    if (error instanceof StrategicMergeError) throw new ApplyError(error.message)
    throw error
  }
}

const serverOwned = ['creationTimestamp', 'deletionGracePeriodSeconds', 'deletionTimestamp', 'generation', 'managedFields', 'resourceVersion', 'selfLink', 'uid']
const allocated = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']

/** kubectl replace: the manifest, with what the API server keeps of the old object. */
export function replaceObject(target: JsonMap, live: JsonMap | null): JsonMap {
  if (!live) return stored(target)
  const metadata: JsonMap = { ...(own(target, 'metadata') as JsonMap) }
  const before = (own(live, 'metadata') ?? {}) as JsonMap
  for (const key of serverOwned) if (Object.hasOwn(before, key)) put(metadata, key, before[key])
  const result: JsonMap = { ...target, metadata }
  if (Object.hasOwn(live, 'status')) result['status'] = live['status']
  const asked = own(target, 'spec') ?? {}
  if (own(target, 'kind') === 'Service' && own(target, 'apiVersion') === 'v1' && isJsonMap(asked)) {
    const spec: JsonMap = { ...asked }
    const old = (own(live, 'spec') ?? {}) as JsonMap
    for (const key of allocated) if (!Object.hasOwn(spec, key) && Object.hasOwn(old, key)) spec[key] = old[key]
    result['spec'] = spec
  }
  return stored(result)
}

/** kubectl GetOriginalConfiguration, and the error with which making a patch from it fails. */
function originalConfiguration(live: JsonMap, kind: 'registered' | 'custom'): JsonMap {
  const text = nested(live, ['metadata', 'annotations', lastAppliedAnnotation])
  if (typeof text !== 'string' || text === '') return {}
  const original = jsonOf(text)
  if (isJsonMap(original)) return original
  if (original === null) return {}
  if (kind === 'registered') throw new ApplyError('invalid JSON document')
  // json-patch: a list on one side, an object on the other
  throw new ApplyError(Array.isArray(original) ? 'Mismatched JSON Documents' : 'Invalid JSON Document')
}

/** Undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An object as the API server stores it: with the defaults of its kind. An object that does not fit its type stays as it is. */
export function stored(object: JsonMap): JsonMap {
  const patch = defaultsPatch(object)
  return patch ? mergeDocuments(object, patch) : object
}
