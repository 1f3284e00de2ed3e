import type { ResourceRef } from '@rollsync/manifests'
import { selfHealDelay, type SelfHealFlags } from './self-heal.ts'

/** An Application's `spec.syncPolicy.automated`; its absence is no auto-sync at all. */
export interface AutomatedPolicy {
  readonly prune?: boolean
  readonly selfHeal?: boolean
  readonly allowEmpty?: boolean
  readonly enabled?: boolean
}

export interface ResourceState {
  readonly ref: ResourceRef
  readonly sync: 'Synced' | 'OutOfSync' | 'Unknown'
  /** Only live holds it. */
  readonly requiresPruning: boolean
}

/** What the controller knows of an Application when it has compared it. Times are seconds on any one clock. */
export interface ApplicationView {
  readonly automated?: AutomatedPolicy
  readonly sync: 'Synced' | 'OutOfSync' | 'Unknown'
  /** The revision that Git names now. */
  readonly revision: string
  readonly resources: readonly ResourceState[]
  readonly operation: 'none' | 'running'
  /** The last operation that has ended. */
  readonly last?: { readonly revision: string; readonly phase: 'Succeeded' | 'Failed' | 'Error'; readonly finishedAt: number; readonly selfHealAttempts: number }
  readonly now: number
}

/** `sync` of `all` resources runs hooks; of a list, which is what self-heal does, it does not. `condition` is a SyncError shown on the Application. */
export type AutoSyncDecision =
  | { readonly decision: 'sync'; readonly resources: 'all' | readonly ResourceRef[]; readonly selfHealAttempts: number }
  | { readonly decision: 'wait'; readonly seconds: number; readonly because: 'self-heal back-off' }
  | {
    readonly decision: 'nothing'
    readonly because: 'not automated' | 'operation running' | 'not OutOfSync' | 'only pruning is left' | 'revision already synced' | 'last sync failed'
      | 'everything would be pruned'
    readonly condition?: string
  }

/** appcontroller.go:2322 autoSync: whether the controller starts a sync now, and of what. A difference that a rule ignores starts none. */
export function autoSync(view: ApplicationView, flags: SelfHealFlags): AutoSyncDecision {
  const { automated, last } = view
  if (!automated || automated.enabled === false) return { decision: 'nothing', because: 'not automated' }
  if (view.operation === 'running') return { decision: 'nothing', because: 'operation running' }
  if (view.sync !== 'OutOfSync') return { decision: 'nothing', because: 'not OutOfSync' }
  const pruningOnly = view.resources.every((resource) => resource.sync === 'Synced' || resource.requiresPruning)
  if (!automated.prune && pruningOnly) return { decision: 'nothing', because: 'only pruning is left' }
  const attempted = last?.revision === view.revision ? last : undefined
  if (attempted && attempted.phase !== 'Succeeded') {
    return { decision: 'nothing', because: 'last sync failed', condition: `Failed last sync attempt to [${attempted.revision}]` }
  }
  if (attempted && !automated.selfHeal) return { decision: 'nothing', because: 'revision already synced' }
  if (attempted) {
    const remaining = attempted.finishedAt + selfHealDelay(attempted.selfHealAttempts, flags) - view.now
    if (remaining > 0) return { decision: 'wait', seconds: remaining, because: 'self-heal back-off' }
  }
  if (automated.prune && !automated.allowEmpty && view.resources.every((resource) => resource.requiresPruning)) {
    const condition = `Skipping sync attempt to [${view.revision}]: auto-sync will wipe out all resources`
    return { decision: 'nothing', because: 'everything would be pruned', condition }
  }
  if (!attempted) return { decision: 'sync', resources: 'all', selfHealAttempts: 0 }
  const differing = view.resources.filter((resource) => resource.sync !== 'Synced').map((resource) => resource.ref)
  return { decision: 'sync', resources: differing, selfHealAttempts: attempted.selfHealAttempts + 1 }
}
