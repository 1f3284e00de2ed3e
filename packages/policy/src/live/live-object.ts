import type { Comparison } from '@rollsync/argocd'
import type { ArmedTrap, Attribution, CounterExample } from '@rollsync/ignore'
import type { KubeObject, ResourceRef } from '@rollsync/manifests'
import type { ApplicationScope, DeployedObject } from '../discover/repository.ts'
import type { JudgedCanary } from '../judged-canary.ts'

/** An object of a canary as the cluster holds it now, with what Argo CD says of it now and would do to it with the next sync. */
export interface LiveObject {
  readonly resource: ResourceRef
  /** As Git holds it, with the place where a person edits it. */
  readonly deployed: DeployedObject
  readonly live: KubeObject
  readonly application: ApplicationScope
  /** Every Rollout whose controller may write the object. */
  readonly canaries: readonly JudgedCanary[]
  /** Where the Rollouts stand, as their status says: `service web is at step 2 of 9, paused`. Empty where no live Rollout was given. */
  readonly moment: string
  /** Whether all its Rollouts were given, with the strategy that Git holds: only then does the cluster go through the states that are known. */
  readonly rollouts: 'as in Git' | 'other or not given'
  /** The comparison with what was applied last; a change in Git that the next sync brings is no drift. */
  readonly comparison: Comparison
  /** Every difference from what was applied last, with who made it; what Argo CD sees of them is `visible`. */
  readonly differences: readonly (Attribution & { readonly visible: 'yes' | 'no' })[]
  /** What the next sync of Git's object does to it. */
  readonly harms: readonly CounterExample[]
  readonly traps: readonly ArmedTrap[]
  /** Whether what was applied last is known. */
  readonly unverified: readonly string[]
}

/** An Application as the cluster holds it now, beside the one in Git. */
export interface LiveApplication {
  readonly application: ApplicationScope
  readonly live: KubeObject
}

/** What was given of a cluster, as far as it belongs to what Git holds. `others` counts objects of which Git holds nothing here. */
export interface LiveState {
  readonly objects: readonly LiveObject[]
  readonly applications: readonly LiveApplication[]
  readonly others: number
}
