import type { Pass } from './pass.ts'
import type { StepPluginStatus } from './rollout.ts'

/**
 * A step plugin is foreign code: what it answers is told by `status.canary.stepPluginStatuses` of the live Rollout (an `edit` event sets it). Without an answer the step waits.
 * Up to 1.7 the controller knows no plugin steps, and such a step is never done.
 */
export function isPluginStepDone(pass: Pass, index: number, name: string): boolean {
  if (!pass.profile.has.stepPlugins) return false
  const found = stepPluginStatuses(pass)?.find((status) => status.index === index && status.name === name && status.operation === 'Run')
  return found?.phase === 'Successful'
}

export function stepPluginStatuses({ rollout, profile }: Pass): readonly StepPluginStatus[] | undefined {
  return profile.has.stepPlugins ? rollout.status.canary?.stepPluginStatuses : undefined
}
