import type { ExploredCanary } from '@rollsync/ignore'
import { alike } from './alike.ts'
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
  return async (facts) => answerOf(await judgeOnce(facts, [], judging), asItIs)
}

/** Judges Rollouts that are equal but for names once: the controllers tell names apart only by which are the same, and by their order and length, which made-up names keep. */
export function sharedJudge(judging: Judging): JudgeScope {
  const judged = new Map<string, Judged>()
  return async (facts) => {
    // System-level rules may name objects, and are not among the facts.
    const form = judging.argocdCm === undefined && isBlindToNames(facts) ? alike(facts, namesIn(facts)) : undefined
    if (form === undefined) return answerOf(await judgeOnce(facts, [], judging), asItIs)
    const known = judged.get(form.key)
    if (known !== undefined) return answerOf(known, form.renamed(known.names))
    const canonical = form.canonical()
    if (canonical === undefined) return answerOf(await judgeOnce(facts, [], judging), asItIs)
    const made = await judgeOnce(canonical.value, canonical.names, judging)
    judged.set(form.key, made)
    return answerOf(made, form.renamed(made.names))
  }
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

async function judgeOnce(facts: ScopeFacts, names: readonly string[], judging: Judging): Promise<Judged> {
  const judgement = await judgeFacts(facts, judging)
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
