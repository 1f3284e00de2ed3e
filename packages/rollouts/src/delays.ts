import type { Rollout } from './rollout.ts'

/** utils/defaults GetScaleDownDelaySecondsOrDefault. */
export function scaleDownDelay(rollout: Rollout): number {
  const { blueGreen, canary } = rollout.spec.strategy
  if (canary !== undefined) return canary.trafficRouting === undefined ? (blueGreen === undefined ? 0 : blueGreen.scaleDownDelaySeconds ?? 30) : canary.scaleDownDelaySeconds ?? 30
  return blueGreen?.scaleDownDelaySeconds ?? 30
}

/** utils/defaults GetAbortScaleDownDelaySecondsOrDefault: `never` where the user set 0, which leaves the canary up. */
export function abortScaleDownDelay(rollout: Rollout): { readonly delay: number | 'never'; readonly given: boolean } {
  const { blueGreen, canary } = rollout.spec.strategy
  if (blueGreen === undefined && canary?.trafficRouting === undefined) return { delay: 0, given: false }
  const seconds = blueGreen === undefined ? canary?.abortScaleDownDelaySeconds : blueGreen.abortScaleDownDelaySeconds
  return { delay: seconds === 0 ? 'never' : seconds ?? 30, given: seconds !== undefined }
}

/** rollout/bluegreen.go GetScaleDownRevisionLimit. */
export function scaleDownRevisionLimit(rollout: Rollout): number {
  const { blueGreen, canary } = rollout.spec.strategy
  return blueGreen?.scaleDownDelayRevisionLimit ?? canary?.scaleDownDelayRevisionLimit ?? 2147483647
}

/** utils/defaults GetProgressDeadlineSecondsOrDefault. */
export function progressDeadline(rollout: Rollout): number {
  return rollout.spec.progressDeadlineSeconds ?? 600
}

/** The controller's resync period: 15 minutes unless its flag says otherwise. */
export const RESYNC_SECONDS = 900
