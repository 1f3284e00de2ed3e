import { isMap, type KubeObject, type ResourceRef } from '@rollsync/manifests'

import { secondsOf } from './clock.ts'
import { ControllerFailure } from './controller-failure.ts'
import { canonicalJson } from './fingerprint.ts'
import { type Pass, refIn, type Run } from './pass.ts'
import { isDone } from './phase.ts'
import { HASH_LABEL, hashOf } from './replica-set.ts'
import { compare, objectsOf } from './world.ts'

/** The AnalysisRuns or Experiments that this Rollout controls, by name. */
export function ownedRuns(pass: Pick<Pass, 'client' | 'rollout'>, kind: 'AnalysisRun' | 'Experiment'): readonly Run[] {
  return (objectsOf(pass.client.cache, kind) as readonly Run[]).filter((run) => isOwned(run, pass.rollout))
}

export function isOwned(object: KubeObject, owner: KubeObject): boolean {
  const references = object.metadata['ownerReferences'] as readonly { readonly uid?: string; readonly controller?: boolean }[] | undefined
  return references?.find((reference) => reference.controller === true)?.uid === owner.metadata['uid']
}

export function ownerReference(owner: KubeObject): Readonly<Record<string, unknown>> {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: owner.metadata.name, uid: owner.metadata['uid'], controller: true, blockOwnerDeletion: true }
}

/** Creates a run; where the name is taken by one that is over or another one, `separator` and a number are appended (CreateWithCollisionCounter, createExperimentWithCollisionHandling). */
export function createRun(pass: Pass, run: Run, separator: '.' | '-'): Run {
  for (let count = 0; ; count++) {
    const name = count === 0 ? run.metadata.name : `${run.metadata.name}${separator}${count}`
    const existing = pass.client.getLive(refIn(pass, run.kind, 'argoproj.io', name)) as Run | undefined
    const created = tryCreate(pass, { ...run, metadata: { ...run.metadata, name } })
    if (created !== undefined) return created
    if (existing !== undefined && !isDone(existing.status?.phase) && canonicalJson(comparable(run)) === canonicalJson(comparable(existing)) && isOwned(existing, pass.rollout)) return existing
  }
}

// undefined: the API server has one of that name already; the attempt is a write all the same.
function tryCreate(pass: Pass, run: Run): Run | undefined {
  try {
    return pass.client.create(run) as Run
  } catch (error) {
    if (error instanceof ControllerFailure && error.message.endsWith(' already exists')) return undefined
    throw error
  }
}

// utils/analysis and utils/experiment IsSemanticallyEqual: spec without `terminate`
function comparable(run: Run): unknown {
  const { terminate: _, ...spec } = isMap(run.spec) ? run.spec : {}
  return spec
}

/** Terminates the runs that are not over and not told yet. */
export function cancelRuns(pass: Pass, runs: readonly (Run | undefined)[], patch: string): void {
  for (const run of runs) {
    if (run === undefined || run.spec?.terminate === true || isDone(run.status?.phase)) continue
    patchRun(pass, run, patch)
  }
}

// analysis.go cancelAnalysisRuns passes over a run that is gone; experiment.go cancelExperiments does not.
function patchRun(pass: Pass, run: Run, patch: string): void {
  try {
    pass.client.patch(refOfRun(pass, run), 'merge', patch)
  } catch (error) {
    if (!(error instanceof ControllerFailure) || run.kind !== 'AnalysisRun' || !error.message.endsWith(' not found')) throw error
  }
}

function refOfRun(pass: Pass, run: Run): ResourceRef {
  return refIn(pass, run.kind, 'argoproj.io', run.metadata.name)
}

/** Deletes what the history limits do not keep (FilterAnalysisRunsToDelete, FilterExperimentsToDelete). */
export function deleteOldRuns(pass: Pass, runs: readonly Run[]): void {
  const limits = { successful: pass.rollout.spec.analysis?.successfulRunHistoryLimit ?? 5, other: pass.rollout.spec.analysis?.unsuccessfulRunHistoryLimit ?? 5 }
  const hashes = new Set(pass.allRSs.map(hashOf))
  const newestFirst = [...runs].sort((a, b) => createdAt(b) - createdAt(a) || compare(a.metadata.name, b.metadata.name))
  let successful = 0
  let other = 0
  for (const run of newestFirst) {
    const hash = run.metadata.labels?.[HASH_LABEL]
    const phase = run.status?.phase
    const kept = hash !== undefined && hashes.has(hash)
      && (phase === 'Successful' ? successful++ < limits.successful : isDone(phase) ? other++ < limits.other : true)
    if (!kept) pass.client.remove(refOfRun(pass, run))
  }
}

function createdAt(run: Run): number {
  return secondsOf(String(run.metadata['creationTimestamp'] ?? '1970-01-01T00:00:00Z'))
}
