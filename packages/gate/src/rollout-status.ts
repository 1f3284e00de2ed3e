import { isMap, type KubeObject, valueAt } from '@rollsync/manifests'

/** What a gate reads of a live Rollout. `observed`: the controller has seen the newest spec. */
export interface RolloutStatus {
  /** Of the newest pod template; `''` before the first sync. */
  readonly podHash: string
  /** Of the promoted one; `''` before the first promotion. */
  readonly stableHash: string
  readonly observed: 'yes' | 'not yet'
  readonly abort: 'yes' | 'no'
  readonly promoteFull: 'yes' | 'no'
  readonly phase: string
  readonly message: string
  readonly strategy: 'canary' | 'blueGreen'
  readonly steps: readonly unknown[]
  /** undefined where there are no steps. */
  readonly index: number | undefined
  readonly pauseConditions: 'some' | 'none'
  readonly controllerPause: 'yes' | 'no'
  readonly specPaused: 'yes' | 'no'
  readonly inconclusive: 'yes' | 'no'
}

/** Reads a live Rollout; what is missing or of another type counts as not there. */
export function readRollout(rollout: KubeObject): RolloutStatus {
  const canary = valueAt(rollout, '/spec/strategy/canary')
  const steps = valueAt(canary, '/steps')
  const list: readonly unknown[] = Array.isArray(steps) ? steps : []
  const index = valueAt(rollout, '/status/currentStepIndex')
  const conditions = valueAt(rollout, '/status/pauseConditions')
  return {
    podHash: textAt(rollout, '/status/currentPodHash'),
    stableHash: textAt(rollout, '/status/stableRS'),
    observed: isObserved(rollout) ? 'yes' : 'not yet',
    abort: yesAt(rollout, '/status/abort'),
    promoteFull: yesAt(rollout, '/status/promoteFull'),
    phase: textAt(rollout, '/status/phase'),
    message: textAt(rollout, '/status/message'),
    strategy: valueAt(rollout, '/spec/strategy/blueGreen') === undefined ? 'canary' : 'blueGreen',
    steps: list,
    // utils/replicaset/canary.go:488 GetCurrentCanaryStep
    index: list.length === 0 ? undefined : typeof index === 'number' ? index : 0,
    pauseConditions: Array.isArray(conditions) && conditions.length > 0 ? 'some' : 'none',
    controllerPause: yesAt(rollout, '/status/controllerPause'),
    specPaused: yesAt(rollout, '/spec/paused'),
    inconclusive: canary !== undefined && textAt(rollout, '/status/canary/currentStepAnalysisRunStatus/status') === 'Inconclusive' ? 'yes' : 'no',
  }
}

function textAt(value: unknown, pointer: `/${string}`): string {
  const found = valueAt(value, pointer)
  return typeof found === 'string' ? found : ''
}

function yesAt(value: unknown, pointer: `/${string}`): 'yes' | 'no' {
  return valueAt(value, pointer) === true ? 'yes' : 'no'
}

// utils/rollout/rolloututil.go:93 isGenerationObserved, :116 isWorkloadGenerationObserved: what is no number counts as observed.
function isObserved(rollout: KubeObject): boolean {
  const reached = (seen: string, wanted: unknown): boolean => !/^\d+$/.test(seen) || typeof wanted !== 'number' || Number(seen) >= wanted
  const annotation = isMap(rollout.metadata.annotations) ? rollout.metadata.annotations['rollout.argoproj.io/workload-generation'] : undefined
  const workload = typeof annotation === 'string' && /^\d+$/.test(annotation) ? Number(annotation) : undefined
  return reached(textAt(rollout, '/status/observedGeneration'), rollout.metadata['generation']) && reached(textAt(rollout, '/status/workloadObservedGeneration'), workload)
}
