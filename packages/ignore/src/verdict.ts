import type { ResourceRef } from '@rollsync/manifests'

export type Law = 'covering' | 'tight' | 'symmetric' | 'minimal' | 'sync-safe' | 'reachable'

/** Where a law does not hold: when, at which object, and what a person would see. */
export interface CounterExample {
  readonly moment: string
  readonly moments: readonly string[]
  readonly resource: ResourceRef
  /** One sentence: what happens, to which field, who loses. */
  readonly what: string
  /** Index into the rules judged, where one rule is to blame. */
  readonly rule?: number
  /** sync-safe: reverts = the route is lost, freezes = Git's change never lands, outage = users get errors. reachable: misrouted. */
  readonly verdict?: 'reverts' | 'freezes' | 'outage' | 'misrouted' | 'unknown'
  /** sync-safe: everything lost is written again by the controller's next reconcile, as weights are; absent where it stays lost. */
  readonly restored?: 'by the next reconcile'
  /** What of the object a law changed in Git to find this, as a noun; absent where Git was left alone. */
  readonly gitChange?: string
}

/** What one law says of one set of rules. `checked` says over what, e.g. `38 states, 12 distinct objects`. */
export interface Verdict {
  readonly law: Law
  readonly verdict: 'holds' | 'broken' | 'unverified'
  readonly checked: string
  readonly counterExamples: readonly CounterExample[]
  /** Why nothing is known, where the verdict is unverified. */
  readonly unverified: readonly string[]
}

export function verdictOf(law: Law, checked: string, counterExamples: readonly CounterExample[], unverified: readonly string[]): Verdict {
  const verdict = counterExamples.length > 0 ? 'broken' : unverified.length > 0 ? 'unverified' : 'holds'
  return { law, verdict, checked, counterExamples, unverified: [...new Set(unverified)] }
}

/** A moment and how many more there are: `step 2 of 9, pods ready and 4 more moments`. */
export function momentsText(moments: readonly string[]): string {
  const rest = moments.length - 1
  return rest <= 0 ? (moments[0] ?? 'no moment') : `${moments[0]} and ${rest} more moment${rest === 1 ? '' : 's'}`
}

export function counted(count: number, noun: string, many: string = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`
}
