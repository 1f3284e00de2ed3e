import type { ArgocdProfile } from '@rollsync/argocd'
import type { LbcProfile } from '@rollsync/lbc'
import type { KubeObject, Manifest, Pointer } from '@rollsync/manifests'
import type { RolloutsProfile, ValidationError, World } from '@rollsync/rollouts'
import type { AlbSettings, Anchor, CanaryCase, ExploredCanary, Law, NoAnchor, Verdict } from '@rollsync/ignore'
import type { FailingExpression } from './judge/judge-facts.ts'
import type { ApplicationScope, CanaryScope } from './discover/repository.ts'

/** One version of each controller. */
export interface Profiles {
  readonly argocd: ArgocdProfile
  readonly rollouts: RolloutsProfile
  readonly lbc?: LbcProfile
}

/** What Git's Ingress should hold of a canary's managed routes. */
export interface AnchoredIngress {
  /** As it is deployed; `manifest` is where a person edits it. */
  readonly object: KubeObject
  readonly manifest: Manifest
  readonly alb: AlbSettings
  readonly anchors: readonly (Anchor | NoAnchor)[]
}

/** One Rollout as one Application's objects see it, with what was proven of it. `application` owns the objects of `canary`; it need not be the Rollout's own. */
export interface JudgedCanary {
  readonly scope: CanaryScope
  readonly application: ApplicationScope | undefined
  readonly canary: CanaryCase
  readonly explored: ExploredCanary
  /** How many states were explored. */
  readonly stateCount: number
  /** The objects that the Rollout is simulated with, as Git holds them, itself among them. */
  readonly world: World
  readonly profiles: Profiles
  readonly argocd: string
  readonly syncOptions: readonly string[]
  /** The controller rejects the Rollout: no canary ever runs. */
  readonly invalid: boolean
  readonly verdicts: readonly Verdict[]
  /** Expressions of the Application that fail at run time in some state. */
  readonly failing: readonly FailingExpression[]
  /** What the controller says of the Rollout and of what it refers to; `doubtful` are pointers of what it may refuse or not. */
  readonly faults: readonly ValidationError[]
  readonly doubtful: readonly Pointer[]
  readonly verdict: (law: Law) => Verdict | undefined
  readonly anchors: () => readonly AnchoredIngress[]
}
