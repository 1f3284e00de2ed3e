import { conditionOf, type Conditions, isCompleted, isHealthy, isProgressing, isTimedOut, newCondition, withCondition, withoutCondition } from './conditions.ts'
import { isAborted, type Pass } from './pass.ts'
import { addAbort } from './pause.ts'
import { availableOf, DESIRED_REPLICAS, hashOf, hasScaleDownDeadline, type ReplicaSet, revisionOf, sum } from './replica-set.ts'
import type { Condition, Rollout, RolloutStatus } from './rollout.ts'
import type { StatusDraft } from './status.ts'
import { currentStep, replicasOf } from './steps.ts'

function deadlineMessage({ newRS, rollout }: Pass): string {
  return newRS === undefined ? `Rollout ${JSON.stringify(rollout.metadata.name)} has timed out progressing.` : `ReplicaSet ${JSON.stringify(newRS.metadata.name)} has timed out progressing.`
}

// sync.go isIndefiniteStep
function isIndefinite({ rollout, profile }: Pass): boolean {
  const { step } = currentStep(rollout)
  if (step?.experiment !== undefined || step?.analysis !== undefined || step?.pause !== undefined) return true
  return profile.has.pausedIsIndefinite && conditionOf(rollout.status, 'Paused')?.status === 'True'
}

// sync.go isWaitingForReplicaSetScaleDown
function isWaitingForScaleDown({ newRS, stableRS, allRSs, profile }: Pass): boolean {
  if (!profile.has.waitsForScaleDown) return false
  return allRSs.some((rs) => rs.metadata.name !== stableRS?.metadata.name && rs.metadata.name !== newRS?.metadata.name && hasScaleDownDeadline(rs))
}

/** sync.go evaluateProgressDeadlineAbort (since 1.10). */
export function abortPastDeadline(pass: Pass, draft: StatusDraft): void {
  const { rollout } = pass
  if (rollout.spec.progressDeadlineAbort !== true || isAborted(pass) || isCompleted(draft) || isProgressing(rollout, draft)) return
  if (isIndefinite(pass) || isWaitingForScaleDown(pass) || !isTimedOut(pass, rollout.status)) return
  addAbort(pass, deadlineMessage(pass))
}

/** sync.go calculateRolloutConditions. */
export function progressConditions(pass: Pass, draft: StatusDraft): void {
  const { rollout } = pass
  let conditions: Conditions = draft.conditions ?? []
  const pauses = pass.profile.has.conditionsAfterPause ? draft.pauseConditions : rollout.status.pauseConditions
  const isPaused = (pauses ?? []).length > 0 || rollout.spec.paused === true
  const aborted = isAborted(pass)
  const healthy = isHealthy(rollout, draft)
  let becameUnhealthy = false
  if (!isPaused && healthy) conditions = withCondition(conditions, newCondition(pass, 'Healthy', 'True', 'RolloutHealthy', 'Rollout is healthy'))
  else if (conditionOf(rollout.status, 'Healthy') !== undefined) {
    const next = withCondition(conditions, newCondition(pass, 'Healthy', 'False', 'RolloutHealthy', 'Rollout is not healthy'))
    becameUnhealthy = next !== conditions
    conditions = next
  }
  if (aborted) conditions = withCondition(conditions, newCondition(pass, 'Progressing', 'False', 'RolloutAborted', abortText(pass)))
  else conditions = withProgress(pass, draft, conditions, healthy, becameUnhealthy)
  conditions = withCondition(conditions, availability(pass, draft))
  conditions = withoutCondition(conditions, 'ReplicaFailure')
  draft.conditions = withCondition(conditions, newCondition(pass, 'Completed', isCompleted(draft) ? 'True' : 'False', 'RolloutCompleted', 'RolloutCompleted'))
}

function abortText({ rollout, pause }: Pass): string {
  const message = `Rollout aborted update to revision ${revisionOf(rollout)}`
  return pause.abortMessage === '' ? message : `${message}: ${pause.abortMessage}`
}

function withProgress(pass: Pass, draft: StatusDraft, conditions: Conditions, healthy: boolean, becameUnhealthy: boolean): Conditions {
  const { rollout, newRS, profile } = pass
  if (healthy) return withCondition(conditions, newCondition(pass, 'Progressing', 'True', 'NewReplicaSetAvailable', `ReplicaSet ${JSON.stringify(newRS?.metadata.name ?? '')} has successfully progressed.`))
  if (isProgressing(rollout, draft) || becameUnhealthy) return withRenewedProgress(conditions, rollout, progressCondition(pass, draft, becameUnhealthy))
  if (isIndefinite(pass) || isWaitingForScaleDown(pass) || !isTimedOut(pass, draft)) return conditions
  const message = deadlineMessage(pass)
  // Up to 1.9 the deadline aborts here, after the abort status of this sync was made.
  if (!profile.has.conditionsAfterPause && rollout.spec.progressDeadlineAbort === true) addAbort(pass, message)
  return withCondition(conditions, newCondition(pass, 'Progressing', 'False', 'ProgressDeadlineExceeded', message))
}

function progressCondition(pass: Pass, draft: StatusDraft, becameUnhealthy: boolean): Condition {
  const { newRS, rollout } = pass
  if (becameUnhealthy && (draft.stableRS ?? '') === (draft.currentPodHash ?? '')) {
    return newCondition(pass, 'Progressing', 'True', 'ReplicaSetNotAvailable', 'Rollout does not have minimum availability')
  }
  const message = newRS === undefined ? `Rollout ${JSON.stringify(rollout.metadata.name)} is progressing.` : `ReplicaSet ${JSON.stringify(newRS.metadata.name)} is progressing.`
  return newCondition(pass, 'Progressing', 'True', 'ReplicaSetUpdated', message)
}

// sync.go: progress renews the condition although status and reason stay the same
function withRenewedProgress(conditions: Conditions, rollout: Rollout, condition: Condition): Conditions {
  const current = conditionOf(rollout.status, 'Progressing')
  if (current === undefined) return withCondition(conditions, condition)
  const next = current.status === 'True' ? { ...condition, lastTransitionTime: current.lastTransitionTime } : condition
  return withCondition(withoutCondition(conditions, 'Progressing'), next)
}

function availability(pass: Pass, draft: RolloutStatus): Condition {
  const { rollout, allRSs } = pass
  const active = allRSs.find((rs) => hashOf(rs) !== '' && hashOf(rs) === draft.blueGreen?.activeSelector)
  const isAvailable = rollout.spec.strategy.blueGreen !== undefined && active !== undefined ? isSaturated(rollout, active)
    : rollout.spec.strategy.canary !== undefined && sum(allRSs, availableOf) >= replicasOf(rollout)
  return newCondition(pass, 'Available', isAvailable ? 'True' : 'False', 'AvailableReason', isAvailable ? 'Rollout has minimum availability' : 'Rollout does not have minimum availability')
}

/** utils/annotations IsSaturated. */
export function isSaturated(rollout: Rollout, rs: ReplicaSet | undefined): boolean {
  const replicas = replicasOf(rollout)
  return rs !== undefined && rs.metadata.annotations?.[DESIRED_REPLICAS] === String(replicas) && rs.spec.replicas === replicas && availableOf(rs) === replicas
}
