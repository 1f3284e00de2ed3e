import type { KubeObject } from '@rollsync/manifests'

/** An object of one kind, by its place in the cluster. */
export interface ObjectName {
  readonly namespace: string
  readonly name: string
}

/** A merge patch of a Rollout, as `kubectl argo rollouts` sends it: to the object, or to its status alone. */
export interface RolloutPatch {
  readonly on: 'spec' | 'status'
  readonly patch: string
}

/** All that a gate asks of a cluster. Every method throws a GateError: `not-found`, `denied`, `unreachable` or `no-kubectl`. */
export interface Cluster {
  readonly getRollout: (name: ObjectName) => Promise<KubeObject>
  /** The ReplicaSets of a namespace that carry a pod template hash. */
  readonly getReplicaSets: (namespace: string) => Promise<readonly KubeObject[]>
  readonly getApplication: (name: ObjectName) => Promise<KubeObject>
  /** Whether the reader may write the status of a Rollout, which promotes and aborts it; `unknown` where the cluster does not say. It throws nothing. */
  readonly mayPatchRollout?: (name: ObjectName) => Promise<'yes' | 'no' | 'unknown'>
  readonly patchRollout: (name: ObjectName, patch: RolloutPatch) => Promise<void>
  /** Asks Argo CD to look at Git now and not at its next round. */
  readonly refreshApplication: (name: ObjectName) => Promise<void>
}
