import type { Connection } from './api-server.ts'
import { reconcileBlueGreen, reconcileBlueGreenReplicaSets } from './blue-green.ts'
import { reconcileCanary } from './canary.ts'
import type { Client } from './client.ts'
import { secondsOf } from './clock.ts'
import { conditionOf, newCondition, withCondition, withoutCondition } from './conditions.ts'
import { ControllerFailure, fail } from './controller-failure.ts'
import type { AnalysisRuns, Pass, Run } from './pass.ts'
import { newPauseContext } from './pause.ts'
import { availableOf, createdOf, DESIRED_REPLICAS, hashOf, isActive, type ReplicaSet, sum } from './replica-set.ts'
import { reconcileCanaryReplicaSets } from './replica-sets.ts'
import { timeToDeadline } from './replica-set-writes.ts'
import { createReplicaSet, syncRevision } from './revision.ts'
import type { Rollout } from './rollout.ts'
import { isOwned, ownedRuns } from './runs.ts'
import { checkPausedConditions, patchConditions, persistStatus, type StatusDraft } from './status.ts'
import { isFullyPromoted, replicasOf } from './steps.ts'
import type { ValidationError } from './validate/index.ts'
import { firstFault } from './validity.ts'
import { updateRollout, withWorkload } from './workload.ts'
import { objectsOf } from './world.ts'

/** controller.go:390 syncHandler for one Rollout. What it runs into is thrown as a ControllerFailure; what it wrote before stays. */
export function syncRollout(connection: Connection, live: Rollout): void {
  const rollout = withWorkload(connection, live)
  const pass = newPass(connection, rollout)
  if (connection.profile.has.validatesFirst) {
    const fault = firstFault(pass)
    if (fault !== undefined) return fault.outcome === 'panic' ? failAs(fault) : rejectSpec(pass, fault)
    if (pass.newRS === undefined) adopt(pass, createReplicaSet(pass))
  }
  if (isFullyPromoted(rollout) && pass.pause.isAborted(pass.rollout)) pass.pause.removesAbort = true
  if (connection.profile.has.stopsAfterOwnWrite && pass.wroteRollout) return
  if (rollout.spec.replicas === undefined) return defaultReplicas(pass, rollout)
  reconcile(pass)
}

function failAs(fault: { readonly error: string; readonly in?: string | undefined }): never {
  throw new ControllerFailure('panic', fault.error, fault.in)
}

// controller.go:452: with the object that was read, so that a status written before in this sync is undone
function defaultReplicas(pass: Pass, read: Rollout): void {
  const { annotations } = pass.rollout.metadata
  updateRollout(pass, { ...read, metadata: { ...read.metadata, ...(annotations === undefined ? {} : { annotations }) }, spec: { ...read.spec, replicas: 1 } })
}

// context.go:48 reconcile
function reconcile(pass: Pass): void {
  const { profile } = pass
  if (!profile.has.validatesFirst) {
    const fault = firstFault(pass)
    if (fault !== undefined) return fault.outcome === 'panic' ? failAs(fault) : rejectSpec(pass, fault)
  }
  checkPausedConditions(pass)
  if (profile.has.stopsAfterOwnWrite && pass.wroteRollout) return
  if (isScalingEvent(pass)) syncReplicasOnly(pass)
  else if (pass.rollout.spec.strategy.blueGreen !== undefined) reconcileBlueGreen(pass)
  else reconcileCanary(pass)
}

// sync.go isScalingEvent
function isScalingEvent(pass: Pass): boolean {
  syncRevision(pass, 'leave')
  const looked = pass.profile.has.ignoresMiddleScaling ? [pass.newRS, pass.stableRS] : pass.allRSs
  return looked.filter(isActive).some((rs) => {
    const desired = rs.metadata.annotations?.[DESIRED_REPLICAS]
    return desired !== undefined && /^[+-]?\d+$/.test(desired) && Number(desired) !== replicasOf(pass.rollout)
  })
}

// sync.go syncReplicasOnly: no Service and no router is looked at
function syncReplicasOnly(pass: Pass): void {
  syncRevision(pass, 'leave')
  const { rollout } = pass
  const draft: StatusDraft = { ...rollout.status }
  let counted: readonly ReplicaSet[] = pass.allRSs
  if (rollout.spec.strategy.blueGreen !== undefined) {
    reconcileBlueGreenReplicaSets(pass)
    const active = pass.allRSs.find((rs) => hashOf(rs) !== '' && hashOf(rs) === rollout.status.blueGreen?.activeSelector)
    if (active !== undefined) counted = [active]
  } else reconcileCanaryReplicaSets(pass)
  draft.HPAReplicas = sum(counted, createdOf)
  draft.availableReplicas = sum(counted, availableOf)
  persistStatus(pass, draft)
}

