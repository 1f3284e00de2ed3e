import type { CanaryStep, CanaryStrategy, ExperimentStep, Rollout } from './rollout.ts'

/** `trafficRouting.maxTrafficWeight`, 100 where there is none (utils/weightutil). */
export function maxTrafficWeight(rollout: Rollout): number {
  return rollout.spec.strategy.canary?.trafficRouting?.maxTrafficWeight ?? 100
}

/** spec.replicas, 1 where there is none. */
export function replicasOf(rollout: Rollout): number {
  return rollout.spec.replicas ?? 1
}

export function stepsOf(rollout: Rollout): readonly CanaryStep[] {
  return rollout.spec.strategy.canary?.steps ?? []
}

export function canaryOf(rollout: Rollout): CanaryStrategy {
  return rollout.spec.strategy.canary ?? {}
}

/** utils/replicaset/canary.go GetCurrentCanaryStep: no index where there are no steps; no step where all are done. */
export function currentStep(rollout: Rollout): { readonly step?: CanaryStep; readonly index?: number } {
  const steps = stepsOf(rollout)
  if (steps.length === 0) return {}
  const index = rollout.status.currentStepIndex ?? 0
  const step = steps[index]
  return step === undefined ? { index } : { step, index }
}

/** The last setWeight of the steps up to and including `index`, else 0. */
export function setWeightUpTo(rollout: Rollout, index: number): number {
  return stepsOf(rollout).slice(0, index + 1).findLast((step) => step.setWeight !== undefined)?.setWeight ?? 0
}

/** The latest experiment step at or before the current one (utils/replicaset/canary.go GetCurrentExperimentStep). */
export function currentExperimentStep(rollout: Rollout): ExperimentStep | undefined {
  const { step, index } = currentStep(rollout)
  return step === undefined ? undefined : stepsOf(rollout).slice(0, (index as number) + 1).findLast((other) => other.experiment !== undefined)?.experiment
}

/** status.stableRS == status.currentPodHash (utils/rollout/rolloututil.go IsFullyPromoted). */
export function isFullyPromoted(rollout: Rollout): boolean {
  return (rollout.status.stableRS ?? '') === (rollout.status.currentPodHash ?? '')
}
