import { secondsOf } from './clock.ts'
import { abortScaleDownDelay, RESYNC_SECONDS, scaleDownDelay, scaleDownRevisionLimit } from './delays.ts'
import { maxUnavailable } from './fenceposts.ts'
import { isHalted, type Pass, scaleInput } from './pass.ts'
import { isRouted } from './pause.ts'
import { isInconclusive } from './promote.ts'
import { newReplicaCount } from './new-replica-count.ts'
import { availableOf, hashOf, hasScaleDownDeadline, isActive, type ReplicaSet, revisionOf, SCALE_DOWN_DEADLINE, sum } from './replica-set.ts'
import { addScaleDownDelay, delaysScaleDownOnAbort, needsDesiredReplicas, removeScaleDownDeadlines, scaleReplicaSet, timeToDeadline } from './replica-set-writes.ts'
import { replicaCounts } from './scale.ts'
import { scaleDeployment } from './scale-deployment.ts'
import { isReferenced } from './services.ts'
import { skipsPostPromotion } from './analysis-blue-green.ts'
import { canaryOf, isFullyPromoted, replicasOf } from './steps.ts'

/** canary.go reconcileCanaryReplicaSets: whether the sync ends here because something was scaled. */
export function reconcileCanaryReplicaSets(pass: Pass): boolean {
  if (isHalted(pass)) return false
  removeScaleDownDeadlines(pass)
  if (reconcileCanaryStable(pass)) return true
  if (!pass.profile.has.validatesFirst && pass.newRS === undefined && !isFullyPromoted(pass.rollout)) {
    pass.newRS = pass.allRSs.find((rs) => hashOf(rs) === pass.rollout.status.currentPodHash)
  }
  return reconcileNew(pass) || reconcileOthers(pass)
}

// canary.go:108: by the weights of the last sync, so stable lags behind the switch
function reconcileCanaryStable(pass: Pass): boolean {
  const { stableRS, newRS, rollout } = pass
  if (stableRS === undefined || stableRS.metadata.name === newRS?.metadata.name) return false
  return scaleReplicaSet(pass, stableRS, replicaCounts(scaleInput(pass), rollout.status.canary?.weights).stable).scaled
}

/** replicaset.go reconcileNewReplicaSet. */
export function reconcileNew(pass: Pass): boolean {
  const { newRS, rollout } = pass
  if (newRS === undefined) return false
  let count = newReplicaCount(pass, pass.newStatus.weights)
  if (delaysScaleDownOnAbort(pass)) {
    const verdict = delayOnAbort(pass, newRS)
    if (verdict === 'wait') return false
    if (verdict === 'down') count = 0
  }
  const current = pass.newRS as ReplicaSet
  const { scaled } = scaleReplicaSet(pass, current, count)
  if (revisionOf(current) === 1 && rollout.spec.workloadRef?.scaleDown === 'progressively' && pass.profile.has.scalesReferencedDeployment) migrate(pass, current, count)
  return scaled
}

// replicaset.go:160 the canary of an aborted Rollout: waits for its deadline, goes down, or (beyond the resync period) is scaled as if there were no delay
function delayOnAbort(pass: Pass, newRS: ReplicaSet): 'wait' | 'down' | 'scale' {
  const deadline = newRS.metadata.annotations?.[SCALE_DOWN_DEADLINE]
  if (deadline === undefined) {
    if (pass.profile.has.syncsDesiredReplicas) syncDesiredReplicas(pass)
    const stable = availableOf(pass.stableRS as ReplicaSet)
    const replicas = pass.rollout.spec.replicas as number
    const { delay } = abortScaleDownDelay(pass.rollout)
    if (pass.profile.has.syncsDesiredReplicas ? stable >= replicas : stable === replicas) addScaleDownDelay(pass, pass.newRS as ReplicaSet, delay as number)
    return 'wait'
  }
  if (Number.isNaN(secondsOf(deadline))) return 'scale'
  const remaining = timeToDeadline(pass, newRS)
  if (remaining === undefined) return 'down'
  if (remaining >= RESYNC_SECONDS) return 'scale'
  if (pass.profile.has.syncsDesiredReplicas) syncDesiredReplicas(pass)
  return 'wait'
}

// replicaset.go syncNewRSReplicasAnnotation
function syncDesiredReplicas(pass: Pass): void {
  const newRS = pass.newRS as ReplicaSet
  if (needsDesiredReplicas(pass, newRS)) pass.newRS = scaleReplicaSet(pass, newRS, newRS.spec.replicas).rs
}

