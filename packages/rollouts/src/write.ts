import type { ResourceRef } from '@rollsync/manifests'

export type Writer = 'rollouts' | 'ingress-controller' | 'service-controller'

/** One call to the API server that changes an object, in the order sent. */
export interface Write {
  readonly by: Writer
  readonly verb: 'create' | 'update' | 'patch' | 'delete'
  readonly to: ResourceRef
  readonly subresource?: 'status'
  readonly patchType?: 'merge' | 'strategic' | 'json'
  /** The patch exactly as sent; for an update the RFC 7386 patch of what it changes, status aside (`computed`). */
  readonly patch?: string
  readonly computed?: true
  /** The whole object exactly as sent, for a create or update of an Ingress or a Service. */
  readonly object?: string
  /** `spec.replicas` of a created ReplicaSet. */
  readonly replicas?: number
  /** Sent, and nothing changed. */
  readonly noop?: true
  /** The API server's refusal. */
  readonly error?: string
}

/** What one sync returned or panicked with. Such a sync is retried with back-off until something changes. */
export interface SyncFailure {
  readonly by: Writer
  readonly on: string
  readonly error?: string
  readonly panic?: string
  /** The Go function that panicked. */
  readonly in?: string
}
