import { createThreeWayJsonPatch, mergeDocuments } from './json-merge.ts'
import { GoDecodeError, throughGo } from './go-json.ts'
import { type JsonMap, own, put } from './json-map.ts'
import { lastAppliedOf, withLastApplied } from './last-applied.ts'
import { builtInType } from './schema.ts'
import { applySchemeDefaults } from './scheme-defaults.ts'
import { applyStrategicPatch, createThreeWayPatch, StrategicMergeError } from './strategic-merge.ts'

/** An apply that kubectl or the API server refuses. */
export class ApplyError extends Error {}

/** kubectl apply, client side, overwriting: a three-way patch from last applied, manifest and live. */
export function applyClientSide(target: JsonMap, live: JsonMap | null): JsonMap {
  const modified = withLastApplied(target)
  if (!live) return stored(modified)
  const type = builtInType(String(own(target, 'apiVersion')), String(own(target, 'kind')))
  const original = lastAppliedOf(live) ?? {}
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
  if (own(target, 'kind') === 'Service' && own(target, 'apiVersion') === 'v1') {
    const spec: JsonMap = { ...(own(target, 'spec') as JsonMap | undefined) }
    const old = (own(live, 'spec') ?? {}) as JsonMap
    for (const key of allocated) if (!Object.hasOwn(spec, key) && Object.hasOwn(old, key)) spec[key] = old[key]
    result['spec'] = spec
  }
  return stored(result)
}

/** An object as the API server stores it: in the form of its Go type, with defaults. Throws ApplyError where it does not fit its type. */
export function stored(object: JsonMap): JsonMap {
  const type = builtInType(String(own(object, 'apiVersion')), String(own(object, 'kind')))
  if (!type) return object
  try {
    return applySchemeDefaults(throughGo(type, object, 'lax', 'skip'))
  } catch (error) {
    if (error instanceof GoDecodeError) throw new ApplyError(error.message)
    throw error
  }
}
