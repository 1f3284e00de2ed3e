import { isMap } from '@rollsync/manifests'
import type { Release } from './release.ts'
import type { RolloutStatus } from './rollout-status.ts'

/** Where a release stands in the cluster. */
export type Standing =
  | 'under way'
  | 'let through' // fully promoted by a person, or past its last pause without an end; not stable yet
  | 'promoted'
  | 'aborted'
  | 'degraded'
  | 'undone' // the cluster was asked for the stable pods again
  | 'superseded' // the cluster was asked for yet another release
  | 'settling' // the controller has not seen the newest spec

/** Where a release stands, as its Rollout shows it at one look. */
export function standingOf(rollout: RolloutStatus, release: Release): Standing {
  if (rollout.stableHash === release.podHash) return 'promoted'
  if (rollout.observed === 'not yet') return 'settling'
  if (rollout.podHash === release.stableHash) return 'undone'
  if (rollout.podHash !== release.podHash) return 'superseded'
  if (rollout.abort === 'yes') return 'aborted'
  // A condition of an abort before this release stays for one sync (status.abort is cleared first).
  if (rollout.phase === 'Degraded' && !rollout.message.startsWith('RolloutAborted')) return 'degraded'
  return rollout.promoteFull === 'yes' || isPastLastPause(rollout) ? 'let through' : 'under way'
}

/** Only a person passes a pause without a duration: behind the last one, the release goes on by itself. */
function isPastLastPause({ steps, index }: RolloutStatus): boolean {
  const last = steps.findLastIndex((step) => isMap(step) && isMap(step['pause']) && step['pause']['duration'] === undefined)
  return last >= 0 && index !== undefined && index > last
}
