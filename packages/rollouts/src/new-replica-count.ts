import { type Pass, scaleInput } from './pass.ts'
import { hashOf } from './replica-set.ts'
import type { TrafficWeights } from './rollout.ts'
import { replicaCounts } from './scale.ts'
import { replicasOf } from './steps.ts'

/** utils/replicaset/replicaset.go NewRSNewReplicas: how many pods the new ReplicaSet should have. */
export function newReplicaCount(pass: Pass, weights: TrafficWeights | undefined): number {
  const { rollout } = pass
  if (rollout.spec.strategy.blueGreen === undefined) return replicaCounts(scaleInput(pass), weights).canary
  const replicas = replicasOf(rollout)
  const preview = rollout.spec.strategy.blueGreen.previewReplicaCount
  if (preview === undefined) return replicas
  const { status } = rollout
  const active = pass.allRSs.find((rs) => hashOf(rs) !== '' && hashOf(rs) === status.blueGreen?.activeSelector)
  if (active === undefined || active.metadata.name === pass.newRS?.metadata.name || status.promoteFull === true) return replicas
  if (hashOf(pass.newRS) !== (status.currentPodHash ?? '')) return preview
  const isPaused = rollout.spec.paused === true || (status.pauseConditions ?? []).length > 0
  return !isPaused && status.blueGreen?.scaleUpPreviewCheckPoint === true ? replicas : preview
}
