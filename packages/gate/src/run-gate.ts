import { RevertError } from '@rollsync/revert'
import { abort, type Clock, promote, revertInGit } from './carry-out.ts'
import type { ObjectName } from './cluster.ts'
import { type Action, decide } from './decide.ts'
import type { GateEffects } from './effects.ts'
import { GateError } from './gate-error.ts'
import type { Decision, GateState, OnDeadline, Reverted } from './gate-state.ts'
import { broughtBy, type GitOptions, isPassing, revertRelease } from './git.ts'
import { freshMemory, type Memory, observe, say } from './observe.ts'
import { advance, type Kept, openState } from './open-state.ts'
import type { Outcome } from './outcome.ts'
import { imagesOf, type Release } from './release.ts'
import { readRollout } from './rollout-status.ts'
import { type Believed, believe } from './steady-clock.ts'

/** Which Rollout, how long, and what to do. Where the state file holds a gate already, its deadline and its wishes count and not these. */
export interface GateOptions extends GitOptions {
  readonly rollout: ObjectName
  /** 1800 where not given. */
  readonly deadlineSeconds?: number
  /** `revert` where not given: abort in the cluster, and put the previous image back in Git. */
  readonly onDeadline?: OnDeadline
  /** `step` where not given: past the pause at which the Rollout stands or comes to stand. */
  readonly promote?: 'step' | 'full'
  /** Only a release that runs this image. */
  readonly image?: string
  /** The Argo CD Application that must be Synced and Healthy after a roll back. */
  readonly application?: ObjectName
  /** How long it may take to carry out the decision; 600 where not given. */
  readonly settleSeconds?: number
  /** Between two looks; 5 where not given. */
  readonly pollSeconds?: number
}

/** What came of a gate. `--format json` prints this. */
export interface GateResult {
  readonly version: 1
  readonly outcome: Outcome
  readonly rollout: ObjectName
  readonly openedAt: string
  readonly deadline: string
  readonly release?: { readonly podHash: string; readonly from: readonly string[]; readonly to: readonly string[] }
  readonly decision?: Decision
  readonly reverted?: Reverted
  /** Seconds from the opening to the decision, and from the decision to each step behind it. */
  readonly took: { readonly decision?: number; readonly abort?: number; readonly commit?: number; readonly settled?: number }
}

/**
 * Waits for the decision on one release of a Rollout and carries it out. Killed at any point and called again with the same state, it ends in the same decision, one commit and
 * nothing lost. Throws a GateError, or a RevertError where Git cannot be written for a reason that waiting does not mend.
 */
export async function runGate(options: GateOptions, effects: GateEffects): Promise<GateResult> {
  const clock = steadyClock(effects)
  const memory = freshMemory(clock())
  let kept = await open(options, clock, effects)
  for (;;) {
    const time = clock()
    const seen = await observe(kept.state, memory, options, effects)
    const action = decide(kept.state, seen, time)
    switch (action.do) {
      case 'finish': return resultOf(kept.state, action.outcome, time)
      case 'record':
        kept = await record(kept, action, options, effects)
        break
      case 'abort': kept = await abort(kept, memory, clock, effects)
        break
      case 'revert': kept = await revertInGit(kept, memory, clock, options, effects)
        break
      case 'promote': await promote(kept.state, memory, effects)
        await pause(options, memory, effects)
        break
      case 'wait': say(memory, 'wait', `waiting for ${action.for}${timeLeft(kept.state, time)}`, effects)
        await pause(options, memory, effects)
        break
      default: action satisfies never
    }
  }
}

function steadyClock({ now, elapsed }: GateEffects): Clock {
  let believed: Believed | undefined
  return () => {
    believed = believe(believed, { wall: now().getTime(), elapsed: elapsed() })
    return new Date(believed.time)
  }
}

async function pause({ pollSeconds = 5 }: GateOptions, memory: Memory, effects: GateEffects): Promise<void> {
  await effects.sleep(pollSeconds * 1000)
  memory.abort = 'untried'
  memory.gitTrouble = undefined
}

async function open(options: GateOptions, clock: Clock, effects: GateEffects): Promise<Kept> {
  const now = clock()
  const { rollout, image, application, deadlineSeconds = 1800, onDeadline = 'revert', promote = 'step', settleSeconds = 600 } = options
  const fresh: GateState = {
    version: 1, rollout, openedAt: now.toISOString(), deadline: new Date(now.getTime() + deadlineSeconds * 1000).toISOString(), onDeadline, promote, settleSeconds,
    ...(image === undefined ? {} : { image }), ...(application === undefined ? {} : { application }),
  }
  const held = await effects.state.read()
  // A name that does not exist shows at once, and not when half an hour has passed; a gate that goes on may find the cluster away for a while.
  if (held === undefined) {
    await effects.cluster.getRollout(rollout)
    if (application !== undefined) await effects.cluster.getApplication(application)
  }
  if (held === undefined) await proveRights(fresh, effects)
  const kept = await openState(fresh, effects.state)
  if (held !== undefined) effects.progress?.(`going on with ${effects.state.name}, opened ${kept.state.openedAt}`)
  if (kept.state.outcome === undefined) effects.progress?.(`deadline ${kept.state.deadline}, then: ${kept.state.onDeadline}`)
  else await refuseOtherRelease(kept.state, effects)
  return kept
}

