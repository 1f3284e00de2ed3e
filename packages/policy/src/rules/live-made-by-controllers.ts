import { refText } from '@rollsync/manifests'
import type { LiveObject } from '../live/live-object.ts'
import { defineRule, type Rule } from '../rule.ts'
import { applicationSpot } from '../spots.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'live-made-by-controllers',
    severity: 'warning',
    recommended: true,
    needs: 'live',
    summary: 'What an ignore rule hides in the cluster was written by a controller, and is what some state of the canary has',
    messages: {
      hidden: '{object} has {places} that {who}, and an ignore rule hides it: nothing takes it away, and no state of the canary has it',
      state: '{object} has {places} in the place of the Rollouts controller, but no state of Rollout {rollout} has it so{moment}: somebody changed it, or it is left over from other steps',
    },
    hint: 'take it out of the cluster, or into Git; `rollsync explain` shows all that differs',
    threads: [],
  },
  check({ live, report }) {
    for (const one of live.objects) {
      for (const [who, places] of hiddenBy(one)) {
        report('hidden', applicationSpot(one.application), { object: refText(one.resource), places: listed(places), who })
      }
      const unknown = one.rollouts === 'as in Git' ? strangeTo(one) : []
      if (unknown.length > 0) {
        report('state', applicationSpot(one.application), {
          object: refText(one.resource), places: listed(unknown), rollout: one.canaries.map(({ scope }) => scope.rollout.object.metadata.name).join(', '), moment: one.moment === '' ? '' : ` (${one.moment})`,
        })
      }
    }
  },
})

export default rule

/** Hidden differences of the parts that route traffic, by who made them. Without managedFields nobody can be named. */
function hiddenBy({ differences, comparison }: LiveObject): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  if (comparison.sync !== 'Synced' && comparison.sync !== 'OutOfSync') return found
  for (const { pointer, by, who, why, visible, change } of differences) {
    if (visible === 'yes' || (by !== 'hand' && by !== 'unexplained') || change === 'remove' || !routes(pointer)) continue
    const key = by === 'hand' ? `${who} wrote by hand (${why})` : `nobody known wrote (${why})`
    found.set(key, [...(found.get(key) ?? []), pointer])
  }
  return found
}

/** An Ingress alone: its texts are known byte by byte, while the pod hashes of Services are not. */
function strangeTo({ differences, live }: LiveObject): readonly string[] {
  return live.kind === 'Ingress' ? differences.filter(({ by, moment, pointer, change }) => by === 'rollouts' && moment === undefined && change !== 'remove' && routes(pointer)).map(({ pointer }) => pointer) : []
}

function routes(pointer: string): boolean {
  return pointer.startsWith('/spec/') || /^\/metadata\/annotations\/[^/]*~1(actions|conditions)\./.test(pointer)
}

function listed(places: readonly string[]): string {
  return places.slice(0, 3).join(', ') + (places.length > 3 ? ` and ${places.length - 3} more` : '')
}
