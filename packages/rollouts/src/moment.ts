/** Where a Rollout stands. `index` counts the steps from 0; `of` is their number. */
export type Place =
  | { readonly at: 'deploying' }
  | { readonly at: 'idle' }
  | { readonly at: 'step'; readonly index: number; readonly of: number }
  | { readonly at: 'updating' }
  | { readonly at: 'aborted' }
  | { readonly at: 'invalid' }
  | { readonly at: 'gone' }

/** When a state is seen: after which event (0 is the deploy, k the k-th listed event), at what time, with which pods, and where the Rollout stands. */
export type Moment = {
  readonly event: number
  readonly clock: string
  /** starting: Argo CD would look at this very state for seconds to minutes. unavailable: pods are missing that do not come. */
  readonly pods: 'starting' | 'ready' | 'unavailable'
} & Place

/** A moment in a person's words: `after event 3 (2026-01-01T00:01:02Z): at step 4 of 9, pods starting`. Steps are counted from 1 here. */
export function describeMoment(moment: Moment): string {
  const after = moment.event === 0 ? 'after the deploy' : `after event ${moment.event}`
  return `${after} (${moment.clock}): ${describePlace(moment)}${moment.pods === 'ready' ? '' : `, pods ${moment.pods}`}`
}

/** Where a Rollout stands, in a few words; steps are counted from 1. */
export function describePlace(place: Place): string {
  switch (place.at) {
    case 'deploying': return 'first deploy'
    case 'idle': return 'idle, no canary'
    case 'step': return place.index === place.of ? `all ${place.of} steps done, not promoted yet` : `at step ${place.index + 1} of ${place.of}`
    case 'updating': return 'updating without steps'
    case 'aborted': return 'aborted'
    case 'invalid': return 'the Rollout is invalid'
    case 'gone': return 'the Rollout is gone'
    default: return place satisfies never
  }
}
