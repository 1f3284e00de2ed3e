import type { Pass } from './pass.ts'
import { availableOf, hashOf, type ReplicaSet } from './replica-set.ts'
import { canaryOf, isFullyPromoted } from './steps.ts'

/**
 * utils/rollout IsDynamicallyRollingBackToStable: with dynamicStableScale, back to the stable ReplicaSet in mid canary while it lacks pods. Answers the hash of the canary that
 * still takes traffic; undefined where it is not so.
 */
export function isDynamicRollback({ rollout, newRS }: Pass): string | undefined {
  const canary = canaryOf(rollout)
  const weights = rollout.status.canary?.weights
  if (!isFullyPromoted(rollout) || canary.trafficRouting === undefined || canary.dynamicStableScale !== true || weights === undefined) return undefined
  const previous = weights.canary.podTemplateHash ?? ''
  if (previous === hashOf(newRS)) return undefined
  return availableOf(newRS as ReplicaSet) < (rollout.spec.replicas as number) ? previous : undefined
}
