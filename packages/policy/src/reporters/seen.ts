import { counted } from '@rollsync/ignore'
import type { Report } from '../finding.ts'

/** What a report looked at: `5 files, 1 Application, 1 Rollout, 4 live objects (2 more are no part of a canary here)`. */
export function seenText({ summary, live }: Report): string {
  const seen = [counted(summary.files, 'file'), counted(summary.applications, 'Application'), counted(summary.rollouts, 'Rollout')]
  if (live === undefined) return seen.join(', ')
  const others = live.others === 0 ? '' : ` (${live.others} more ${live.others === 1 ? 'is' : 'are'} no part of a canary here)`
  return `${[...seen, counted(live.objects + live.applications, 'live object')].join(', ')}${others}`
}
