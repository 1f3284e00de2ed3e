import type { Comparison, IgnoreDifference, SyncResult } from '@rollsync/argocd'
import type { KubeObject } from '@rollsync/manifests'

/** Argo CD under one set of rules, one profile, one compare mode and one set of sync options, as the laws ask it. `deployed` is the manifest of the last sync (where a law does not change Git: the target itself). */
export interface Judge {
  readonly rules: readonly IgnoreDifference[]
  readonly syncOptions: readonly string[]
  readonly compare: (target: KubeObject, live: KubeObject, deployed: KubeObject) => Promise<Comparison>
  /** A full sync of the object, as a commit to any other manifest of the Application brings it. */
  readonly sync: (target: KubeObject, live: KubeObject, deployed: KubeObject) => Promise<SyncResult>
  /** The live object as Argo CD finds it: with its own marks and what an apply of `deployed` defaulted. */
  readonly found: (live: KubeObject, deployed: KubeObject) => KubeObject
  /** The ignore rules alone on one object. */
  readonly strip: (object: KubeObject) => Promise<{ readonly stripped: KubeObject } | { readonly unverified: string }>
  /** The same Argo CD under other rules. */
  readonly withRules: (rules: readonly IgnoreDifference[]) => Judge
}
