import type { KubeObject } from '@rollsync/manifests'

import type { Place } from './moment.ts'
import type { Rollout } from './rollout.ts'
import { isFullyPromoted, stepsOf } from './steps.ts'

/** Where a Rollout stands, by its status; undefined is a Rollout that is gone. */
export function placeOf(object: KubeObject | undefined): Place {
  if (object === undefined) return { at: 'gone' }
  const rollout = object as Rollout
  const { status } = rollout
  if ((status.conditions ?? []).some(({ type }) => type === 'InvalidSpec')) return { at: 'invalid' }
  if ((status.stableRS ?? '') === '') return { at: 'deploying' }
  if (isFullyPromoted(rollout)) return (status.availableReplicas ?? 0) === 0 && (rollout.spec.replicas ?? 1) > 0 && status.phase !== 'Healthy' ? { at: 'deploying' } : { at: 'idle' }
  if (status.abort === true) return { at: 'aborted' }
  const of = stepsOf(rollout).length
  return of === 0 ? { at: 'updating' } : { at: 'step', index: status.currentStepIndex ?? 0, of }
}
