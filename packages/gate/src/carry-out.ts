import { type RevertResult, RevertError } from '@rollsync/revert'
import type { GateEffects } from './effects.ts'
import { GateError } from './gate-error.ts'
import type { Decision, GateState, Reverted } from './gate-state.ts'
import { type GitOptions, isPassing, revertRelease } from './git.ts'
import { type Memory, say } from './observe.ts'
import { advance, type Kept } from './open-state.ts'
import { abortPatch, promotePatches } from './patches.ts'
import type { Release } from './release.ts'
import { readRollout } from './rollout-status.ts'

/** The time that is believed. */
export type Clock = () => Date

/** Aborts in the cluster; where it fails, the next turn knows. */
export async function abort(kept: Kept, memory: Memory, clock: Clock, effects: GateEffects): Promise<Kept> {
  try {
    await effects.cluster.patchRollout(kept.state.rollout, abortPatch)
  } catch (error) {
    if (!(error instanceof GateError)) throw error
    say(memory, 'abort', `the abort failed: ${error.message}`, effects)
    memory.abort = 'failed'
    return kept
  }
  effects.progress?.('aborted')
  return advance(kept, { aborted: { at: clock().toISOString() } }, effects.state)
}

/** Sends what the plugin would send to the Rollout as it is now; a step that has moved on meanwhile is left alone. */
export async function promote({ rollout, promote, promoting }: GateState, memory: Memory, effects: GateEffects): Promise<void> {
  try {
    const live = readRollout(await effects.cluster.getRollout(rollout))
    if (promote === 'step' && (live.index ?? null) !== promoting?.index) return
    for (const patch of promotePatches(live, promote)) await effects.cluster.patchRollout(rollout, patch)
  } catch (error) {
    if (!(error instanceof GateError)) throw error
    say(memory, 'promotion', `the promotion failed: ${error.message}`, effects)
  }
}

/** Puts the previous images back; where it fails and may work later, the next turn knows. */
export async function revertInGit(kept: Kept, memory: Memory, clock: Clock, options: GitOptions, effects: GateEffects): Promise<Kept> {
  const { rollout, release, decision } = kept.state
  const reason = options.reason ?? reasonOf(decision)
  try {
    const result = await revertRelease(rollout, release as Release, { ...options, until: 'commit', ...(reason === undefined ? {} : { reason }) }, effects)
    const reverted = revertedBy(result, clock())
    effects.progress?.(reverted.how === 'reverted' ? `commit ${reverted.commit}` : 'Git names the image already')
    return await advance(kept, { reverted }, effects.state)
  } catch (error) {
    if (!(error instanceof RevertError)) throw error
    if (error.code === 'image-moved') return advance(kept, { outcome: { is: 'aborted', why: error.message } }, effects.state)
    if (!isPassing(error)) throw error
    say(memory, 'git', `Git: ${error.message}`, effects)
    memory.gitTrouble = `Git: ${error.message}`
    return kept
  }
}

function reasonOf(decision: Decision | undefined): string | undefined {
  return decision === undefined ? undefined : `${decision.by}${decision.why === undefined ? '' : `: ${decision.why}`}`
}

function revertedBy(result: RevertResult, now: Date): Reverted {
  return {
    at: now.toISOString(),
    how: result.state === 'reverted' ? 'reverted' : 'already there',
    commit: result.commit ?? result.base,
    repository: result.landedOn?.repository ?? '',
    branch: result.landedOn?.branch ?? '',
    sites: result.sites.map((one) => one.id),
    updaters: result.updaters.map(({ updater, what, file, line, stop }) => `${updater}: ${what} (${file}:${line}); ${stop}`),
  }
}