function migrate(pass: Pass, newRS: ReplicaSet, count: number): void {
  const { rollout, profile } = pass
  if (profile.has.scalesDeploymentToZero && rollout.status.phase === 'Healthy') scaleDeployment(pass, 0)
  else if (rollout.spec.replicas !== undefined && ((rollout.status.readyReplicas ?? 0) > 0 || newRS.spec.replicas > count)) scaleDeployment(pass, rollout.spec.replicas - (rollout.status.readyReplicas ?? 0))
}

/** replicaset.go reconcileOtherReplicaSets: neither new nor stable. */
export function reconcileOthers(pass: Pass): boolean {
  const others = pass.otherRSs.filter(isActive)
  if (others.length === 0) return false
  if (pass.rollout.spec.strategy.canary !== undefined) return scaleDownForCanary(pass, others) > 0
  return scaleDownForBlueGreen(pass, others)
}

const createdAt = (rs: ReplicaSet): number => secondsOf(rs.metadata.creationTimestamp ?? '')
const newestFirst = (a: ReplicaSet, b: ReplicaSet): number => revisionOf(b) - revisionOf(a) || createdAt(b) - createdAt(a)

// canary.go scaleDownOldReplicaSetsForCanary
function scaleDownForCanary(pass: Pass, others: readonly ReplicaSet[]): number {
  const { rollout } = pass
  // cleanupUnhealthyReplicas gives up on a ReplicaSet with more available pods than it asks for
  if (others.some((rs) => availableOf(rs) > rs.spec.replicas)) return 0
  let scaledDown = 0
  const healthy = [...others].sort((a, b) => createdAt(a) - createdAt(b)).map((rs) => {
    if (rs.spec.replicas === availableOf(rs)) return rs
    scaledDown += rs.spec.replicas - availableOf(rs)
    return scaleReplicaSet(pass, rs, availableOf(rs)).rs
  })
  let room = sum(pass.allRSs, availableOf) - (replicasOf(rollout) - maxUnavailable(rollout))
  if (room <= 0) return 0
  let annotated = 0
  for (const rs of healthy.sort(newestFirst)) {
    if (isRouted(rollout) && isReferenced(pass, rs)) continue
    if (room <= 0) break
    if (rs.spec.replicas === 0) continue
    let count = 0
    if (!isRouted(rollout)) count = Math.max(0, rs.spec.replicas - room)
    else if ((isFullyPromoted(rollout) || hasScaleDownDeadline(rs)) && canaryOf(rollout).dynamicStableScale !== true) {
      const delayed = delayScaleDown(pass, rs, annotated, rs.spec.replicas)
      annotated = delayed.annotated
      count = delayed.count
    }
    if (rs.spec.replicas === count) continue
    scaleReplicaSet(pass, rs, count)
    room -= rs.spec.replicas - count
    scaledDown += rs.spec.replicas - count
  }
  return scaledDown
}

// replicaset.go scaleDownDelayHelper
function delayScaleDown(pass: Pass, rs: ReplicaSet, annotated: number, replicas: number): { readonly annotated: number; readonly count: number } {
  const limit = scaleDownRevisionLimit(pass.rollout)
  if (!hasScaleDownDeadline(rs)) {
    if (rs.spec.replicas <= 0 || annotated >= limit) return { annotated, count: 0 }
    addScaleDownDelay(pass, rs, scaleDownDelay(pass.rollout))
    return { annotated: annotated + 1, count: rs.spec.replicas }
  }
  return { annotated: annotated + 1, count: annotated + 1 <= limit && timeToDeadline(pass, rs) !== undefined ? replicas : 0 }
}

// bluegreen.go scaleDownOldReplicaSetsForBlueGreen
function scaleDownForBlueGreen(pass: Pass, others: readonly ReplicaSet[]): boolean {
  const blueGreen = pass.rollout.spec.strategy.blueGreen
  if (isInconclusive(pass)) return false
  const run = pass.currentRuns.postPromotion
  if (blueGreen?.postPromotionAnalysis !== undefined && blueGreen.scaleDownDelaySeconds === undefined && !skipsPostPromotion(pass) && run?.status?.phase !== 'Successful') return false
  let scaled = false
  let annotated = 0
  for (const rs of [...others].sort(newestFirst)) {
    if (isReferenced(pass, rs) || rs.spec.replicas === 0) continue
    const delayed = delayScaleDown(pass, rs, annotated, replicasOf(pass.rollout))
    annotated = delayed.annotated
    if (rs.spec.replicas === delayed.count) continue
    scaleReplicaSet(pass, rs, delayed.count)
    scaled = true
  }
  return scaled
}
