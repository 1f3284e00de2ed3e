import { reconcileAnalysisRuns } from './analysis.ts'
import { reconcileBlueGreenPause } from './blue-green-pause.ts'
import { hasTemplateChanged } from './canary.ts'
import { reconcileEphemeralMetadata } from './ephemeral-metadata.ts'
import type { Pass } from './pass.ts'
import { isBlueGreenPauseOver } from './pause.ts'
import { isPrePromotionDone, isRollbackWithinWindow, promoteStable, shouldPromote } from './promote.ts'
import { availableOf, createdOf, hashOf, sum } from './replica-set.ts'
import { removeScaleDownDeadlines, scaleReplicaSet } from './replica-set-writes.ts'
import { reconcileNew, reconcileOthers } from './replica-sets.ts'
import { noteRestart } from './restart.ts'
import { limitRevisionHistory } from './revision-history.ts'
import { syncRevision } from './revision.ts'
import { selectorText } from './selector-text.ts'
import { getService, reconcileActiveService, reconcilePreviewService, selectedHash, type Service } from './services.ts'
import { baseStatus, concludeStatus, resetStatus } from './status.ts'
import { replicasOf } from './steps.ts'

interface BlueGreenServices { readonly active: () => Service; readonly preview: () => Service | undefined }

// service.go getPreviewAndActiveServices; read anew each time, as their selectors change in place
function servicesOf(pass: Pass): BlueGreenServices {
  const { activeService, previewService } = pass.rollout.spec.strategy.blueGreen ?? { activeService: '' }
  return {
    preview: () => (previewService === undefined ? undefined : getService(pass, previewService)),
    active: () => getService(pass, activeService),
  }
}

/** bluegreen.go:17 rolloutBlueGreen. */
export function reconcileBlueGreen(pass: Pass): void {
  const services = servicesOf(pass)
  const preview = services.preview()
  services.active()
  syncRevision(pass, 'create')
  reconcilePreviewService(pass, preview)
  if (!hasTemplateChanged(pass)) {
    noteRestart(pass)
    reconcileBlueGreenReplicaSets(pass)
    reconcileBlueGreenPause(pass, services.active())
    reconcileActiveService(pass, services.active())
    reconcileAnalysisRuns(pass)
    reconcileEphemeralMetadata(pass)
  }
  syncBlueGreenStatus(pass, services)
}

/** bluegreen.go reconcileBlueGreenReplicaSets. */
export function reconcileBlueGreenReplicaSets(pass: Pass): void {
  removeScaleDownDeadlines(pass)
  const stable = pass.profile.has.scalesBlueGreenStable ? pass.stableRS : pass.allRSs.find((rs) => hashOf(rs) !== '' && hashOf(rs) === selectedHash(servicesOf(pass).active()))
  if (stable !== undefined) scaleReplicaSet(pass, stable, replicasOf(pass.rollout))
  reconcileNew(pass)
  reconcileOthers(pass)
  limitRevisionHistory(pass)
}

// bluegreen.go syncRolloutStatusBlueGreen
function syncBlueGreenStatus(pass: Pass, services: BlueGreenServices): void {
  const { rollout, allRSs } = pass
  const draft = baseStatus(pass)
  draft.stableRS = rollout.status.stableRS
  if (hasTemplateChanged(pass)) resetStatus(pass, draft)
  if (rollout.status.promoteFull === true || isRollbackWithinWindow(pass)) {
    pass.pause.clearsPause = true
    pass.pause.removesAbort = true
  }
  const activeSelector = selectedHash(services.active())
  draft.blueGreen = { ...draft.blueGreen, previewSelector: selectedHash(services.preview()), activeSelector }
  if (shouldPromote(pass, draft)) promoteStable(pass, draft)
  else draft.blueGreen = { ...draft.blueGreen, scaleUpPreviewCheckPoint: previewCheckPoint(pass) }
  const active = activeSelector === '' ? undefined : allRSs.find((rs) => hashOf(rs) === activeSelector)
  const counted = active === undefined ? allRSs : [active]
  draft.HPAReplicas = sum(counted, createdOf)
  draft.availableReplicas = sum(counted, availableOf)
  draft.selector = selectorText(active === undefined ? rollout.spec.selector : active.spec.selector as typeof rollout.spec.selector)
  if (active !== undefined) draft.readyReplicas = active.status?.readyReplicas ?? 0
  concludeStatus(pass, draft)
}

// bluegreen.go calculateScaleUpPreviewCheckPoint
function previewCheckPoint(pass: Pass): boolean {
  const { rollout, newRS } = pass
  const preview = rollout.spec.strategy.blueGreen?.previewReplicaCount
  if (preview === undefined) return false
  if (rollout.status.blueGreen?.scaleUpPreviewCheckPoint === true) return true
  return isPrePromotionDone(pass) && isBlueGreenPauseOver(pass) && newRS !== undefined && preview === availableOf(newRS)
}
