import type { KubeObject, ResourceRef } from '@rollsync/manifests'

import type { RolloutsProfile } from './profile.ts'
import type { Quirk } from './quirk.ts'
import type { PodTemplate } from './rollout.ts'
import type { World } from './world.ts'

/**
 * The API server as one sync of one controller sees it. Reads come from the informer cache, which does not change during a sync, however much it writes; every write goes to the
 * API server, is recorded, and answers with what the API server then holds. A refused write throws a ControllerFailure `error` with the API server's text.
 */
export interface Client {
  /** The informer caches: what was true when the sync began. */
  readonly cache: World
  readonly profile: RolloutsProfile
  /** RFC 3339, the time of the whole sync. */
  readonly now: string
  /** From the cache. */
  readonly get: (ref: ResourceRef) => KubeObject | undefined
  /** From the API server itself, past the cache. */
  readonly getLive: (ref: ResourceRef) => KubeObject | undefined
  /** `patch` is exactly what is sent; `strategic` on the objects written here merges as RFC 7386 does. */
  readonly patch: (ref: ResourceRef, type: 'merge' | 'strategic' | 'json', patch: string, subresource?: 'status') => KubeObject
  /** A merge patch, printed as Go prints a map. */
  readonly mergePatch: (ref: ResourceRef, patch: Readonly<Record<string, unknown>>, subresource?: 'status') => KubeObject
  readonly update: (object: KubeObject, subresource?: 'status') => KubeObject
  readonly create: (object: KubeObject) => KubeObject
  readonly remove: (ref: ResourceRef) => void
  readonly note: (quirk: Quirk) => void
  /** The hash of a pod template; `claim` keeps it for that template from now on. */
  readonly hashOf: (template: PodTemplate | undefined) => string
  readonly claimHash: (template: PodTemplate | undefined) => string
}
