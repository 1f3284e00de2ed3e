import { applyMergePatch, type KubeObject, refKey } from '@rollsync/manifests'

import { notFound } from './born.ts'
import { type Cluster, replicaSetsOf, withoutHash } from './cluster.ts'
import { findRollout, type Outcome, put } from './put.ts'
import { revisionOf } from './replica-set.ts'
import type { Rollout } from './rollout.ts'
import { currentStep, stepsOf } from './steps.ts'
import { refOfWorkload } from './workload.ts'

/** Patches of the live Rollout, one after the other, as the kubectl plugin sends them. */
export function withRollout(cluster: Cluster, name: string | undefined, patches: (rollout: Rollout, cluster: Cluster) => readonly unknown[]): Outcome {
  const rollout = findRollout(cluster, name)
  if (rollout === undefined) return { refused: name === undefined ? 'no Rollout' : `no Rollout ${name}` }
  return put(cluster, patches(rollout, cluster).reduce<KubeObject>((object, patch) => applyMergePatch(object, patch) as KubeObject, rollout))
}

// pkg/kubectl-argo-rollouts/cmd/promote/promote.go getPatches
export function promote(cluster: Cluster, skip: 'current-step' | 'all-steps' | undefined, name: string | undefined): Outcome {
  const rollout = findRollout(cluster, name)
  if (skip !== undefined && rollout !== undefined) {
    if (rollout.spec.strategy.blueGreen !== undefined) return { refused: 'Cannot skip steps of a bluegreen rollout. Run without a flags' }
    if (rollout.spec.strategy.canary !== undefined && stepsOf(rollout).length === 0) return { refused: 'Cannot skip steps of a rollout without steps' }
  }
  return withRollout(cluster, name, (live) => {
    if (skip === 'all-steps') return [{ status: { currentStepIndex: stepsOf(live).length } }]
    if (skip === 'current-step') return nextIndex(live) === undefined ? [] : [{ status: { currentStepIndex: nextIndex(live) } }]
    return [...promoteStatus(live), ...(live.spec.paused === true ? [{ spec: { paused: false } }] : [])]
  })
}

function promoteStatus(rollout: Rollout): readonly unknown[] {
  const { status } = rollout
  const paused = (status.pauseConditions ?? []).length > 0
  const inconclusive = rollout.spec.strategy.canary !== undefined && status.canary?.currentStepAnalysisRunStatus?.status === 'Inconclusive'
  const index = nextIndex(rollout)
  if (inconclusive && paused && status.controllerPause === true) {
    return index === undefined ? [] : [{ status: { pauseConditions: null, controllerPause: false, currentStepIndex: index } }]
  }
  if (paused) return [{ status: { pauseConditions: null } }]
  return rollout.spec.strategy.canary === undefined || index === undefined ? [] : [{ status: { pauseConditions: null, currentStepIndex: index } }]
}

function nextIndex(rollout: Rollout): number | undefined {
  const { index } = currentStep(rollout)
  return index === undefined ? undefined : Math.min(index + 1, Math.max(index, stepsOf(rollout).length))
}

export function promoteFull(rollout: Rollout, { profile }: Cluster): readonly unknown[] {
  const full = (rollout.status.currentPodHash ?? '') === (rollout.status.stableRS ?? '') ? [] : [{ status: { promoteFull: true } }]
  return [...full, ...(profile.has.promoteFullUnpauses && rollout.spec.paused === true ? [{ spec: { paused: false } }] : [])]
}

/** `kubectl argo rollouts undo`: the pod template of an older revision (absent: the second newest) replaces the live one. */
export function undo(cluster: Cluster, to: number | undefined, name: string | undefined): Outcome {
  const rollout = findRollout(cluster, name)
  if (rollout === undefined) return { refused: name === undefined ? 'no Rollout' : `no Rollout ${name}` }
  const owned = replicaSetsOf(cluster.world).filter((rs) => (rs.metadata['ownerReferences'] as readonly { readonly name: string }[] | undefined)?.[0]?.name === rollout.metadata.name)
  const revisions = [...owned].sort((a, b) => revisionOf(b) - revisionOf(a))
  const older = to === undefined || to === 0 ? revisions[1] : revisions.findLast((rs) => revisionOf(rs) === to)
  if (older === undefined) return { refused: (to ?? 0) > 0 ? `unable to find specified revision ${to} in history` : `no revision found for rollout ${JSON.stringify(rollout.metadata.name)}` }
  const template = withoutHash(older.spec.template)
  if (rollout.spec.workloadRef === undefined) return put(cluster, { ...rollout, spec: { ...rollout.spec, template } })
  // undo.go: with a workloadRef it is the workload's template that goes back
  const workload = cluster.world.get(refKey(refOfWorkload(rollout)))
  return workload === undefined ? { refused: notFound(refOfWorkload(rollout)) } : put(cluster, { ...workload, spec: { ...workload['spec'] as object, template } })
}
