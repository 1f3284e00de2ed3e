import type { RolloutPatch } from './cluster.ts'
import type { RolloutStatus } from './rollout-status.ts'

/** What `kubectl argo rollouts abort` sends. */
export const abortPatch: RolloutPatch = { on: 'status', patch: '{"status":{"abort":true}}' }

/** What `kubectl argo rollouts promote` (`step`) or `promote --full` sends for a Rollout in this state: status first, as the plugin does (promote.go getPatches). */
export function promotePatches(rollout: RolloutStatus, how: 'step' | 'full'): readonly RolloutPatch[] {
  const unpause: readonly RolloutPatch[] = rollout.specPaused === 'yes' ? [{ on: 'spec', patch: '{"spec":{"paused":false}}' }] : []
  const status = how === 'full' ? fullPatch(rollout) : stepPatch(rollout)
  return [...(status === undefined ? [] : [{ on: 'status' as const, patch: status }]), ...unpause]
}

function fullPatch({ podHash, stableHash }: RolloutStatus): string | undefined {
  return podHash === stableHash ? undefined : '{"status":{"promoteFull":true}}'
}

function stepPatch({ inconclusive, pauseConditions, controllerPause, strategy, steps, index }: RolloutStatus): string | undefined {
  const next = index === undefined ? undefined : index < steps.length ? index + 1 : index
  if (inconclusive === 'yes' && pauseConditions === 'some' && controllerPause === 'yes') {
    return next === undefined ? undefined : `{"status":{"pauseConditions":null, "controllerPause":false, "currentStepIndex":${next}}}`
  }
  if (pauseConditions === 'some') return '{"status":{"pauseConditions":null}}'
  return strategy !== 'canary' || next === undefined ? undefined : `{"status":{"pauseConditions":null, "currentStepIndex":${next}}}`
}
