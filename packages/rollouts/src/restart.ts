import { secondsOf } from './clock.ts'
import type { Pass } from './pass.ts'

/** restart.go Reconcile. There are no Pod objects here, so nothing has to be restarted and spec.restartAt counts as done. */
export function noteRestart(pass: Pass): void {
  const { restartAt } = pass.rollout.spec
  const { restartedAt } = pass.rollout.status
  if (restartAt === undefined || (restartedAt !== undefined && secondsOf(restartAt) === secondsOf(restartedAt)) || pass.now <= secondsOf(restartAt)) return
  pass.newStatus.restartedAt = restartAt
}
