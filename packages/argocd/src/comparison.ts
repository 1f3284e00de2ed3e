import type { KubeObject } from '@rollsync/manifests'
import type { Operation } from 'fast-json-patch'

/** `legacy` is the default three-way diff, `smd` what sync option ServerSideApply=true switches on, `ssd` server-side diff. */
export type CompareMode = 'legacy' | 'smd' | 'ssd'

/** The two sides that Argo CD shows: live after normalisation, and live as it would be after an apply. null where there is none. */
export interface DiffSides {
  readonly normalizedLive: unknown
  readonly predictedLive: unknown
}

/**
 * What one comparison answers. `patch` leads from the normalized live object to the predicted one.
 * An `Unknown` of one resource makes its whole Application Unknown; `condition` is the text of its ComparisonError.
 */
export type Comparison =
  | ({ readonly sync: 'Synced' } & DiffSides)
  | ({ readonly sync: 'OutOfSync'; readonly patch: readonly Operation[] } & DiffSides)
  | { readonly sync: 'Unknown'; readonly error: string; readonly condition: string; readonly scope: 'application' }
  | { readonly sync: 'panic'; readonly error: string }
  | { readonly sync: 'unverified'; readonly reason: string }

/** How the live object came about after a sync: the object that the cluster holds, or why nothing was applied. */
export type SyncResult =
  | { readonly outcome: 'applied'; readonly live: KubeObject; readonly lastApplied: 'present' | 'absent' }
  | { readonly outcome: 'dropped'; readonly live: KubeObject }
  | { readonly outcome: 'failed'; readonly message: string }
  | { readonly outcome: 'unverified'; readonly reason: string }
