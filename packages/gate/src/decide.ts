import type { GateState, Verdict } from './gate-state.ts'
import type { Outcome } from './outcome.ts'
import { imagesOf, type Release } from './release.ts'
import type { RolloutStatus } from './rollout-status.ts'
import type { Standing } from './standing.ts'
import type { Wish } from './wish.ts'

/** One look at everything that a gate depends on. */
export interface Observation {
  /** When this process began to look: each start has the whole time to carry out what was decided. */
  readonly since: Date
  /** undefined where the API server did not answer. */
  readonly rollout: RolloutStatus | undefined
  /** A release that is seen for the first time; `stable already` where the awaited image is promoted. */
  readonly found: Release | 'stable already' | undefined
  /** undefined before there is a release, and where the API server did not answer. */
  readonly standing: Standing | undefined
  /** For how many looks in a row the release has stood there. */
  readonly looks: number
  readonly wish: Wish | undefined
  /** Of the Application at the commit of the revert; `there`: Synced and Healthy at it or at a later one. */
  readonly argocd: { readonly stands: 'not asked' | 'there' } | { readonly stands: 'elsewhere'; readonly why: string }
  /** `failed`: it was tried since the last look and the cluster refused or did not answer. */
  readonly abort: 'untried' | 'failed'
  /** Why Git could not be written since the last look, where it may work later. */
  readonly gitTrouble: string | undefined
}

/** What to do next. `record` writes the change into the state file; whoever is first there decides. */
export type Action =
  | { readonly do: 'wait'; readonly for: string }
  | { readonly do: 'record'; readonly change: Partial<GateState>; readonly because: string }
  | { readonly do: 'promote' }
  | { readonly do: 'abort' }
  | { readonly do: 'revert' }
  | { readonly do: 'finish'; readonly outcome: Outcome }

/** The whole gate as a function of what it remembers, what it sees and what time it is. */
export function decide(state: GateState, seen: Observation, now: Date): Action {
  if (state.outcome !== undefined) return { do: 'finish', outcome: state.outcome }
  if (state.release === undefined) return awaitRelease(state, seen, now)
  if (state.decision === undefined) return awaitDecision(state, state.release, seen, now)
  switch (state.decision.verdict) {
    case 'promote': return carryOutPromotion(state, seen, now)
    case 'roll back': return carryOutRollBack(state, seen, now)
    case 'abort': return carryOutAbort(state, seen, now)
    case 'leave': return end(left(state))
    default: return state.decision.verdict satisfies never
  }
}

function end(outcome: Outcome): Action {
  return { do: 'record', change: { outcome }, because: outcome.is }
}

function isPast(time: string, now: Date): boolean {
  return now.getTime() >= Date.parse(time)
}

function awaitRelease(state: GateState, { found, rollout }: Observation, now: Date): Action {
  if (found === 'stable already') return end({ is: 'promoted', how: 'fully' })
  if (found !== undefined) return { do: 'record', change: { release: found }, because: `release ${found.podHash}` }
  if (!isPast(state.deadline, now)) return { do: 'wait', for: rollout === undefined ? 'the API server' : 'a release' }
  return end({ is: 'left alone', because: 'no release', why: `until ${state.deadline} the Rollout was asked for ${state.image === undefined ? 'nothing new' : `no pods with ${state.image}`}` })
}

/** What is seen at two looks in a row is believed; a condition of the Rollout can be a sync behind. */
const believed = 2

function awaitDecision(state: GateState, release: Release, { standing, looks, wish, rollout }: Observation, now: Date): Action {
  const by = (verdict: Verdict, by: 'rollout' | 'deadline', why: string): Action => record(release, { verdict, by, at: now.toISOString(), why })
  switch (standing) {
    case 'promoted': return by('promote', 'rollout', 'it is stable')
    case 'aborted': return by('roll back', 'rollout', rollout?.message === undefined || rollout.message === '' ? 'aborted' : rollout.message)
    case 'undone': return by('roll back', 'rollout', 'undone')
    case 'superseded': return by('leave', 'rollout', `superseded by release ${rollout?.podHash ?? ''}`)
    case 'degraded': if (looks >= believed) return by('roll back', 'rollout', rollout?.message === undefined || rollout.message === '' ? 'degraded' : rollout.message)
      break
    case 'let through': if (looks >= believed) return by('promote', 'rollout', rollout?.promoteFull === 'yes' ? 'promoted fully' : 'past its last pause')
      break
    case 'under way': case 'settling': case undefined: break
    default: return standing satisfies never
  }
  if (wish !== undefined) return record(release, { ...wish, at: now.toISOString() })
  if (!isPast(state.deadline, now)) return { do: 'wait', for: standing === undefined ? 'the API server' : standing === 'settling' ? 'the controller' : 'a decision' }
  // A person was faster by less than a look: the next one tells.
  if (standing === 'let through' && looks < believed) return { do: 'wait', for: 'a second look' }
  return by(verdicts[state.onDeadline], 'deadline', `no decision until ${state.deadline}`)
}

const verdicts = { revert: 'roll back', abort: 'abort', promote: 'promote', nothing: 'leave' } as const