// controller.go createInvalidRolloutCondition
function rejectSpec(pass: Pass, fault: ValidationError): void {
  const { rollout, profile } = pass
  if (fault.outcome === 'error') return fail(fault.error)
  const previous = conditionOf(rollout.status, 'InvalidSpec')
  const condition = previous === undefined || previous.message !== fault.message ? newCondition(pass, 'InvalidSpec', 'True', 'InvalidSpec', fault.message) : previous
  if (rollout.status.observedGeneration !== String(rollout.metadata.generation ?? 0) || condition !== previous) {
    const base = rollout.status.conditions ?? []
    patchConditions(pass, withCondition(previous !== undefined && previous.message !== condition.message ? withoutCondition(base, 'InvalidSpec') : base, condition))
  }
  if (fault.field !== 'spec.workloadRef') return profile.has.validatesFirst ? fail(fault.error) : undefined
  // controller.go:424: since 1.9 an unresolved workload is queued again without an error
  if (!profile.has.explainsAborts) fail(profile.has.validatesFirst ? `failed to resolve rollout: ${fault.error}` : fault.error)
}

// controller.go newRolloutContext
function newPass(client: Client, rollout: Rollout): Pass {
  const all = (objectsOf(client.cache, 'ReplicaSet') as readonly ReplicaSet[]).filter((rs) => isOwned(rs, rollout))
    .sort((a, b) => secondsOf(a.metadata.creationTimestamp ?? '') - secondsOf(b.metadata.creationTimestamp ?? ''))
  const templateHash = client.hashOf(rollout.spec.template)
  const runs = ownedRuns({ client, rollout }, 'AnalysisRun')
  const experiments = ownedRuns({ client, rollout }, 'Experiment')
  const currentExperiment = experiments.find((run) => run.metadata.name === rollout.status.canary?.currentExperiment)
  const { current, others } = currentRunsOf(runs, rollout)
  const pass: Pass = {
    client, profile: client.profile, now: secondsOf(client.now), rollout, wroteRollout: false, newRS: undefined, stableRS: undefined, allRSs: all, olderRSs: [], otherRSs: [],
    currentRuns: current, otherRuns: others, currentExperiment, otherExperiments: experiments.filter((run) => run !== currentExperiment),
    newStatus: { restartedAt: rollout.status.restartedAt, weights: rollout.status.canary?.weights }, pause: newPauseContext(), newRSWithinDelay: false, switched: new Map(), templateHash,
  }
  assignRoles(pass, all.find((rs) => hashOf(rs) === templateHash), all)
  pass.newRSWithinDelay = pass.newRS !== undefined && timeToDeadline(pass, pass.newRS) !== undefined
  return pass
}

// controller.go:590: the roles with the ReplicaSet that was just created
function adopt(pass: Pass, created: ReplicaSet): void {
  const known = pass.allRSs
  assignRoles(pass, created, known)
  pass.allRSs = [...known, created]
}

// utils/replicaset FindOldReplicaSets, GetStableRS, GetOtherRSs
function assignRoles(pass: Pass, newRS: ReplicaSet | undefined, list: readonly ReplicaSet[]): void {
  const stable = pass.rollout.status.stableRS ?? ''
  pass.newRS = newRS
  pass.olderRSs = list.filter((rs) => newRS === undefined || rs.metadata.uid !== newRS.metadata.uid)
  pass.stableRS = stable === '' ? undefined : hashOf(newRS) === stable ? newRS : pass.olderRSs.find((rs) => hashOf(rs) === stable)
  pass.otherRSs = list.filter((rs) => rs.metadata.name !== pass.stableRS?.metadata.name && rs.metadata.name !== newRS?.metadata.name)
}

// utils/analysis FilterCurrentRolloutAnalysisRuns
function currentRunsOf(runs: readonly Run[], { status }: Rollout): { readonly current: AnalysisRuns; readonly others: readonly Run[] } {
  const named = (name: string | undefined): Run | undefined => (name === undefined ? undefined : runs.find((run) => run.metadata.name === name))
  const current: AnalysisRuns = {
    canaryStep: named(status.canary?.currentStepAnalysisRunStatus?.name), canaryBackground: named(status.canary?.currentBackgroundAnalysisRunStatus?.name),
    prePromotion: named(status.blueGreen?.prePromotionAnalysisRunStatus?.name), postPromotion: named(status.blueGreen?.postPromotionAnalysisRunStatus?.name),
  }
  const taken = new Set<Run | undefined>(Object.values(current))
  return { current, others: runs.filter((run) => !taken.has(run)) }
}
