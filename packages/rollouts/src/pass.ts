import type { KubeObject, ResourceRef } from '@rollsync/manifests'

import type { Client } from './client.ts'
import { ControllerFailure, fail } from './controller-failure.ts'
import type { PauseContext } from './pause.ts'
import type { RolloutsProfile } from './profile.ts'
import type { ReplicaSet } from './replica-set.ts'
import type { BlueGreenStatus, CanaryStatus, Rollout, RunStatus } from './rollout.ts'
import type { ScaleInput } from './scale.ts'

/** An AnalysisRun or an Experiment: its outcome comes from events. */
export interface Run extends KubeObject {
  readonly spec?: { readonly terminate?: boolean; readonly templates?: readonly unknown[] }
  readonly status?: { readonly phase?: string; readonly message?: string; readonly templateStatuses?: readonly TemplateStatus[] }
}

export interface TemplateStatus { readonly name: string; readonly serviceName?: string; readonly podTemplateHash?: string }

export interface AnalysisRuns {
  canaryStep?: Run | undefined
  canaryBackground?: Run | undefined
  prePromotion?: Run | undefined
  postPromotion?: Run | undefined
}

/** The part of the new status that is collected while the sync runs (Go's rolloutContext.newStatus). */
export interface NewStatus {
  restartedAt?: string | undefined
  weights?: CanaryStatus['weights']
  currentExperiment?: string | undefined
  stepRun?: RunStatus | undefined
  backgroundRun?: RunStatus | undefined
  preRun?: BlueGreenStatus['prePromotionAnalysisRunStatus']
  postRun?: BlueGreenStatus['postPromotionAnalysisRunStatus']
}

/** One sync of one Rollout: Go's rolloutContext (rollout/context.go). Its fields change while the sync runs; nothing of it outlives the sync. */
export interface Pass {
  readonly client: Client
  readonly profile: RolloutsProfile
  /** Seconds since 1970. */
  readonly now: number
  rollout: Rollout
  /** Whether the sync has written the Rollout already (newRollout != nil). */
  wroteRollout: boolean
  newRS: ReplicaSet | undefined
  stableRS: ReplicaSet | undefined
  allRSs: readonly ReplicaSet[]
  olderRSs: readonly ReplicaSet[]
  otherRSs: readonly ReplicaSet[]
  currentRuns: AnalysisRuns
  otherRuns: readonly Run[]
  currentExperiment: Run | undefined
  otherExperiments: readonly Run[]
  readonly newStatus: NewStatus
  readonly pause: PauseContext
  /** The new ReplicaSet had a scale-down deadline that is not over when the sync began. */
  newRSWithinDelay: boolean
  /** The hashes that Services were switched to in this sync, by name. */
  readonly switched: Map<string, string>
  /** The hash of the Rollout's pod template. */
  readonly templateHash: string
}

export function scaleInput({ rollout, newRS, stableRS, otherRSs, profile }: Pass): ScaleInput {
  return { rollout, newRS, stableRS, otherRSs, profile }
}

export function refIn(pass: Pass, kind: string, group: string, name: string): ResourceRef {
  return { group, kind, namespace: pass.rollout.metadata.namespace ?? '', name }
}

/** Writes a ReplicaSet and answers what the API server then holds; the caller decides which of its copies that replaces. */
export function updateReplicaSet(pass: Pass, rs: ReplicaSet): ReplicaSet {
  try {
    return pass.client.update(rs) as ReplicaSet
  } catch (error) {
    if (!pass.profile.has.namesFailedReplicaSet || !(error instanceof ControllerFailure) || error.kind === 'panic') throw error
    return fail(`error updating replicaset in updateReplicaSet ${rs.metadata.name}: ${error.message}`)
  }
}

export function isAborted({ pause, rollout }: Pass): boolean {
  return pause.isAborted(rollout)
}

/** context.go haltProgress: nothing is scaled or switched while a person or an inconclusive analysis holds the Rollout. */
export function isHalted({ rollout }: Pass): boolean {
  return rollout.spec.paused === true || hasPauseCondition(rollout, 'InconclusiveAnalysisRun')
}

export function hasPauseCondition(rollout: Rollout, reason: string): boolean {
  return (rollout.status.pauseConditions ?? []).some((condition) => condition.reason === reason)
}
