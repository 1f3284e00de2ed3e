import { jsonEqual, type KubeObject, type ResourceRef } from '@rollsync/manifests'

import { rfc3339 } from './clock.ts'
import type { Cluster } from './cluster.ts'

/** `service "x" not found`, `ingress.networking.k8s.io "x" not found`: the API server's words, with the resource in the plural as the API says it. */
export function notFound(ref: ResourceRef): string {
  return `${resourceOf(ref.kind)}${ref.group === '' ? '' : `.${ref.group}`} ${JSON.stringify(ref.name)} not found`
}

function resourceOf(kind: string): string {
  const lower = kind.toLowerCase()
  return lower.endsWith('s') ? `${lower}es` : lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`
}

/** The object with metadata.generation one up where the spec changed, whoever changed it. */
export function withGeneration(before: KubeObject, object: KubeObject): KubeObject {
  if (jsonEqual(before['spec'], object['spec'])) return object
  const generation = object.metadata['generation']
  return { ...object, metadata: { ...object.metadata, generation: (typeof generation === 'number' ? generation : 0) + 1 } }
}

/** A new object as the API server makes it: UID, creation time (ReplicaSets at least a second apart), generation 1. */
export function born(cluster: Cluster, object: KubeObject): { readonly cluster: Cluster; readonly object: KubeObject } {
  const created = cluster.created + 1
  const isReplicaSet = object.kind === 'ReplicaSet'
  const at = isReplicaSet && cluster.clock <= cluster.lastReplicaSet ? cluster.lastReplicaSet + 1 : cluster.clock
  const uid = object.metadata['uid'] ?? (object.kind === 'Rollout' ? `uid-${object.metadata.name}` : `uid-${created}`)
  const made = { ...object, metadata: { ...object.metadata, uid, generation: 1, creationTimestamp: rfc3339(at) } }
  return { cluster: { ...cluster, created, lastReplicaSet: isReplicaSet ? at : cluster.lastReplicaSet }, object: made }
}
