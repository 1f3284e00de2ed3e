import { reconcileAnalysisRuns } from './analysis.ts'
import { reconcileEphemeralMetadata } from './ephemeral-metadata.ts'
import { reconcileExperiments } from './experiment.ts'
import { isAborted, type Pass, scaleInput } from './pass.ts'
import { isPauseStepOver, reconcileCanaryPause } from './pause.ts'
import { isDone } from './phase.ts'
import { isRollbackWithinWindow, promoteStable, shouldPromote } from './promote.ts'
import { availableOf, createdOf, hashOf, isActive, sum } from './replica-set.ts'
import { reconcileCanaryReplicaSets } from './replica-sets.ts'
import { noteRestart } from './restart.ts'
import { limitRevisionHistory } from './revision-history.ts'
import { syncRevision } from './revision.ts'
import { atDesiredReplicaCounts } from './scale.ts'
import { selectorText } from './selector-text.ts'
import { reconcilePingAndPongService, reconcileStableAndCanaryService } from './services.ts'
import { baseStatus, concludeStatus, resetStatus, type StatusDraft } from './status.ts'
import { stepHash } from './step-hash.ts'
import { isPluginStepDone, stepPluginStatuses } from './step-plugin.ts'
import { currentStep, stepsOf } from './steps.ts'
import { reconcileTrafficRouting } from './traffic.ts'

/** canary.go:20 rolloutCanary: one pass over a canary, in the order of the Go function. */
export function reconcileCanary(pass: Pass): void {
  if (hasTemplateOrStepsChanged(pass)) {
    syncRevision(pass, 'leave')
    syncCanaryStatus(pass)
    return
  }
  syncRevision(pass, 'create')
  noteRestart(pass)
  reconcileEphemeralMetadata(pass)
  limitRevisionHistory(pass)
  reconcilePingAndPongService(pass)
  reconcileStableAndCanaryService(pass)
  reconcileTrafficRouting(pass)
  reconcileExperiments(pass)
  reconcileAnalysisRuns(pass)
  if (pass.pause.add.size === 0 && !reconcileCanaryReplicaSets(pass)) reconcileCanaryPause(pass)
  syncCanaryStatus(pass)
}

/** utils/replicaset PodTemplateOrStepsChanged. */
export function hasTemplateOrStepsChanged(pass: Pass): boolean {
  const { currentStepHash } = pass.rollout.status
  return (currentStepHash ?? '') === '' || currentStepHash !== stepHash(pass.rollout) || hasTemplateChanged(pass)
}

/** utils/replicaset CheckPodSpecChange. */
export function hasTemplateChanged(pass: Pass): boolean {
  const current = pass.rollout.status.currentPodHash ?? ''
  return current !== '' && current !== (pass.newRS === undefined ? pass.templateHash : hashOf(pass.newRS))
}

// canary.go syncRolloutStatusCanary
function syncCanaryStatus(pass: Pass): void {
  const { rollout } = pass
  const draft = canaryBase(pass)
  const steps = stepsOf(rollout).length
  if (hasTemplateOrStepsChanged(pass)) {
    resetStatus(pass, draft)
    // canary.go:365: back on the stable ReplicaSet, or on one within the rollback window that is still up: no step is taken
    const toStable = (rollout.status.stableRS ?? '') === hashOf(pass.newRS)
    if (pass.newRS !== undefined && steps > 0 && (toStable || (isRollbackWithinWindow(pass) && isActive(pass.newRS)))) draft.currentStepIndex = steps
    concludeStatus(pass, draft)
    return
  }
  let { index } = currentStep(rollout)
  if (rollout.status.promoteFull === true || isRollbackWithinWindow(pass)) {
    pass.pause.clearsPause = true
    pass.pause.removesAbort = true
    if (steps > 0) index = steps
  }
  if (shouldPromote(pass, draft)) promoteStable(pass, draft)
  else if (isAborted(pass)) {
    if (steps > 0) draft.currentStepIndex = (draft.stableRS ?? '') === (draft.currentPodHash ?? '') ? steps : 0
  } else {
    if (index !== undefined && isStepDone(pass)) {
      index++
      draft.canary = { ...draft.canary, currentStepAnalysisRunStatus: undefined }
      pass.pause.drop.add('CanaryPauseStep')
    }
    draft.currentStepIndex = index
  }
  concludeStatus(pass, draft)
}

function canaryBase(pass: Pass): StatusDraft {
  const { rollout, allRSs } = pass
  const draft = baseStatus(pass)
  draft.availableReplicas = sum(allRSs, availableOf)
  draft.HPAReplicas = sum(allRSs, createdOf)
  draft.selector = selectorText(rollout.spec.selector)
  draft.canary = { ...draft.canary, stablePingPong: rollout.status.canary?.stablePingPong, stepPluginStatuses: stepPluginStatuses(pass) }
  draft.stableRS = rollout.status.stableRS
  draft.currentStepHash = stepHash(rollout)
  return draft
}

// canary.go:307 completedCurrentCanaryStep: the first that the step has decides
function isStepDone(pass: Pass): boolean {
  const { rollout, newStatus } = pass
  const { step, index } = currentStep(rollout)
  if (rollout.spec.paused === true || step === undefined) return false
  const atCounts = (): boolean => atDesiredReplicaCounts(scaleInput(pass), newStatus.weights)
  if (step.pause !== undefined) return isPauseStepOver(pass, step.pause.duration)
  if (step.setCanaryScale !== undefined) return atCounts()
  if (step.setWeight !== undefined) return atCounts() && newStatus.weights?.verified !== false
  if (step.experiment !== undefined) return pass.currentExperiment?.status?.phase === 'Successful'
  if (step.analysis !== undefined) return isDone(pass.currentRuns.canaryStep?.status?.phase) && pass.currentRuns.canaryStep?.status?.phase === 'Successful'
  if (step.setHeaderRoute !== undefined || step.setMirrorRoute !== undefined) return true
  return step.plugin !== undefined && isPluginStepDone(pass, index as number, step.plugin.name)
}
