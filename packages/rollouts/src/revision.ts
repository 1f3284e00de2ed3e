import { conditionOf, newCondition, withCondition } from './conditions.ts'
import { ControllerFailure, fail } from './controller-failure.ts'
import { withEphemeralMetadata } from './ephemeral-metadata.ts'
import { mapOf } from './map-of.ts'
import { type Pass, updateReplicaSet } from './pass.ts'
import { DESIRED_REPLICAS, HASH_LABEL, type ReplicaSet, REVISION, revisionOf } from './replica-set.ts'
import type { PodMetadata } from './rollout.ts'
import { ownerReference } from './runs.ts'
import { updateRolloutStatus } from './status.ts'
import { replicasOf } from './steps.ts'
import { updateRollout } from './workload.ts'

const REVISION_HISTORY = 'rollout.argoproj.io/revision-history'

const SKIPPED: ReadonlySet<string> = new Set(['kubectl.kubernetes.io/last-applied-configuration', REVISION, REVISION_HISTORY, DESIRED_REPLICAS])

function isSkipped(pass: Pass, key: string): boolean {
  return SKIPPED.has(key) || (pass.profile.has.skipsNotifiedAnnotation && key === 'notified.notifications.argoproj.io')
}

// utils/annotations SetNewReplicaSetAnnotations; the same map where nothing changed
function newReplicaSetAnnotations(pass: Pass, before: Readonly<Record<string, string>>, revision: number): Readonly<Record<string, string>> {
  const own = pass.rollout.metadata.annotations ?? {}
  const taken = Object.keys(own).filter((key) => !isSkipped(pass, key) && (!Object.hasOwn(before, key) || before[key] !== own[key]))
  const old = before[REVISION]
  if (old !== undefined && old !== '' && !/^[+-]?\d+$/.test(old)) return before
  const raised = Number(old ?? 0) < revision
  if (taken.length === 0 && !raised) return before
  const annotations = new Map(Object.entries(before))
  for (const key of taken) annotations.set(key, own[key] as string)
  if (raised) annotations.set(REVISION, String(revision))
  if (old !== undefined) {
    const history = annotations.get(REVISION_HISTORY) ?? ''
    annotations.set(REVISION_HISTORY, history === '' ? old : `${history},${old}`)
  }
  return mapOf([...annotations])
}

function nextRevision(pass: Pass): number {
  return Math.max(0, ...pass.olderRSs.map(revisionOf)) + 1
}

/** sync.go getAllReplicaSetsAndSyncRevision: the new ReplicaSet with its revision; up to 1.7, where asked to, it is created here. */
export function syncRevision(pass: Pass, missing: 'create' | 'leave'): void {
  if (pass.newRS === undefined) {
    if (missing === 'create' && !pass.profile.has.validatesFirst) pass.newRS = createReplicaSet(pass)
    return
  }
  const { newRS, rollout } = pass
  const annotations = newReplicaSetAnnotations(pass, newRS.metadata.annotations ?? {}, nextRevision(pass))
  const minReadySeconds = rollout.spec.minReadySeconds ?? 0
  if (annotations !== newRS.metadata.annotations || (newRS.spec.minReadySeconds ?? 0) !== minReadySeconds) {
    const { minReadySeconds: _, ...spec } = newRS.spec
    pass.newRS = updateReplicaSet(pass, { ...newRS, metadata: { ...newRS.metadata, annotations }, spec: minReadySeconds === 0 ? spec : { ...spec, minReadySeconds } })
    return
  }
  setRolloutRevision(pass, annotations[REVISION] ?? '')
  if (conditionOf(pass.rollout.status, 'Progressing') !== undefined) return
  const found = newCondition(pass, 'Progressing', 'True', 'FoundNewReplicaSet', `Found new replica set ${JSON.stringify(newRS.metadata.name)}`)
  updateRolloutStatus(pass, { ...pass.rollout.status, conditions: withCondition(pass.rollout.status.conditions ?? [], found) })
}

// sync.go setRolloutRevision
function setRolloutRevision(pass: Pass, revision: string): void {
  const { rollout } = pass
  if ((rollout.metadata.annotations?.[REVISION] ?? '') === revision) return
  const annotations = { ...rollout.metadata.annotations, [REVISION]: revision }
  updateRollout(pass, { ...rollout, metadata: { ...rollout.metadata, annotations } })
}

/** sync.go createDesiredReplicaSet: with no pods, its revision on the Rollout, and a condition. */
export function createReplicaSet(pass: Pass): ReplicaSet {
  const { rollout } = pass
  const hash = pass.client.claimHash(rollout.spec.template)
  const template = rollout.spec.template ?? {}
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash }
  const revision = nextRevision(pass)
  const { namespace } = rollout.metadata
  const { minReadySeconds } = rollout.spec
  const blank: ReplicaSet = {
    apiVersion: 'apps/v1', kind: 'ReplicaSet',
    metadata: {
      name: `${rollout.metadata.name}-${hash}`, ...(namespace === undefined ? {} : { namespace }), labels, ownerReferences: [ownerReference(rollout)],
      annotations: { ...newReplicaSetAnnotations(pass, {}, revision), [DESIRED_REPLICAS]: String(replicasOf(rollout)) },
    },
    spec: {
      replicas: 0, ...(minReadySeconds === undefined ? {} : { minReadySeconds }), template: { ...template, metadata: { ...template.metadata, labels } },
      selector: { ...rollout.spec.selector, matchLabels: { ...rollout.spec.selector?.matchLabels, [HASH_LABEL]: hash } },
    },
  }
  const created = create(pass, withEphemeralMetadata(blank, firstMetadata(pass)) ?? blank)
  setRolloutRevision(pass, String(revision))
  const condition = newCondition(pass, 'Progressing', 'True', 'NewReplicaSetCreated', `Created new replica set ${JSON.stringify(created.metadata.name)}`)
  updateRolloutStatus(pass, { ...pass.rollout.status, conditions: withCondition(pass.rollout.status.conditions ?? [], condition) })
  return created
}

function create(pass: Pass, rs: ReplicaSet): ReplicaSet {
  try {
    return pass.client.create(rs) as ReplicaSet
  } catch (error) {
    if (error instanceof ControllerFailure) return fail(error.message)
    throw error
  }
}

// sync.go:170: the canary's metadata where there is a stable ReplicaSet, else the stable one's
function firstMetadata(pass: Pass): PodMetadata | undefined {
  const { canary, blueGreen } = pass.rollout.spec.strategy
  if (pass.stableRS !== undefined) return canary === undefined ? blueGreen?.previewMetadata : canary.canaryMetadata
  return canary === undefined ? blueGreen?.activeMetadata : canary.stableMetadata
}
