import type { Manifest } from '@rollsync/manifests'
import type { AlbSettings, Anchor, CanaryCase, Law, NoAnchor, Verdict } from '@rollsync/ignore'
import type { ApplicationScope, CanaryScope } from './discover/repository.ts'

/** What Git's Ingress should hold of a canary's managed routes. */
export interface AnchoredIngress {
  readonly manifest: Manifest
  readonly alb: AlbSettings
  readonly anchors: readonly (Anchor | NoAnchor)[]
}

/** One Rollout as one Application's objects see it, with what was proven of it. `application` owns the objects of `canary`; it need not be the Rollout's own. */
export interface JudgedCanary {
  readonly scope: CanaryScope
  readonly application: ApplicationScope | undefined
  readonly canary: CanaryCase
  readonly argocd: string
  readonly syncOptions: readonly string[]
  /** The controller rejects the Rollout: no canary ever runs. */
  readonly invalid: boolean
  readonly verdicts: readonly Verdict[]
  readonly verdict: (law: Law) => Verdict | undefined
  readonly anchors: () => readonly AnchoredIngress[]
}
