import { secondsOf } from './clock.ts'
import { type Pass, refIn } from './pass.ts'
import { createdOf, HASH_LABEL, hashOf, type ReplicaSet } from './replica-set.ts'

/** sync.go reconcileRevisionHistoryLimit: deletes the oldest ReplicaSets without pods, and the runs that belong to them. */
export function limitRevisionHistory(pass: Pass): void {
  const limit = pass.rollout.spec.revisionHistoryLimit ?? 10
  const oldestFirst = [...pass.otherRSs].sort((a, b) => createdAt(a) - createdAt(b))
  for (const rs of oldestFirst.slice(0, Math.max(0, oldestFirst.length - limit))) {
    if (createdOf(rs) !== 0 || rs.spec.replicas !== 0) continue
    pass.client.remove(refIn(pass, 'ReplicaSet', 'apps', rs.metadata.name))
    for (const run of [...pass.otherRuns, ...pass.otherExperiments]) {
      if (run.metadata.labels?.[HASH_LABEL] === hashOf(rs)) pass.client.remove(refIn(pass, run.kind, 'argoproj.io', run.metadata.name))
    }
  }
}

function createdAt(rs: ReplicaSet): number {
  return secondsOf(rs.metadata.creationTimestamp ?? '1970-01-01T00:00:00Z')
}
