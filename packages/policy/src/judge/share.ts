import type { ExploredCanary } from '@rollsync/ignore'
import type { Ahead } from './ahead.ts'
import { alike, type Alike } from './alike.ts'
import { isBlindToNames, namesIn, type ScopeFacts } from './facts.ts'
import { anchorsIn, type FoundAnchors, judgeFacts, type Judgement, type Judging } from './judge-facts.ts'

/** A judgement and the anchors of one Rollout. What many moments hold is put under its names when it is asked for. */
export interface ScopeAnswer {
  readonly explored: ExploredCanary
  readonly verdicts: Judgement['verdicts']
  readonly failing: Judgement['failing']
  readonly faults: Judgement['faults']
  readonly doubtful: Judgement['doubtful']
  readonly stateCount: number
  readonly anchors: () => readonly FoundAnchors[]
}

export type JudgeScope = (facts: ScopeFacts) => Promise<ScopeAnswer>

/** Judges every Rollout by itself. */
export function plainJudge(judging: Judging): JudgeScope {
  return async (facts) => answerOf(judgedAs(facts, [], await judgeFacts(facts, judging), judging), asItIs)
}

/** The same for many Rollouts. `ahead` lets threads judge what is to come; `forms` is how many differ in more than names so far. */
export interface SharedJudge {
  readonly judge: JudgeScope
  readonly forms: () => number
  readonly ahead: (coming: readonly ScopeFacts[], start: (facts: readonly ScopeFacts[]) => Ahead | undefined) => void
  readonly stop: () => Promise<void>
}

/** Judges Rollouts that are equal but for names once: the controllers tell names apart only by which are the same, and by their order and length, which made-up names keep. */
export function sharedJudge(judging: Judging): SharedJudge {
  const judged = new Map<string, Judged>()
  const planned = new Map<ScopeFacts, Planned>()
  const jobs = new Map<string | ScopeFacts, number>()
  let running: Ahead | undefined
  let alone = 0
  const judgement = (facts: ScopeFacts, job: number | undefined): Promise<Judgement> => {
    const here = async (): Promise<Judgement> => judgeFacts(facts, judging)
    return job === undefined || running === undefined ? here() : running.judgement(job, here)
  }
  const judge: JudgeScope = async (facts) => {
    const { form, canonical } = planned.get(facts) ?? plan(facts, judged, judging)
    planned.delete(facts)
    const known = form === undefined ? undefined : judged.get(form.key)
    if (form !== undefined && known !== undefined) return answerOf(known, form.renamed(known.names))
    const made = canonical?.()
    if (form === undefined || made === undefined) {
      alone += 1
      return answerOf(judgedAs(facts, [], await judgement(facts, jobs.get(facts)), judging), asItIs)
    }
    const first = judgedAs(made.value, made.names, await judgement(made.value, jobs.get(form.key)), judging)
    judged.set(form.key, first)
    return answerOf(first, form.renamed(first.names))
  }
  return {
    judge,
    forms: () => judged.size + alone,
    ahead: (coming, start) => {
      for (const one of coming) planned.set(one, plan(one, judged, judging))
      running = start(jobsOf(planned, judged, jobs))
    },
    stop: async () => running?.stop(),
  }
}

/** What is to be judged once each, in the order in which it is needed; `jobs` gets the place of each by its form, or by itself. */
function jobsOf(planned: ReadonlyMap<ScopeFacts, Planned>, judged: ReadonlyMap<string, Judged>, jobs: Map<string | ScopeFacts, number>): readonly ScopeFacts[] {
  const facts: ScopeFacts[] = []
  for (const [one, { form, canonical }] of planned) {
    const made = canonical?.()
    const key = form === undefined || made === undefined ? one : form.key
    if (jobs.has(key) || (form !== undefined && judged.has(form.key))) continue
    jobs.set(key, facts.push(made?.value ?? one) - 1)
  }
  return facts
}

interface Planned {
  readonly form: Alike<ScopeFacts> | undefined
  readonly canonical: Alike<ScopeFacts>['canonical'] | undefined
}

function plan(facts: ScopeFacts, judged: ReadonlyMap<string, Judged>, { argocdCm }: Judging): Planned {
  // System-level rules may name objects, and are not among the facts.
  const form = argocdCm === undefined && isBlindToNames(facts) ? alike(facts, namesIn(facts)) : undefined
  return { form, canonical: form === undefined || judged.has(form.key) ? undefined : once(form.canonical) }
}

function asItIs<R>(answer: R): R {
  return answer
}

interface Judged {
  /** The made-up names under which it was judged. */
  readonly names: readonly string[]
  readonly judgement: Judgement
  readonly anchors: () => readonly FoundAnchors[]
}

function judgedAs(facts: ScopeFacts, names: readonly string[], judgement: Judgement, judging: Judging): Judged {
  return { names, judgement, anchors: once(() => anchorsIn(facts, judging.rollouts, judgement.explored)) }
}

function answerOf({ judgement, anchors }: Judged, renamed: <R>(answer: R) => R): ScopeAnswer {
  const { verdicts, failing, faults, doubtful } = judgement
  const { states, ...rest } = judgement.explored
  const named = once(() => renamed(states))
  return {
    explored: { ...renamed(rest), get states() { return named() } },
    ...renamed({ verdicts, failing, faults, doubtful }),
    stateCount: states.length,
    anchors: once(() => renamed(anchors())),
  }
}

export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
