import type { KubeObject } from '@rollsync/manifests'

import { durationSeconds } from './clock.ts'
import { scaleDownDelay } from './delays.ts'
import type { Event } from './event.ts'
import type { CanaryStep, RolloutSpec } from './rollout.ts'
import type { Rollout } from './rollout.ts'

/** The script of an update that goes well: the image, each timed pause waited out, each other one promoted, each analysis and experiment successful, to the end of the old pods. */
export function happyPath(rollout: KubeObject, image: string): readonly Event[] {
  const spec = rollout['spec'] as RolloutSpec
  const { name } = rollout.metadata
  const strategy = spec.strategy ?? {}
  const { blueGreen, canary } = strategy
  const middle = blueGreen === undefined ? (canary?.steps ?? []).flatMap((step: CanaryStep | null) => (step === null ? [] : stepEvents(step, name))) : blueGreenEvents(blueGreen, name)
  const delay = scaleDownDelay({ ...rollout, spec: { ...spec, strategy }, status: {} } as Rollout)
  return [{ do: 'apply', image, rollout: name }, ...middle, { do: 'wait', seconds: delay + 1 }]
}

// canary.go:307: of a step with several fields the first in this order decides when it is over
function stepEvents(step: CanaryStep, rollout: string): readonly Event[] {
  if (step.pause !== undefined && step.pause !== null) {
    const { duration } = step.pause
    return duration === undefined || duration === null ? [{ do: 'promote', rollout }] : [{ do: 'wait', seconds: Math.max(0, durationSeconds(duration)) + 1 }]
  }
  if (step.setCanaryScale !== undefined || step.setWeight !== undefined) return []
  if (step.experiment !== undefined) return [{ do: 'experiment', phase: 'Running' }, { do: 'experiment', phase: 'Successful' }]
  return step.analysis === undefined ? [] : [{ do: 'analysis', phase: 'Successful' }]
}

function blueGreenEvents(blueGreen: NonNullable<RolloutSpec['strategy']['blueGreen']>, rollout: string): readonly Event[] {
  const pre: readonly Event[] = blueGreen.prePromotionAnalysis === undefined ? [] : [{ do: 'analysis', phase: 'Successful' }]
  const post: readonly Event[] = blueGreen.postPromotionAnalysis === undefined ? [] : [{ do: 'analysis', phase: 'Successful' }]
  const seconds = blueGreen.autoPromotionSeconds ?? 0
  const switched: readonly Event[] = blueGreen.autoPromotionEnabled === false ? [{ do: 'promote', rollout }] : seconds > 0 ? [{ do: 'wait', seconds: seconds + 1 }] : []
  return [...pre, ...switched, ...post]
}
