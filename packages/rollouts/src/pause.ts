import { durationSeconds, rfc3339, secondsOf } from './clock.ts'
import type { Pass } from './pass.ts'
import type { PauseCondition, Rollout } from './rollout.ts'
import type { StatusDraft } from './status.ts'
import { canaryOf, currentStep, stepsOf } from './steps.ts'

/** What one sync decides about pause and abort before it is written (rollout/pause.go pauseContext). */
export interface PauseContext {
  readonly add: Set<string>
  readonly drop: Set<string>
  clearsPause: boolean
  addsAbort: boolean
  removesAbort: boolean
  abortMessage: string
  readonly isAborted: (rollout: Rollout) => boolean
}

export function newPauseContext(): PauseContext {
  const context: PauseContext = {
    add: new Set(), drop: new Set(), clearsPause: false, addsAbort: false, removesAbort: false, abortMessage: '',
    isAborted: (rollout) => !context.removesAbort && (context.addsAbort || rollout.status.abort === true),
  }
  return context
}

export function addAbort(pass: Pass, message: string): void {
  pass.pause.addsAbort = true
  pass.pause.abortMessage = message
}

/** pause.go CalculatePauseStatus. */
export function pauseStatus({ pause, rollout, now }: Pass, draft: StatusDraft): void {
  if (pause.addsAbort || (!pause.removesAbort && rollout.status.abort === true)) {
    draft.abort = true
    draft.abortedAt = rollout.status.abortedAt ?? rfc3339(now)
    return
  }
  draft.abort = undefined
  draft.abortedAt = undefined
  if (pause.clearsPause) return
  const before = rollout.status.pauseConditions ?? []
  const kept = before.filter(({ reason }) => !pause.drop.has(reason))
  const added = [...pause.add].filter((reason) => !before.some((condition) => condition.reason === reason)).map((reason) => ({ reason, startTime: rfc3339(now) }))
  if (kept.length + added.length === 0) return
  draft.controllerPause = rollout.status.controllerPause === true || added.length > 0
  draft.pauseConditions = [...kept, ...added]
}

export function pauseCondition(rollout: Rollout, reason: string): PauseCondition | undefined {
  return rollout.status.pauseConditions?.find((condition) => condition.reason === reason)
}

/** pause.go CompletedCanaryPauseStep: a person took the pause condition away, or the duration is over (strictly after). */
export function isPauseStepOver({ rollout, now }: Pass, duration: string | number | undefined): boolean {
  const condition = pauseCondition(rollout, 'CanaryPauseStep')
  if (condition === undefined) return rollout.status.controllerPause === true
  return duration !== undefined && now > secondsOf(condition.startTime) + durationSeconds(duration)
}

/** canary.go reconcileCanaryPause: whether the sync ends here because of a pause step. */
export function reconcileCanaryPause(pass: Pass): boolean {
  const { rollout } = pass
  if (rollout.spec.paused === true || rollout.status.promoteFull === true || stepsOf(rollout).length === 0) return false
  const { step } = currentStep(rollout)
  if (step?.pause === undefined) return false
  if (pauseCondition(rollout, 'CanaryPauseStep') === undefined && rollout.status.controllerPause !== true) pass.pause.add.add('CanaryPauseStep')
  return true
}

/** pause.go CompletedBlueGreenPause. */
export function isBlueGreenPauseOver(pass: Pass): boolean {
  const { rollout, pause, now } = pass
  const blueGreen = rollout.spec.strategy.blueGreen
  if (blueGreen === undefined || pause.add.size > 0) return false
  const condition = pauseCondition(rollout, 'BlueGreenPause')
  const seconds = blueGreen.autoPromotionSeconds ?? 0
  const promotesItself = blueGreen.autoPromotionEnabled !== false
  if (rollout.status.blueGreen?.scaleUpPreviewCheckPoint === true) return true
  if (promotesItself) return seconds === 0 || (condition !== undefined && now > secondsOf(condition.startTime) + seconds)
  return rollout.status.controllerPause === true && condition === undefined
}

/** Whether the canary has a router at all. */
export function isRouted(rollout: Rollout): boolean {
  return canaryOf(rollout).trafficRouting !== undefined
}
