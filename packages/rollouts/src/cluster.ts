import type { KubeObject } from '@rollsync/manifests'

import { canonicalJson } from './fingerprint.ts'
import type { RolloutsProfile } from './profile.ts'
import { availableOf, HASH_LABEL, imageOf, type ReplicaSet } from './replica-set.ts'
import type { PodTemplate } from './rollout.ts'
import { objectsOf, withObject, type World } from './world.ts'

/** How the pods of one image behave: a limit is the most that become available. */
export type PodMode = { readonly mode: 'ready' | 'slow' | 'crash' } | { readonly mode: 'limit'; readonly available: number }

/** Everything that is true between two syncs: the API server's objects, Git's, the pods' behaviour and the clock. Changed by copy. */
export interface Cluster {
  readonly profile: RolloutsProfile
  /** Seconds since 1970. */
  readonly clock: number
  readonly world: World
  /** The objects as Git has them, by kind and name. */
  readonly git: ReadonlyMap<string, KubeObject>
  /** By image. */
  readonly pods: ReadonlyMap<string, PodMode>
  /** Pod template hashes, `hash-1`, `hash-2` ... in order of creation, by template. */
  readonly hashes: ReadonlyMap<string, string>
  readonly created: number
  readonly lastReplicaSet: number
}

export function emptyCluster(profile: RolloutsProfile, clock: number): Cluster {
  return { profile, clock, world: new Map(), git: new Map(), pods: new Map(), hashes: new Map(), created: 0, lastReplicaSet: clock - 3600 }
}

export function replicaSetsOf(world: World): readonly ReplicaSet[] {
  return objectsOf(world, 'ReplicaSet') as readonly ReplicaSet[]
}

/** The ReplicaSet controller: pods are created and removed at once; created pods are not available yet, unavailable ones are the first to be removed. */
export function runReplicaSets(cluster: Cluster): Cluster {
  let { world } = cluster
  for (const rs of replicaSetsOf(world)) {
    const mode = cluster.pods.get(imageOf(rs))
    const kept = Math.min(availableOf(rs), rs.spec.replicas)
    const available = mode?.mode === 'crash' ? 0 : mode?.mode === 'limit' ? Math.min(kept, mode.available) : kept
    world = withPods(world, rs, available)
  }
  return world === cluster.world ? cluster : { ...cluster, world }
}

/** The ReplicaSets that have fewer available pods than their image's behaviour lets them have. */
export function waitingReplicaSets(cluster: Cluster): readonly ReplicaSet[] {
  return replicaSetsOf(cluster.world).filter((rs) => reachable(cluster, rs) > availableOf(rs))
}

/** All waiting pods become available at once. */
export function runKubelet(cluster: Cluster): Cluster {
  return { ...cluster, world: waitingReplicaSets(cluster).reduce((world, rs) => withPods(world, rs, reachable(cluster, rs)), cluster.world) }
}

function reachable(cluster: Cluster, rs: ReplicaSet): number {
  const mode = cluster.pods.get(imageOf(rs))
  switch (mode?.mode) {
    case undefined: case 'ready': return rs.spec.replicas
    case 'slow': return availableOf(rs)
    case 'crash': return 0
    case 'limit': return Math.min(mode.available, rs.spec.replicas)
    default: return mode satisfies never
  }
}

function withPods(world: World, rs: ReplicaSet, available: number): World {
  const { replicas } = rs.spec
  const observedGeneration = rs.metadata.generation ?? 1
  const { status } = rs
  const same = status?.replicas === replicas && status.availableReplicas === available && status.readyReplicas === available && status.observedGeneration === observedGeneration
  return same ? world : withObject(world, { ...rs, status: { replicas, fullyLabeledReplicas: replicas, readyReplicas: available, availableReplicas: available, observedGeneration } })
}

const templateKeys = new WeakMap<PodTemplate, string>()

function templateKey(template: PodTemplate): string {
  const found = templateKeys.get(template)
  if (found !== undefined) return found
  const key = canonicalJson(withoutHash(template))
  templateKeys.set(template, key)
  return key
}

/** The template without the label that names its hash. */
export function withoutHash(template: PodTemplate): PodTemplate {
  const { [HASH_LABEL]: hash, ...labels } = template.metadata?.labels ?? {}
  if (hash === undefined) return template
  const { labels: _, ...metadata } = template.metadata ?? {}
  return { ...template, metadata: Object.keys(labels).length === 0 ? metadata : { ...metadata, labels } }
}

/** The hash of a template: real hashes differ between Kubernetes versions, so a new one is called `hash-<n>`; that of a ReplicaSet which is already there keeps its name. */
export function hashOfTemplate(cluster: Pick<Cluster, 'hashes'>, template: PodTemplate | undefined): string {
  return cluster.hashes.get(templateKey(template ?? {})) ?? `hash-${cluster.hashes.size + 1}`
}

/** The cluster in which this template's hash keeps its name. */
export function claimHash(cluster: Cluster, template: PodTemplate | undefined): Cluster {
  const key = templateKey(template ?? {})
  return cluster.hashes.has(key) ? cluster : { ...cluster, hashes: new Map(cluster.hashes).set(key, hashOfTemplate(cluster, template)) }
}
