import { reconcilePostPromotion, reconcilePrePromotion } from './analysis-blue-green.ts'
import { CANCEL_ANALYSIS, createAnalysisRun, needsNewRun } from './analysis-run.ts'
import { hasPauseCondition, isAborted, type AnalysisRuns, type Pass, type Run } from './pass.ts'
import { addAbort } from './pause.ts'
import { isFastRollback, isRollbackWithinWindow } from './promote.ts'
import { hasScaleDownDeadline } from './replica-set.ts'
import type { RunStatus } from './rollout.ts'
import { cancelRuns, deleteOldRuns } from './runs.ts'
import { canaryOf, currentStep, isFullyPromoted } from './steps.ts'

/** analysis.go reconcileAnalysisRuns. */
export function reconcileAnalysisRuns(pass: Pass): void {
  const { rollout, profile, currentRuns } = pass
  const isInitial = (rollout.status.stableRS ?? '') === ''
  const stops = isAborted(pass) || rollout.status.promoteFull === true || isInitial
  if (profile.has.fastRollback ? stops || isFullyPromoted(rollout) || isFastRollback(pass) : stops || hasScaleDownDeadline(pass.newRS) || (profile.has.windowStopsAnalysis && isRollbackWithinWindow(pass))) {
    stopAnalysis(pass)
    if (!profile.has.fastRollback) return
  } else if (rollout.spec.strategy.canary !== undefined) {
    setCurrentRuns(pass, { canaryStep: reconcileStepRun(pass), canaryBackground: reconcileBackgroundRun(pass) })
  } else if (rollout.spec.strategy.blueGreen !== undefined) {
    const prePromotion = reconcilePrePromotion(pass)
    pauseOrAbort(pass, prePromotion, profile.has.explainsAborts ? 'Blue/green pre-promotion analysis phase error/failed' : '')
    const postPromotion = reconcilePostPromotion(pass)
    pauseOrAbort(pass, postPromotion, profile.has.explainsAborts ? 'Blue/green post-promotion analysis phase error/failed' : '')
    setCurrentRuns(pass, { prePromotion, postPromotion })
  } else setCurrentRuns(pass, currentRuns)
  const current = new Set(runsOf(pass.currentRuns).map((run) => run.metadata.name))
  const others = pass.otherRuns.filter((run) => !current.has(run.metadata.name))
  cancelRuns(pass, others, CANCEL_ANALYSIS)
  deleteOldRuns(pass, others)
}

// Up to 1.9 the current runs are kept as they are and the others cancelled too; since 1.10 a canary forgets its runs, blue-green keeps them.
function stopAnalysis(pass: Pass): void {
  const { currentRuns, profile } = pass
  if (!profile.has.fastRollback) {
    setCurrentRuns(pass, currentRuns)
    cancelRuns(pass, [...runsOf(currentRuns), ...pass.otherRuns], CANCEL_ANALYSIS)
    return
  }
  cancelRuns(pass, runsOf(currentRuns), CANCEL_ANALYSIS)
  setCurrentRuns(pass, { prePromotion: currentRuns.prePromotion, postPromotion: currentRuns.postPromotion })
}

// utils/analysis/helpers.go ToArray
function runsOf(runs: AnalysisRuns): readonly Run[] {
  return [runs.postPromotion, runs.prePromotion, runs.canaryStep, runs.canaryBackground].filter((run) => run !== undefined)
}

// context.go SetCurrentAnalysisRuns
function setCurrentRuns(pass: Pass, runs: AnalysisRuns): void {
  pass.currentRuns = runs
  const { newStatus, rollout } = pass
  if (rollout.spec.strategy.canary !== undefined) {
    if (runs.canaryBackground !== undefined) newStatus.backgroundRun = runStatus(runs.canaryBackground)
    if (runs.canaryStep !== undefined) newStatus.stepRun = runStatus(runs.canaryStep)
  } else {
    if (runs.prePromotion !== undefined) newStatus.preRun = runStatus(runs.prePromotion)
    if (runs.postPromotion !== undefined) newStatus.postRun = runStatus(runs.postPromotion)
  }
}

function runStatus(run: Run): RunStatus {
  return { name: run.metadata.name, status: run.status?.phase ?? '', message: run.status?.message }
}

/** What a finished run does to the update: inconclusive pauses it, failed or in error aborts it. */
function pauseOrAbort(pass: Pass, run: Run | undefined, explanation: string): void {
  const phase = run?.status?.phase
  if (phase === 'Inconclusive') pass.pause.add.add('InconclusiveAnalysisRun')
  if (phase !== 'Error' && phase !== 'Failed') return
  const message = run?.status?.message ?? ''
  addAbort(pass, explanation === '' ? message : message === '' ? explanation : `${explanation}: ${message}`)
}

// analysis.go reconcileStepBasedAnalysisRun
function reconcileStepRun(pass: Pass): Run | undefined {
  const { rollout, profile } = pass
  const run = pass.currentRuns.canaryStep
  if ((rollout.status.pauseConditions ?? []).length > 0 || rollout.status.abort === true) return run
  const { step, index } = currentStep(rollout)
  const fromEarlierStep = profile.has.endsRunOfEarlierStep && step?.analysis !== undefined && run !== undefined && run.metadata.labels?.['step-index'] !== String(index)
  if (step?.analysis === undefined || (profile.has.ignoresEmptyAnalysis && (step.analysis.templates ?? []).length === 0) || fromEarlierStep) {
    cancelRuns(pass, [run], CANCEL_ANALYSIS)
    return undefined
  }
  if (run === undefined || needsNewRun(pass, run)) return createAnalysisRun(pass, step.analysis, String(index), { 'rollout-type': 'Step', 'step-index': String(index) })
  pauseOrAbort(pass, run, profile.has.explainsAborts ? 'Step-based analysis phase error/failed' : '')
  return run
}

// analysis.go reconcileBackgroundAnalysisRun
function reconcileBackgroundRun(pass: Pass): Run | undefined {
  const { rollout, profile } = pass
  const run = pass.currentRuns.canaryBackground
  const analysis = canaryOf(rollout).analysis
  if (analysis === undefined || (profile.has.ignoresEmptyBackground && (analysis.templates ?? []).length === 0)) {
    cancelRuns(pass, [run], CANCEL_ANALYSIS)
    return undefined
  }
  const { index } = currentStep(rollout)
  const isBefore = analysis.startingStep !== undefined && index !== undefined && index < analysis.startingStep
  if (isFullyPromoted(rollout) || (rollout.status.stableRS ?? '') === '' || (rollout.status.currentPodHash ?? '') === '' || isBefore) return undefined
  if (hasPauseCondition(rollout, 'InconclusiveAnalysisRun')) return run
  if (run === undefined || needsNewRun(pass, run)) return createAnalysisRun(pass, analysis, '', { 'rollout-type': 'Background' })
  pauseOrAbort(pass, run, profile.has.explainsAborts ? 'Background analysis phase error/failed' : '')
  return run
}
