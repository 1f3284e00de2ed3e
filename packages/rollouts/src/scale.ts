import { abortScaleDownDelay } from './delays.ts'
import type { RolloutsProfile } from './profile.ts'
import { availableOf, createdOf, type ReplicaSet, sum } from './replica-set.ts'
import type { CanaryStep, Rollout, TrafficWeights } from './rollout.ts'
import { basicCounts } from './scale-basic.ts'
import { canaryOf, currentStep, isFullyPromoted, maxTrafficWeight, replicasOf, setWeightUpTo, stepsOf } from './steps.ts'

/** How many pods the new and the stable ReplicaSet should have. */
export interface ReplicaCounts { readonly canary: number; readonly stable: number }

/** What the replica maths reads: the Rollout, its ReplicaSets by role, and the version. */
export interface ScaleInput {
  readonly rollout: Rollout
  readonly newRS: ReplicaSet | undefined
  readonly stableRS: ReplicaSet | undefined
  readonly otherRSs: readonly ReplicaSet[]
  readonly profile: RolloutsProfile
}

/** utils/replicaset/canary.go CalculateReplicaCountsForBasicCanary or ...ForTrafficRoutedCanary. */
export function replicaCounts(input: ScaleInput, weights: TrafficWeights | undefined): ReplicaCounts {
  return canaryOf(input.rollout).trafficRouting === undefined ? basicCounts(input, canaryReplicasOrWeight(input).weight) : trafficRoutedCounts(input, weights)
}

// utils/replicaset/canary.go:371 CalculateReplicaCountsForTrafficRoutedCanary
function trafficRoutedCounts(input: ScaleInput, weights: TrafficWeights | undefined): ReplicaCounts {
  const { rollout } = input
  const replicas = replicasOf(rollout)
  const max = maxTrafficWeight(rollout)
  const wanted = canaryReplicasOrWeight(input)
  let canary = wanted.replicas ?? atLeastMinPods(input, toReplicas(replicas, wanted.weight, max))
  if (canaryOf(rollout).dynamicStableScale !== true) return { canary, stable: replicas }
  let stable = toReplicas(replicas, max - wanted.weight, max)
  if (weights !== undefined) {
    stable = Math.max(stable, toReplicas(replicas, weights.stable.weight, max))
    if (rollout.status.abort === true) canary = Math.max(canary, toReplicas(replicas, weights.canary.weight, max))
  }
  return { canary: atLeastMinPods(input, canary), stable: atLeastMinPods(input, stable) }
}

/** utils/replicaset/canary.go trafficWeightToReplicas: rounded up. */
export function toReplicas(replicas: number, weight: number, max: number): number {
  return Math.ceil((weight * replicas) / max)
}

// utils/replicaset/canary.go CheckMinPodsPerReplicaSet
function atLeastMinPods({ rollout, profile }: ScaleInput, count: number): number {
  const min = canaryOf(rollout).minPodsPerReplicaSet
  if (count === 0 || min === undefined || canaryOf(rollout).trafficRouting === undefined) return count
  return Math.max(count, profile.has.capsMinPods ? Math.min(min, replicasOf(rollout)) : min)
}

// utils/replicaset/canary.go GetCanaryReplicasOrWeight
function canaryReplicasOrWeight(input: ScaleInput): { readonly replicas?: number; readonly weight: number } {
  const { rollout } = input
  if (rollout.status.promoteFull === true || (rollout.status.stableRS ?? '') === '' || isFullyPromoted(rollout)) return { weight: maxTrafficWeight(rollout) }
  const scale = stickyCanaryScale(rollout)
  if (scale?.replicas !== undefined) return { replicas: scale.replicas, weight: 0 }
  if (scale?.weight !== undefined) return { weight: scale.weight }
  return { weight: desiredCanaryWeight(input) }
}

/** utils/replicaset/canary.go GetDesiredCanaryWeight: on abort with dynamicStableScale, since 1.9, down the setWeight steps one by one. */
export function desiredCanaryWeight(input: ScaleInput): number {
  const { rollout, newRS, stableRS, profile } = input
  const stepwise = profile.has.stepwiseAbort && rollout.status.abort === true && canaryOf(rollout).dynamicStableScale === true
  if (!stepwise || newRS === undefined || stableRS === undefined) return currentSetWeight(rollout)
  const replicas = replicasOf(rollout)
  const pods = Math.max(replicas - availableOf(stableRS), availableOf(newRS))
  const lower = stepsOf(rollout).findLast((step) => step.setWeight !== undefined && toReplicas(replicas, step.setWeight, maxTrafficWeight(rollout)) < pods)
  return lower?.setWeight ?? 0
}

/** utils/replicaset/canary.go GetCurrentSetWeight. */
export function currentSetWeight(rollout: Rollout): number {
  if (rollout.status.abort === true) return 0
  const { step, index } = currentStep(rollout)
  return step === undefined ? maxTrafficWeight(rollout) : setWeightUpTo(rollout, index as number)
}

// utils/replicaset/canary.go UseSetCanaryScale: the last setCanaryScale sticks until matchTrafficWeight or the end of the steps
function stickyCanaryScale(rollout: Rollout): CanaryStep['setCanaryScale'] {
  if (canaryOf(rollout).trafficRouting === undefined) return undefined
  if (rollout.status.abort === true && abortScaleDownDelay(rollout).delay !== 'never') return undefined
  const { step, index } = currentStep(rollout)
  if (step === undefined) return undefined
  const scale = stepsOf(rollout).slice(0, (index as number) + 1).findLast((other) => other.setCanaryScale !== undefined)?.setCanaryScale
  return scale?.matchTrafficWeight === true ? undefined : scale
}

/** utils/replicaset/canary.go ReplicaProgressThresholdMet (before 1.9: allDesiredAreAvailable). */
export function progressThresholdMet({ rollout, profile }: ScaleInput, rs: ReplicaSet | undefined, desired: number): boolean {
  const threshold = profile.has.replicaProgressThreshold ? canaryOf(rollout).replicaProgressThreshold : undefined
  if (threshold === undefined || rs === undefined || threshold.value < 0) return rs !== undefined && rs.spec.replicas === desired && availableOf(rs) === desired
  // types.go:247: 'Percent' is the word; every other one counts pods
  if (threshold.type !== 'Percent') return availableOf(rs) >= threshold.value
  if (desired === 0) return true
  const percentage = (availableOf(rs) / desired) * 100
  return percentage >= threshold.value || Math.abs(percentage - threshold.value) <= 1e-10
}

/** utils/replicaset/canary.go AtDesiredReplicaCountsForCanary. */
export function atDesiredReplicaCounts(input: ScaleInput, weights: TrafficWeights | undefined): boolean {
  const { rollout, newRS, stableRS, otherRSs } = input
  const desired = replicaCounts(input, weights)
  if (!progressThresholdMet(input, newRS, desired.canary)) return false
  const routed = canaryOf(rollout).trafficRouting !== undefined
  if (!routed || canaryOf(rollout).dynamicStableScale !== true) {
    if (stableRS === undefined || stableRS.spec.replicas !== desired.stable || createdOf(stableRS) !== desired.stable) return false
  }
  return routed || sum(otherRSs, availableOf) === 0
}
