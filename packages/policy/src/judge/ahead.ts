import { jqEngine, readCustomSchemas } from '@rollsync/argocd'
import type { KubeObject } from '@rollsync/manifests'
import type { Profiles } from '../judged-canary.ts'
import type { ScopeFacts } from './facts.ts'
import { judgeFacts, type Judgement } from './judge-facts.ts'

/** What several threads judge together: each takes what no other one has taken, by a mark in `taken`. Can be sent to a thread. */
export interface SharedWork {
  readonly facts: readonly ScopeFacts[]
  readonly taken: SharedArrayBuffer
  readonly profiles: Profiles
  /** The CustomResourceDefinitions of the repository. */
  readonly definitions: readonly KubeObject[]
}

/** What a thread found of one of the facts; `judgement` is undefined for a thread that ends without what it took. */
export type TellJudgement = (index: number, judgement: Judgement) => void

/** Starts threads that run `judgeShared` on the work; `ended` is told of one that ends before its time. */
export type StartThreads = (work: SharedWork, tell: TellJudgement, ended: () => void) => { readonly stop: () => Promise<void> }

/** Threads for the work of many forms: from `least` forms on, those that are still to come, they earn what their start costs. */
export interface JudgeThreads {
  readonly start: StartThreads
  readonly least: number
}

/** Facts that are judged in this thread and in others, by index. */
export interface Ahead {
  readonly judgement: (index: number, here: () => Promise<Judgement>) => Promise<Judgement>
  readonly stop: () => Promise<void>
}

/** The work of one thread: from the last one on, as whoever started it begins with the first. */
export async function judgeShared({ facts, taken, profiles, definitions }: SharedWork, tell: TellJudgement): Promise<void> {
  const jq = jqEngine({ gojq: profiles.argocd.gojq })
  const judging = { ...profiles, schemas: readCustomSchemas(definitions), jq }
  try {
    for (const [index, one] of [...facts.entries()].toReversed()) if (take(taken, index)) tell(index, await judgeFacts(one, judging))
  } finally {
    await jq.close?.()
  }
}

export function judgeAhead(work: Omit<SharedWork, 'taken'>, start: StartThreads): Ahead {
  const taken = new SharedArrayBuffer(work.facts.length * Int32Array.BYTES_PER_ELEMENT)
  const answers = work.facts.map(() => awaited())
  const running = start({ ...work, taken }, (index, judgement) => answers[index]?.settle(judgement), () => { for (const one of answers) one.settle(undefined) })
  return {
    // What a thread took and left, as it ended, is judged here after all.
    judgement: async (index, here) => (take(taken, index) ? here() : ((await answers[index]?.answer) ?? here())),
    stop: running.stop,
  }
}

/** True for whoever comes first. */
function take(taken: SharedArrayBuffer, index: number): boolean {
  return Atomics.compareExchange(new Int32Array(taken), index, 0, 1) === 0
}

interface Awaited {
  readonly answer: Promise<Judgement | undefined>
  readonly settle: (judgement: Judgement | undefined) => void
}

function awaited(): Awaited {
  let settle: Awaited['settle'] = () => undefined
  const answer = new Promise<Judgement | undefined>((resolve) => (settle = resolve))
  return { answer, settle: (judgement) => settle(judgement) }
}
