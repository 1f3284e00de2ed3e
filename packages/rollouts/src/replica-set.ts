import type { KubeObject, ObjectMeta } from '@rollsync/manifests'

import type { PodTemplate } from './rollout.ts'

export const HASH_LABEL = 'rollouts-pod-template-hash'
export const REVISION = 'rollout.argoproj.io/revision'
export const DESIRED_REPLICAS = 'rollout.argoproj.io/desired-replicas'
export const SCALE_DOWN_DEADLINE = 'scale-down-deadline'

export interface ReplicaSet extends KubeObject {
  readonly metadata: ObjectMeta & { readonly uid?: string; readonly generation?: number; readonly creationTimestamp?: string }
  readonly spec: { readonly replicas: number; readonly minReadySeconds?: number; readonly selector?: unknown; readonly template: PodTemplate }
  readonly status?: { readonly replicas?: number; readonly readyReplicas?: number; readonly availableReplicas?: number; readonly observedGeneration?: number }
}

/** The pod template hash in its labels, or '' (utils/replicaset/replicaset.go GetPodTemplateHash). */
export function hashOf(rs: ReplicaSet | undefined): string {
  return rs?.metadata.labels?.[HASH_LABEL] ?? ''
}

export function availableOf(rs: ReplicaSet): number {
  return rs.status?.availableReplicas ?? 0
}

/** `status.replicas`: pods that exist, available or not. */
export function createdOf(rs: ReplicaSet): number {
  return rs.status?.replicas ?? 0
}

export function imageOf(rs: ReplicaSet): string {
  return rs.spec.template.spec?.containers?.[0]?.image ?? ''
}

/** The revision annotation; 0 where there is none. NaN is never returned: an unreadable one counts as 0. */
export function revisionOf(object: KubeObject): number {
  const text = object.metadata.annotations?.[REVISION]
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : 0
}

export function hasScaleDownDeadline(rs: ReplicaSet | undefined): boolean {
  return (rs?.metadata.annotations?.[SCALE_DOWN_DEADLINE] ?? '') !== ''
}

/** Whether Go's FilterActiveReplicaSets keeps it. */
export function isActive(rs: ReplicaSet | undefined): rs is ReplicaSet {
  return rs !== undefined && rs.spec.replicas > 0
}

export function sum(list: readonly (ReplicaSet | undefined)[], count: (rs: ReplicaSet) => number): number {
  return list.reduce((total, rs) => total + (rs === undefined ? 0 : count(rs)), 0)
}
