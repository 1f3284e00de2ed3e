import { type CanaryCase, pairsOf } from './canary-case.ts'
import type { Judge } from './judge.ts'
import { syncSafe } from './laws/sync-safe.ts'
import type { AlbSettings } from './routes.ts'
import { type CounterExample, momentsText, type Verdict } from './verdict.ts'

/** One set of sync options, judged. `verdict` is what the law sync-safe says with them. */
export interface OptionsVerdict {
  readonly options: readonly string[]
  readonly verdict: Verdict
  readonly harm: Harm
}

/** Counter-examples by kind. `onAnySync`: those that need no change of Git's to this object; `onChange`: those that do. */
export interface Harm {
  readonly outages: number
  readonly revertsOnAnySync: number
  readonly freezes: number
  readonly revertsOnChange: number
  readonly unknown: number
}

/** What to do about the sync options of one Application. The best comes first in `ranked`; `present` is what stands there now. */
export interface Advice {
  readonly present: OptionsVerdict
  readonly ranked: readonly OptionsVerdict[]
  /** An option that stands there now and without which less is lost. */
  readonly breaks: readonly string[]
}

export interface AdvisedCanary {
  readonly canary: CanaryCase
  readonly alb: AlbSettings | undefined
}

const weighed = ['ApplyOutOfSyncOnly=true', 'RespectIgnoreDifferences=true', 'Replace=true'] as const

/**
 * The sync options that lose least under the rules and the Argo CD version of the judge, each set proven by the law sync-safe over every state. Only ApplyOutOfSyncOnly and
 * RespectIgnoreDifferences are tried as additions; how objects are applied (client-side, server-side) stays as it is.
 */
export async function advise(canaries: readonly AdvisedCanary[], present: readonly string[], judgeOf: (options: readonly string[]) => Judge): Promise<Advice> {
  const others = present.filter((option) => !weighed.some((one) => one === option))
  const sets = [[], ['ApplyOutOfSyncOnly=true'], ['RespectIgnoreDifferences=true'], ['ApplyOutOfSyncOnly=true', 'RespectIgnoreDifferences=true']]
  const judged: OptionsVerdict[] = []
  for (const set of sets) judged.push(await judgedOptions(canaries, [...others, ...set], judgeOf))
  const now = judged.find((one) => sameOptions(one.options, present)) ?? (await judgedOptions(canaries, present, judgeOf))
  const breaks: string[] = []
  for (const option of present.filter((one) => weighed.some((other) => other === one) && one !== 'ApplyOutOfSyncOnly=true')) {
    const without = await judgedOptions(canaries, present.filter((one) => one !== option), judgeOf)
    if (worse(now.harm, without.harm) > 0) breaks.push(option)
  }
  // Of two that lose the same, the one with fewer options.
  const ranked = [...judged].sort((a, b) => worse(a.harm, b.harm) || a.options.length - b.options.length)
  return { present: now, ranked, breaks }
}

function sameOptions(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((option) => b.includes(option))
}

async function judgedOptions(canaries: readonly AdvisedCanary[], options: readonly string[], judgeOf: (options: readonly string[]) => Judge): Promise<OptionsVerdict> {
  const found: CounterExample[] = []
  const unverified: string[] = []
  const checked: string[] = []
  for (const { canary, alb } of canaries) {
    const one = await syncSafe(pairsOf(canary), judgeOf(options), alb)
    found.push(...one.counterExamples)
    unverified.push(...one.unverified)
    checked.push(one.checked)
  }
  const verdict = found.length > 0 ? 'broken' : unverified.length > 0 ? 'unverified' : 'holds'
  return { options, verdict: { law: 'sync-safe', verdict, checked: checked.join('; '), counterExamples: found, unverified: [...new Set(unverified)] }, harm: harmOf(found) }
}

function harmOf(examples: readonly CounterExample[]): Harm {
  const count = (wanted: (one: CounterExample) => boolean): number => examples.filter(wanted).length
  return {
    outages: count((one) => one.verdict === 'outage'),
    revertsOnAnySync: count((one) => one.verdict === 'reverts' && one.gitChange === undefined),
    freezes: count((one) => one.verdict === 'freezes'),
    revertsOnChange: count((one) => one.verdict === 'reverts' && one.gitChange !== undefined),
    unknown: count((one) => one.verdict === 'unknown'),
  }
}

/** Users' errors first, then what any sync loses, then what never lands, then what only a change of the same object loses. */
function worse(a: Harm, b: Harm): number {
  const order = ['outages', 'unknown', 'revertsOnAnySync', 'freezes', 'revertsOnChange'] as const
  for (const kind of order) if (a[kind] !== b[kind]) return a[kind] - b[kind]
  return 0
}

/** The advice in sentences: what to set, what it still loses, and what to move where. */
export function adviceText({ present, ranked, breaks }: Advice): readonly string[] {
  const [best] = ranked
  if (best === undefined) return []
  const moves = breaks.map((option) => moveText(option))
  if (present.verdict.verdict === 'holds') return ['the sync options that stand there lose nothing']
  if (moves.length > 0) return moves
  const change = sameOptions(best.options, present.options) ? 'no other sync options lose less' : `sync options that lose least: ${best.options.join(', ') || 'none'}`
  return [change, ...remaining(best)]
}

/** What to do about a sync option that makes things worse. */
export function moveText(option: string): string {
  switch (option) {
    case 'RespectIgnoreDifferences=true': return 'RespectIgnoreDifferences=true freezes the list that holds the route: take it out, or give the object an Application of its own without it'
    case 'Replace=true': return 'Replace=true writes the whole object anew: take it out, and set it by the annotation argocd.argoproj.io/sync-options on those objects that need it'
    default: return `${option} loses more than the Application does without it`
  }
}

/** What stays exposed, one sentence for each kind of harm. */
function remaining({ verdict: { counterExamples, unverified } }: OptionsVerdict): readonly string[] {
  const kinds = new Map<string, CounterExample[]>()
  for (const one of counterExamples) kinds.set(`${one.verdict} ${one.gitChange === undefined}`, [...(kinds.get(`${one.verdict} ${one.gitChange === undefined}`) ?? []), one])
  const sentences = [...kinds.values()].map((list) => {
    const changes = [...new Set(list.flatMap((one) => one.gitChange ?? []))]
    return `still exposed: ${list[0]?.what ?? ''} at ${momentsText([...new Set(list.flatMap((one) => one.moments))])}${changes.length === 0 ? '' : `, if Git changes ${changes.join(', ')} of it`}`
  })
  return [...sentences, ...unverified.map((reason) => `unverified: ${reason}`)]
}