/** A decision as it goes into the state file: the release of a revert is never rolled back. */
function record(release: Release, decision: NonNullable<GateState['decision']>): Action {
  const isRevert = decision.verdict === 'roll back' && release.broughtBy === 'a revert'
  const verdict = isRevert ? 'leave' : decision.verdict
  return { do: 'record', change: { decision: { ...decision, verdict } }, because: `${verdict}, by ${decision.by}` }
}

function left({ decision, release }: GateState): Outcome {
  const why = decision?.why ?? ''
  if (release?.broughtBy === 'a revert' && !why.startsWith('superseded')) return { is: 'left alone', because: 'the release is a revert', why: `the image in Git was put there by a revert, and a revert is never reverted (${why})` }
  return { is: 'left alone', because: decision?.by === 'deadline' ? 'deadline' : 'superseded', why }
}

function overdue(state: GateState, { since }: Observation, now: Date, why: string): Action {
  const decided = Math.max(since.getTime(), Date.parse(state.decision?.at ?? state.openedAt))
  // What a person let through goes through its own steps: the deadline is theirs too.
  const from = state.decision?.by === 'rollout' && state.decision.verdict === 'promote' ? Math.max(decided, Date.parse(state.deadline)) : decided
  return now.getTime() < from + state.settleSeconds * 1000 ? { do: 'wait', for: why } : { do: 'finish', outcome: { is: 'not carried out', why } }
}

function carryOutPromotion(state: GateState, seen: Observation, now: Date): Action {
  const { standing, rollout, looks } = seen
  const failed = (why: string): Action => record(state.release as Release, { verdict: 'roll back', by: 'rollout', at: now.toISOString(), why: `${why} after the decision to promote` })
  if (standing === undefined || rollout === undefined) return overdue(state, seen, now, 'the API server')
  switch (standing) {
    case 'promoted': return end({ is: 'promoted', how: 'fully' })
    case 'aborted': return failed('aborted')
    case 'undone': return failed('undone')
    case 'superseded': return end({ is: 'left alone', because: 'superseded', why: `superseded by release ${rollout.podHash} after the decision to promote` })
    case 'degraded': return looks >= believed ? failed('degraded') : { do: 'wait', for: 'a second look' }
    case 'settling': return overdue(state, seen, now, 'the controller')
    case 'let through': case 'under way': break
    default: return standing satisfies never
  }
  if (state.decision?.by === 'rollout') return overdue(state, seen, now, 'the promotion of the last pods')
  return state.promote === 'full' ? promoteFully(state, rollout, seen, now) : promoteStep(state, rollout, seen, now)
}

function promoteFully(state: GateState, rollout: RolloutStatus, seen: Observation, now: Date): Action {
  if (rollout.promoteFull !== 'yes') return { do: 'promote' }
  return overdue(state, seen, now, 'the promotion of the last pods')
}

function promoteStep(state: GateState, rollout: RolloutStatus, seen: Observation, now: Date): Action {
  const isPaused = rollout.pauseConditions === 'some' || rollout.specPaused === 'yes'
  if (state.promoting === undefined) {
    if (isPaused) return { do: 'record', change: { promoting: { index: rollout.index ?? null, at: now.toISOString() } }, because: `promoting step ${rollout.index ?? ''}`.trimEnd() }
    return overdue(state, seen, now, 'a pause to promote')
  }
  if (rollout.index !== undefined && rollout.index !== state.promoting.index) return end({ is: 'promoted', how: 'one step' })
  return isPaused ? { do: 'promote' } : overdue(state, seen, now, rollout.index === undefined ? 'the promotion of the last pods' : 'the next step')
}

/** There is something to abort: the bad release is still what the cluster is asked for. */
function canAbort(state: GateState, standing: Standing | undefined): boolean {
  return state.aborted === undefined && (standing === 'under way' || standing === 'let through' || standing === 'degraded')
}

function carryOutAbort(state: GateState, seen: Observation, now: Date): Action {
  const { standing, abort } = seen
  if (canAbort(state, standing)) return abort === 'untried' ? { do: 'abort' } : overdue(state, seen, now, 'the cluster to take the abort')
  if (standing === undefined || standing === 'settling') return overdue(state, seen, now, 'the API server')
  return end({ is: 'aborted', why: 'Git still names the image of the release, as asked' })
}

function carryOutRollBack(state: GateState, seen: Observation, now: Date): Action {
  const { standing, abort, argocd, gitTrouble } = seen
  if (canAbort(state, standing) && abort === 'untried') return { do: 'abort' }
  if (state.reverted === undefined) {
    // Git does not wait for a cluster that does not answer.
    if (imagesOf(state.release as Release).to.length > 0) return gitTrouble === undefined ? { do: 'revert' } : overdue(state, seen, now, gitTrouble)
    if (standing === undefined) return overdue(state, seen, now, 'the API server')
    return canAbort(state, standing) ? overdue(state, seen, now, 'the cluster to take the abort') : end({ is: 'aborted', why: 'the release changed no image: what it changed still stands in Git' })
  }
  if (canAbort(state, standing)) return overdue(state, seen, now, 'the cluster to take the abort')
  if (standing === undefined || standing === 'settling') return overdue(state, seen, now, standing === undefined ? 'the API server' : 'the controller')
  if (argocd.stands === 'elsewhere') return overdue(state, seen, now, argocd.why)
  return end({ is: 'rolled back', argocd: argocd.stands === 'there' ? 'Synced and Healthy' : 'not asked' })
}
