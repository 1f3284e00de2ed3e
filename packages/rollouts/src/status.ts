import { createMergePatch } from '@rollsync/manifests'

import { pruneStatus } from './admit.ts'
import { conditionOf, type Conditions, newCondition, withCondition, withoutCondition } from './conditions.ts'
import { type Pass, refIn } from './pass.ts'
import { pauseStatus } from './pause.ts'
import { phaseOf } from './phase.ts'
import { abortPastDeadline, progressConditions } from './progress.ts'
import { createdOf, hashOf, sum } from './replica-set.ts'
import type { Condition, RolloutStatus } from './rollout.ts'
import { stepsOf } from './steps.ts'
import { updateRollout } from './workload.ts'

/** The status of a Rollout while a sync makes it. */
export type StatusDraft = { -readonly [Key in keyof RolloutStatus]: RolloutStatus[Key] }

/** sync.go calculateBaseStatus. A Rollout that got this far is valid, so an old InvalidSpec condition goes. */
export function baseStatus(pass: Pass): StatusDraft {
  const { rollout, newRS, allRSs, newStatus } = pass
  const previous = rollout.status
  const currentPodHash = newRS === undefined ? pass.templateHash : hashOf(newRS)
  return {
    restartedAt: newStatus.restartedAt,
    canary: {
      weights: newStatus.weights, currentExperiment: newStatus.currentExperiment,
      currentStepAnalysisRunStatus: newStatus.stepRun, currentBackgroundAnalysisRunStatus: newStatus.backgroundRun,
    },
    blueGreen: { prePromotionAnalysisRunStatus: newStatus.preRun, postPromotionAnalysisRunStatus: newStatus.postRun },
    currentPodHash,
    replicas: sum(allRSs, createdOf),
    updatedReplicas: sum([newRS], createdOf),
    readyReplicas: sum(allRSs, (rs) => rs.status?.readyReplicas ?? 0),
    collisionCount: previous.collisionCount,
    conditions: withoutCondition(previous.conditions ?? [], 'InvalidSpec'),
    promoteFull: currentPodHash !== '' && previous.promoteFull === true,
  }
}

/** sync.go resetRolloutStatus: as at the beginning of an update. */
export function resetStatus(pass: Pass, draft: StatusDraft): void {
  const { pause, rollout } = pass
  pause.clearsPause = true
  pause.removesAbort = true
  pass.newStatus.restartedAt = rollout.spec.restartAt
  draft.promoteFull = undefined
  draft.blueGreen = { ...draft.blueGreen, prePromotionAnalysisRunStatus: undefined, postPromotionAnalysisRunStatus: undefined, scaleUpPreviewCheckPoint: undefined }
  draft.canary = { ...draft.canary, currentStepAnalysisRunStatus: undefined, currentBackgroundAnalysisRunStatus: undefined, stepPluginStatuses: undefined }
  draft.currentStepIndex = stepsOf(rollout).length > 0 ? 0 : undefined
}

/** sync.go persistRolloutStatus: since 1.10 the deadline first, then pause and abort, then the conditions; before, the conditions came first and were told by the old pause. */
export function persistStatus(pass: Pass, draft: StatusDraft): void {
  const { rollout, profile } = pass
  if (profile.has.conditionsAfterPause) {
    draft.observedGeneration = String(rollout.metadata.generation ?? 0)
    abortPastDeadline(pass, draft)
    pauseStatus(pass, draft)
    progressConditions(pass, draft)
  } else {
    pauseStatus(pass, draft)
    draft.observedGeneration = String(rollout.metadata.generation ?? 0)
  }
  draft.workloadObservedGeneration = rollout.spec.workloadRef === undefined ? undefined : rollout.metadata.annotations?.['rollout.argoproj.io/workload-generation']
  const { phase, message } = phaseOf(rollout.spec, draft)
  patchStatus(pass, { ...draft, phase, message })
}

/** The conditions where they are made before the pause status: up to 1.9 each caller of persistRolloutStatus made them first. */
export function concludeStatus(pass: Pass, draft: StatusDraft): void {
  if (!pass.profile.has.conditionsAfterPause) progressConditions(pass, draft)
  persistStatus(pass, draft)
}

function patchStatus(pass: Pass, next: RolloutStatus): boolean {
  const { rollout, client } = pass
  const before = rollout.status
  const after = pruneStatus(next)
  if (before === after) return false
  const patch = createMergePatch(before as Readonly<Record<string, unknown>>, after as Readonly<Record<string, unknown>>)
  if (Object.keys(patch).length === 0) return false
  client.mergePatch(refIn(pass, 'Rollout', 'argoproj.io', rollout.metadata.name), { status: patch }, 'status')
  pass.wroteRollout = true
  return true
}

/** sync.go patchCondition. */
export function patchConditions(pass: Pass, conditions: Conditions): void {
  const { rollout } = pass
  const next: RolloutStatus = { ...rollout.status, conditions, observedGeneration: String(rollout.metadata.generation ?? 0) }
  patchStatus(pass, { ...next, ...phaseOf(rollout.spec, next) })
}

/** sync.go checkPausedConditions: a condition of its own for paused, resumed and retried, so that the progress deadline does not count the pause. */
export function checkPausedConditions(pass: Pass): void {
  const { rollout, profile } = pass
  const { status } = rollout
  const progressing = conditionOf(status, 'Progressing')
  const isPaused = (status.pauseConditions ?? []).length > 0 || rollout.spec.paused === true
  const aborted = progressing?.reason === 'RolloutAborted'
  const updated: Condition[] = []
  const at = (type: string, to: Condition['status'], reason: string, message: string): Condition => newCondition(pass, type, to, reason, message)
  const completed = profile.has.keepsCompletedProgress && (status.stableRS ?? '') !== '' && status.stableRS === status.currentPodHash
  if (isPaused !== (progressing?.reason === 'RolloutPaused') && !aborted && !completed) {
    updated.push(isPaused ? at('Progressing', 'Unknown', 'RolloutPaused', 'Rollout is paused') : at('Progressing', 'Unknown', 'RolloutResumed', 'Rollout is resumed'))
  }
  if (status.abort !== true && aborted) updated.push(at('Progressing', 'Unknown', 'RolloutRetry', 'Retrying Rollout after abort'))
  if (isPaused !== (conditionOf(status, 'Paused')?.status === 'True') && !aborted) updated.push(at('Paused', isPaused ? 'True' : 'False', 'RolloutPaused', 'Rollout is paused'))
  if (updated.length > 0) patchConditions(pass, updated.reduce(withCondition, status.conditions ?? []))
}

/** UpdateStatus: the Rollout with another status as a whole; the sync goes on with what the API server answers. */
export function updateRolloutStatus(pass: Pass, status: RolloutStatus): void {
  updateRollout(pass, { ...pass.rollout, status }, 'status')
}
