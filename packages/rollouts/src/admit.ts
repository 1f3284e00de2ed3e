import { groupOf, isMap, type KubeObject } from '@rollsync/manifests'

import { admitIngress } from './ingress.ts'
import { mapOf } from './map-of.ts'
import type { RolloutsProfile } from './profile.ts'
import type { RolloutStatus } from './rollout.ts'
import { admitRollout } from './rollout-shape.ts'

/**
 * The object as the API server of its kind would hold it: typed kinds lose what their type does not know, empty maps of metadata are absent. Parts that are the very ones of
 * `before`, which was admitted already, are taken over as they are.
 */
export function admit(object: KubeObject, profile: RolloutsProfile, before?: KubeObject): KubeObject {
  const tidy = before !== undefined && object.metadata === before.metadata ? object : withTidyMeta(object)
  const sameSpec = before !== undefined && object['spec'] === before['spec']
  if (tidy.kind === 'Rollout' && groupOf(tidy.apiVersion) === 'argoproj.io') {
    const status = (object['status'] ?? {}) as RolloutStatus
    const pruned = before !== undefined && status === before['status'] ? status : pruneStatus(status)
    if (!sameSpec) return { ...admitRollout(tidy, profile), status: pruned }
    return pruned === tidy['status'] ? tidy : { ...tidy, status: pruned }
  }
  if (tidy.kind === 'Ingress' && groupOf(tidy.apiVersion) === 'networking.k8s.io' && !sameSpec) return admitIngress(tidy)
  // A Go struct is never absent.
  if (tidy.kind === 'Service' && groupOf(tidy.apiVersion) === '' && (tidy['spec'] ?? null) === null) return { ...tidy, spec: {} }
  return tidy
}

function withTidyMeta(object: KubeObject): KubeObject {
  const entries = Object.entries(object.metadata).filter(([key, value]) => value !== null && value !== undefined && !(STRING_MAPS.has(key) && isEmptyMap(value)))
  return { ...object, metadata: mapOf(entries) as unknown as KubeObject['metadata'] }
}

const STRING_MAPS: ReadonlySet<string> = new Set(['annotations', 'labels'])

function isEmptyMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

// Pointers, and fields of nested structs that have no omitempty.
const KEPT: ReadonlySet<string> = new Set(['currentStepIndex', 'collisionCount', 'verified', 'weight', 'index', 'status'])

/** A status without its zero values, as Go's omitempty leaves it; currentStepIndex 0 and a weight of 0 are values. */
export function pruneStatus(status: RolloutStatus): RolloutStatus {
  return prune(isMap(status) ? status : { ...status as object }) as RolloutStatus
}

// The very same map where nothing goes.
function prune(map: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries: [string, unknown][] = []
  let changed = false
  for (const key of Object.keys(map)) {
    const value = map[key]
    const kept = isMap(value) ? prune(value) : value
    if (isZero(key, kept)) changed = true
    else entries.push([key, kept])
    if (kept !== value) changed = true
  }
  return changed ? mapOf(entries) : map
}

function isZero(key: string, value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'object') return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0
  return (value === 0 || value === false || value === '') && !KEPT.has(key)
}
