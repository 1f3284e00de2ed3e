import { isMap, jsonEqual, type KubeObject } from '@rollsync/manifests'

import { fail, NIL_MAP, panic } from '../../controller-failure.ts'
import { availableOf, hashOf, type ReplicaSet } from '../../replica-set.ts'
import type { Rollout, WeightDestination } from '../../rollout.ts'
import { type Json, withNested } from '../nested.ts'
import type { RouterContext } from '../router.ts'
import { istioConfig, type WantedDestinationRule } from './config.ts'
import { notFoundText } from './virtual-services.ts'

const HASH = 'rollouts-pod-template-hash'
const MANAGED_BY = 'argo-rollouts.argoproj.io/managed-by-rollouts'

/** istio.go:379 UpdateHash */
export function updateHash(context: RouterContext, canaryHash: string, stableHash: string, additional: readonly WeightDestination[]): void {
  const { rollout, client } = context
  const waiting = client.profile.has.waitsForSubsets ? waitingReplicaSet(context, canaryHash, stableHash) : undefined
  if (waiting !== undefined) {
    if (client.profile.has.failsWhileWaitingForSubsets) fail(`delaying destination rule switch: ReplicaSet ${waiting} not fully available`)
    return
  }
  const wanted = istioConfig(rollout)?.destinationRule
  if (wanted === undefined) return
  const ref = { group: 'networking.istio.io', kind: 'DestinationRule', namespace: rollout.metadata.namespace ?? '', name: wanted.name }
  const current = client.get(ref) ?? fail(notFoundText(ref))
  const known = new Set([wanted.canarySubsetName, wanted.stableSubsetName, ...additional.map(({ serviceName = '' }) => serviceName)])
  if (subsetNames(current).some((name) => !known.has(name))) client.note({ id: 'subset-dropped', on: `DestinationRule ${wanted.name}` })
  const changed = withHashes(rollout, current, wanted, { canary: canaryHash, stable: stableHash }, additional)
  if (changed !== undefined) client.update(changed)
}

/** istio.go:356 shouldDelayDestinationRuleUpdate: only where subsets alone tell the pods apart. */
function waitingReplicaSet({ rollout, replicaSets, client }: RouterContext, canaryHash: string, stableHash: string): string | undefined {
  const { canaryService = '', stableService = '' } = rollout.spec.strategy.canary ?? {}
  if (canaryService !== '' || stableService !== '') return undefined
  const passed = client.profile.has.failsWhileWaitingForSubsets && isGoingBack(rollout, replicaSets, stableHash) ? canaryHash : ''
  return replicaSets.find((rs) => {
    const hash = hashOf(rs)
    if (rs.spec.replicas === 0 || hash === '' || (hash !== stableHash && hash !== canaryHash) || hash === passed) return false
    return !isAvailable(rs)
  })?.metadata.name
}

/** utils/replicaset IsReplicaSetAvailable */
function isAvailable(rs: ReplicaSet): boolean {
  return availableOf(rs) > 0 && rs.spec.replicas <= availableOf(rs)
}

/** utils/rollout AbortOrDynamicRollbackToStable: then the canary's pods are not waited for. */
function isGoingBack(rollout: Rollout, replicaSets: readonly ReplicaSet[], stableHash: string): boolean {
  const { abort, canary, stableRS, currentPodHash } = rollout.status
  if (abort === true) return true
  const stable = replicaSets.find((rs) => hashOf(rs) === stableHash)
  if (stable === undefined || stableRS !== currentPodHash || rollout.spec.strategy.canary?.dynamicStableScale !== true || canary?.weights === undefined) return false
  return (canary.weights.canary.podTemplateHash ?? '') !== hashOf(stable) && availableOf(stable) < (rollout.spec.replicas ?? 1)
}

/**
 * The DestinationRule with the hashes in its subsets, or undefined where Go finds nothing to change. It compares with its own typed copy, in which all that a subset has beside
 * name and labels stands elsewhere: such a subset is written on every reconcile.
 */
function withHashes(
  rollout: Rollout, object: KubeObject, wanted: WantedDestinationRule, hashes: { readonly canary: string; readonly stable: string }, additional: readonly WeightDestination[],
): KubeObject | undefined {
  const spec = isMap(object['spec']) ? object['spec'] : {}
  const old = (Array.isArray(spec['subsets']) ? spec['subsets'] : []).map(readSubset)
  const left = new Map(additional.map((destination) => [destination.serviceName ?? '', destination.podTemplateHash ?? '']))
  const kept = old.flatMap((subset) => {
    const name = typeof subset['name'] === 'string' ? subset['name'] : ''
    if (name === wanted.canarySubsetName) return [withHash(subset, hashes.canary)]
    if (name === wanted.stableSubsetName) return [withHash(subset, hashes.stable)]
    const hash = left.get(name)
    // istio.go:433: every other subset is dropped, also those of additionalSubsetNames
    if (hash === undefined) return []
    if (hash !== '') left.delete(name)
    if (hash !== '' && !isMap(subset['labels'])) return panic(NIL_MAP, 'rollout/trafficrouting/istio.(*Reconciler).UpdateHash')
    return [withHash(subset, hash)]
  })
  const subsets = [...kept, ...[...left].map(([name, hash]) => ({ name, labels: { [HASH]: hash } }))]
  const host = typeof spec['host'] === 'string' ? spec['host'] : ''
  const managed = object.metadata.annotations?.[MANAGED_BY] === rollout.metadata.name
  const same = jsonEqual(typedSubsets(old), subsets) && !(subsets.length === 0 && old.length === 0)
  if (managed && same && host !== '') return undefined
  const annotated = managed ? object : withNested(object, ['metadata', 'annotations', MANAGED_BY], rollout.metadata.name)
  const hosted = host === '' ? withNested(annotated, ['spec', 'host'], '') : annotated
  return same ? hosted : withNested(hosted, ['spec', 'subsets'], subsets.map(withoutNulls))
}

/** istio.go unMarshalSubsets: encoding/json reads null as a subset without a name. */
function readSubset(item: unknown): Json {
  if (item === null) return {}
  return isMap(item) ? item : fail('json: cannot unmarshal spec.subsets of the DestinationRule')
}

function subsetNames(object: KubeObject): readonly string[] {
  const { spec } = object
  const subsets = isMap(spec) && Array.isArray(spec['subsets']) ? spec['subsets'].filter(isMap) : []
  return subsets.map(({ name }) => (typeof name === 'string' ? name : ''))
}

function withHash(subset: Json, hash: string): Json {
  const labels = isMap(subset['labels']) ? subset['labels'] : {}
  return { ...subset, labels: Object.fromEntries([...Object.entries(labels).filter(([key]) => key !== HASH), ...(hash === '' ? [] : [[HASH, hash] as const])]) }
}

/** istio_types.go Subset as JSON: name, labels, and all the rest under Extra. */
function typedSubsets(subsets: readonly Json[]): readonly Json[] {
  return subsets.map(({ name, labels, ...extra }) => ({
    ...(name === undefined || name === '' ? {} : { name }), ...(isMap(labels) && Object.keys(labels).length > 0 ? { labels } : {}),
    ...(Object.keys(extra).length === 0 ? {} : { Extra: extra }),
  }))
}

function withoutNulls(subset: Json): Json {
  return Object.fromEntries(Object.entries(subset).filter(([, value]) => value !== null))
}
