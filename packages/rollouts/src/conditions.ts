import { rfc3339, secondsOf } from './clock.ts'
import { progressDeadline } from './delays.ts'
import type { Pass } from './pass.ts'
import type { Condition, Rollout, RolloutStatus } from './rollout.ts'
import { replicasOf, stepsOf } from './steps.ts'

export type Conditions = readonly Condition[]

export function conditionOf(status: RolloutStatus, type: string): Condition | undefined {
  return status.conditions?.find((condition) => condition.type === type)
}

export function newCondition(pass: Pick<Pass, 'now'>, type: string, status: Condition['status'], reason: string, message: string): Condition {
  const at = rfc3339(pass.now)
  return { type, status, lastUpdateTime: at, lastTransitionTime: at, reason, message }
}

/** utils/conditions SetRolloutCondition: nothing where status and reason are the same, else to the end of the list. */
export function withCondition(conditions: Conditions, condition: Condition): Conditions {
  const current = conditions.find(({ type }) => type === condition.type)
  if (current !== undefined && current.status === condition.status && current.reason === condition.reason) return conditions
  const next = current?.status === condition.status ? { ...condition, lastTransitionTime: current.lastTransitionTime } : condition
  return [...withoutCondition(conditions, condition.type), next]
}

export function withoutCondition(conditions: Conditions, type: string): Conditions {
  return conditions.some((condition) => condition.type === type) ? conditions.filter((condition) => condition.type !== type) : conditions
}

/** utils/conditions RolloutProgressing. */
export function isProgressing(rollout: Rollout, next: RolloutStatus): boolean {
  const old = rollout.status
  const number = (value: number | undefined): number => value ?? 0
  const oldPods = (status: RolloutStatus): number => number(status.replicas) - number(status.updatedReplicas)
  return strategyProgressed(rollout, next) || number(next.updatedReplicas) !== number(old.updatedReplicas) || oldPods(next) < oldPods(old)
    || number(next.readyReplicas) > number(old.readyReplicas) || number(next.availableReplicas) > number(old.availableReplicas)
}

function strategyProgressed(rollout: Rollout, next: RolloutStatus): boolean {
  const old = rollout.status
  const differs = (a: string | undefined, b: string | undefined): boolean => (a ?? '') !== (b ?? '')
  if (rollout.spec.strategy.canary === undefined) {
    return rollout.spec.strategy.blueGreen !== undefined
      && (differs(old.blueGreen?.activeSelector, next.blueGreen?.activeSelector) || differs(old.blueGreen?.previewSelector, next.blueGreen?.previewSelector))
  }
  const stepped = next.currentStepIndex !== undefined && old.currentStepIndex !== undefined && next.currentStepIndex !== old.currentStepIndex
  return differs(next.stableRS, old.stableRS) || stepped || differs(next.currentStepHash, old.currentStepHash)
}

/** utils/conditions RolloutHealthy. */
export function isHealthy(rollout: Rollout, next: RolloutStatus): boolean {
  const replicas = replicasOf(rollout)
  return (next.updatedReplicas ?? 0) === replicas && (next.availableReplicas ?? 0) === replicas
    && rollout.status.observedGeneration === String(rollout.metadata.generation ?? 0) && isStrategyComplete(rollout, next)
}

function isStrategyComplete(rollout: Rollout, next: RolloutStatus): boolean {
  const { blueGreen, canary } = rollout.spec.strategy
  const current = next.currentPodHash ?? ''
  if (canary !== undefined) {
    const steps = stepsOf(rollout).length
    const allSteps = steps === 0 || next.currentStepIndex === undefined || next.currentStepIndex === steps
    return allSteps && isCompleted(next) && (next.replicas ?? 0) === replicasOf(rollout)
  }
  if (blueGreen === undefined) return true
  return (next.blueGreen?.activeSelector ?? '') === current && ((blueGreen.previewService ?? '') === '' || (next.blueGreen?.previewSelector ?? '') === current)
}

/** utils/conditions RolloutCompleted. */
export function isCompleted(status: RolloutStatus): boolean {
  return (status.stableRS ?? '') !== '' && status.stableRS === status.currentPodHash
}

/** utils/conditions RolloutTimedOut. */
export function isTimedOut(pass: Pass, status: RolloutStatus): boolean {
  const condition = conditionOf(status, 'Progressing')
  if (condition === undefined || condition.reason === 'RolloutAborted') return false
  if (condition.reason === 'RolloutPaused' && pass.profile.has.pausedIsIndefinite) return false
  return condition.reason === 'ProgressDeadlineExceeded' || secondsOf(condition.lastUpdateTime) + progressDeadline(pass.rollout) < pass.now
}
