import { secondsOf } from './clock.ts'
import { hasPauseCondition, isAborted, type Pass, scaleInput } from './pass.ts'
import { availableOf, hashOf, type ReplicaSet, revisionOf } from './replica-set.ts'
import { progressThresholdMet } from './scale.ts'
import { scaleDeployment } from './scale-deployment.ts'
import type { StatusDraft } from './status.ts'
import { canaryOf, currentStep, replicasOf, stepsOf } from './steps.ts'

function createdAt(rs: ReplicaSet): number {
  return secondsOf(rs.metadata.creationTimestamp ?? '1970-01-01T00:00:00Z')
}

/** sync.go isRollbackWithinWindow: an older ReplicaSet, with fewer than rollbackWindow.revisions ReplicaSets between it and the stable one. */
export function isRollbackWithinWindow({ newRS, stableRS, allRSs, rollout }: Pass): boolean {
  const revisions = rollout.spec.rollbackWindow?.revisions ?? 0
  if (newRS === undefined || stableRS === undefined || revisions <= 0 || createdAt(newRS) >= createdAt(stableRS)) return false
  const between = allRSs.filter((rs) => (rs.metadata.annotations?.['experiment.argoproj.io/name'] ?? '') === '' && createdAt(rs) < createdAt(stableRS) && createdAt(newRS) < createdAt(rs))
  return between.length < revisions
}

/** sync.go isFastRollback: within the window, back to the stable ReplicaSet, or (blue-green) within the scale-down delay. Once promoted it is always true. */
export function isFastRollback(pass: Pass): boolean {
  const { newRS, stableRS, rollout } = pass
  if (newRS === undefined || stableRS === undefined) return false
  const toStable = (rollout.status.stableRS ?? '') === hashOf(newRS)
  if (!toStable && createdAt(newRS) >= createdAt(stableRS)) return false
  return isRollbackWithinWindow(pass) || (pass.newRSWithinDelay && rollout.spec.strategy.blueGreen !== undefined) || toStable
}

/** sync.go shouldFullPromote: whether the new ReplicaSet becomes the stable one in this sync. */
export function shouldPromote(pass: Pass, draft: StatusDraft): boolean {
  if (pass.stableRS === undefined) return true
  if (pass.rollout.spec.strategy.canary !== undefined) return shouldPromoteCanary(pass)
  return pass.rollout.spec.strategy.blueGreen !== undefined && shouldPromoteBlueGreen(pass, draft)
}

function shouldPromoteCanary(pass: Pass): boolean {
  const { rollout, newRS, profile } = pass
  if (isAborted(pass) || newRS === undefined) return false
  const replicas = replicasOf(rollout)
  const enough = profile.has.promotesOverscaled ? availableOf(newRS) >= replicas || progressThresholdMet(scaleInput(pass), newRS, replicas) : availableOf(newRS) === replicas
  if (!enough) return false
  if (rollout.status.promoteFull === true || (profile.has.fastRollback ? isFastRollback(pass) : isRollbackWithinWindow(pass))) return true
  const steps = stepsOf(rollout).length
  return steps === 0 || currentStep(rollout).index === steps
}

function shouldPromoteBlueGreen(pass: Pass, draft: StatusDraft): boolean {
  const { rollout, profile } = pass
  const active = draft.blueGreen?.activeSelector ?? ''
  if (active === '') return true
  if (active !== (draft.currentPodHash ?? '')) return false
  if (rollout.status.promoteFull === true || (profile.has.fastRollback ? isFastRollback(pass) : isRollbackWithinWindow(pass))) return true
  if (isAborted(pass)) return false
  if (rollout.spec.strategy.blueGreen?.postPromotionAnalysis === undefined) return true
  if (!profile.has.fastRollback && (pass.newRS?.metadata.annotations?.['scale-down-deadline'] ?? '') !== '') return true
  return pass.currentRuns.postPromotion?.status?.phase === 'Successful'
}

/** sync.go promoteStable. */
export function promoteStable(pass: Pass, draft: StatusDraft): void {
  const { pause, rollout } = pass
  pause.clearsPause = true
  pause.removesAbort = true
  draft.promoteFull = undefined
  if (draft.blueGreen !== undefined) draft.blueGreen = { ...draft.blueGreen, scaleUpPreviewCheckPoint: undefined }
  if (rollout.spec.strategy.canary !== undefined) draft.currentStepIndex = stepsOf(rollout).length > 0 ? stepsOf(rollout).length : undefined
  if ((draft.stableRS ?? '') !== (draft.currentPodHash ?? '')) {
    if (canaryOf(rollout).pingPong !== undefined) draft.canary = { ...draft.canary, stablePingPong: rollout.status.canary?.stablePingPong === 'ping' ? 'pong' : 'ping' }
    draft.stableRS = draft.currentPodHash
  }
  const migrates = pass.profile.has.scalesReferencedDeployment && rollout.spec.workloadRef?.scaleDown === 'onsuccess'
  if (migrates && revisionOf(rollout) === 1 && rollout.status.phase === 'Healthy') scaleDeployment(pass, 0)
}

/** pause.go completedPrePromotionAnalysis. */
export function isPrePromotionDone(pass: Pass): boolean {
  const analysis = pass.rollout.spec.strategy.blueGreen?.prePromotionAnalysis
  return analysis === undefined || pass.currentRuns.prePromotion?.status?.phase === 'Successful'
}

/** context.go haltProgress for an inconclusive analysis alone. */
export function isInconclusive(pass: Pass): boolean {
  return hasPauseCondition(pass.rollout, 'InconclusiveAnalysisRun')
}