/** A right that is missing shows at once too, where something is to be done in the end; only a Rollout that is decided elsewhere needs none. */
async function proveRights({ rollout, onDeadline }: GateState, effects: GateEffects): Promise<void> {
  if ((await effects.cluster.mayPatchRollout?.(rollout)) !== 'no') return
  const error = new GateError('denied', `the status of Rollout ${rollout.namespace}/${rollout.name} may not be patched, so it could be neither promoted nor aborted`, { hint: 'docs/gate.md lists the rights that a gate needs' })
  if (onDeadline !== 'nothing') throw error
  effects.progress?.(error.message)
}

/** A finished gate answers the same again, unless the cluster is at another release: then its answer would be taken for that one's. */
async function refuseOtherRelease({ rollout, release, outcome }: GateState, effects: GateEffects): Promise<void> {
  if (release === undefined || outcome === undefined) return
  const { podHash, stableHash } = readRollout(await effects.cluster.getRollout(rollout))
  if (podHash === stableHash || podHash === release.podHash) return
  throw new GateError('other-gate', `${effects.state.name} is of release ${release.podHash}, which is decided (${outcome.is}); release ${podHash} is under way`, { hint: 'each build needs a state file of its own' })
}

async function record(kept: Kept, { change, because }: Extract<Action, { readonly do: 'record' }>, options: GateOptions, effects: GateEffects): Promise<Kept> {
  if (change.release !== undefined) await proveRevertible(kept.state, change.release, options, effects)
  const { release, rollout } = kept.state
  // Git could not be asked when the release was first seen: now it must be, before anything is rolled back.
  if (change.decision?.verdict === 'roll back' && release?.broughtBy === 'unknown') {
    const now = await broughtBy(rollout, release, options, effects).catch(() => 'unknown' as const)
    if (now !== 'unknown') return advance(kept, { release: { ...release, broughtBy: now } }, effects.state)
  }
  effects.progress?.(because)
  return advance(kept, change, effects.state)
}

/** In steps of five minutes, which also tells a CI that the job is alive. */
function timeLeft({ decision, deadline }: GateState, now: Date): string {
  const minutes = (Date.parse(deadline) - now.getTime()) / 60_000
  if (decision !== undefined || minutes <= 0) return ''
  return minutes <= 5 ? '; less than 5 minutes left' : `; less than ${Math.ceil(minutes / 5) * 5} minutes left`
}

/** Whether a revert could be written is found out while there is time to mend it. */
async function proveRevertible({ rollout, onDeadline }: GateState, release: Release, options: GitOptions, effects: GateEffects): Promise<void> {
  const { from, to } = imagesOf(release)
  if (to.length === 0) return effects.progress?.('this release changes no image: a roll back will abort it and leave Git as it is')
  effects.progress?.(`${from.join(', ')}; a roll back restores ${to.join(', ')}`)
  if (release.broughtBy === 'a revert') return effects.progress?.('its image was put into Git by a revert: it will not be rolled back')
  await revertRelease(rollout, release, { ...options, until: 'plan' }, effects).catch((error: unknown) => {
    if (!(error instanceof RevertError)) throw error
    if (onDeadline === 'revert' && !isPassing(error)) throw error
    effects.progress?.(`Git could not be reverted now: ${error.message}`)
  })
}

function resultOf({ version, rollout, openedAt, deadline, release, decision, aborted, reverted }: GateState, outcome: Outcome, now: Date): GateResult {
  const seconds = (from: string | undefined, to: string | Date | undefined): number | undefined => (from === undefined || to === undefined ? undefined : Math.round((new Date(to).getTime() - Date.parse(from)) / 1000))
  const took = { decision: seconds(openedAt, decision?.at), abort: seconds(decision?.at, aborted?.at), commit: seconds(decision?.at, reverted?.at), settled: seconds(decision?.at, now) }
  return {
    version, outcome, rollout, openedAt, deadline,
    ...(release === undefined ? {} : { release: { podHash: release.podHash, ...imagesOf(release) } }),
    ...(decision === undefined ? {} : { decision }),
    ...(reverted === undefined ? {} : { reverted }),
    took: Object.fromEntries(Object.entries(took).filter(([, value]) => value !== undefined)),
  }
}
