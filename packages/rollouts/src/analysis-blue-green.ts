import { CANCEL_ANALYSIS, createAnalysisRun, needsNewRun } from './analysis-run.ts'
import { hasPauseCondition, type Pass, type Run } from './pass.ts'
import { isSaturated } from './progress.ts'
import { availableOf, hashOf, type ReplicaSet } from './replica-set.ts'
import type { RolloutAnalysis } from './rollout.ts'
import { cancelRuns } from './runs.ts'

/** analysis.go reconcilePrePromotionAnalysisRun. */
export function reconcilePrePromotion(pass: Pass): Run | undefined {
  const analysis = pass.rollout.spec.strategy.blueGreen?.prePromotionAnalysis
  return reconcileRun(pass, analysis, pass.currentRuns.prePromotion, skipsPrePromotion(pass), { infix: 'pre', type: 'PrePromotion' })
}

/** analysis.go reconcilePostPromotionAnalysisRun. */
export function reconcilePostPromotion(pass: Pass): Run | undefined {
  const analysis = pass.rollout.spec.strategy.blueGreen?.postPromotionAnalysis
  return reconcileRun(pass, analysis, pass.currentRuns.postPromotion, skipsPostPromotion(pass), { infix: 'post', type: 'PostPromotion' })
}

function reconcileRun(pass: Pass, analysis: RolloutAnalysis | undefined, run: Run | undefined, skips: boolean, names: { readonly infix: string; readonly type: string }): Run | undefined {
  if (analysis === undefined || (pass.profile.has.ignoresEmptyAnalysis && (analysis.templates ?? []).length === 0)) {
    cancelRuns(pass, [run], CANCEL_ANALYSIS)
    return undefined
  }
  if (skips) {
    cancelRuns(pass, [run], CANCEL_ANALYSIS)
    return run
  }
  if (hasPauseCondition(pass.rollout, 'InconclusiveAnalysisRun')) return run
  return run === undefined || needsNewRun(pass, run) ? createAnalysisRun(pass, analysis, names.infix, { 'rollout-type': names.type }) : run
}

// analysis.go skipPrePromotionAnalysisRun
function skipsPrePromotion(pass: Pass): boolean {
  const { rollout } = pass
  const hash = hashOf(pass.newRS)
  const active = rollout.status.blueGreen?.activeSelector ?? ''
  if ((rollout.status.stableRS ?? '') === hash || active === '' || active === hash || hash === '') return true
  if (pass.profile.has.keepsStartedAnalysis && pass.currentRuns.prePromotion !== undefined) return false
  const preview = rollout.spec.strategy.blueGreen?.previewReplicaCount
  const newRS = pass.newRS as ReplicaSet
  return preview === undefined ? !isSaturated(rollout, newRS) : newRS.spec.replicas !== preview || availableOf(newRS) !== preview
}

/** analysis.go skipPostPromotionAnalysisRun. */
export function skipsPostPromotion(pass: Pass): boolean {
  const { rollout } = pass
  const hash = hashOf(pass.newRS)
  if ((rollout.status.stableRS ?? '') === hash || (rollout.status.blueGreen?.activeSelector ?? '') !== hash || hash === '') return true
  if (pass.profile.has.keepsStartedAnalysis && pass.currentRuns.postPromotion !== undefined) return false
  return !isSaturated(rollout, pass.newRS)
}
