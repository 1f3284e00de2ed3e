import { type CounterExample, momentsText } from '@rollsync/ignore'
import { refKey } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'
import { ignoreSpot, spotAt } from '../spots.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'drift-covered',
    severity: 'error',
    recommended: true,
    summary: 'Every state of a canary compares Synced',
    messages: {
      drift: '{what} at {moments}: Argo CD calls the canary of {rollout} OutOfSync and, with self-heal, undoes it',
      unknown: '{what}, at {moments} of the canary of {rollout}',
    },
    hint: '`rollsync generate --write` adds the rules that are missing',
    threads: ['argoproj/argo-rollouts#2465', 'argoproj/argo-rollouts#2463'],
  },
  check({ canaries, report }) {
    for (const canary of canaries) {
      for (const [verdict, examples] of byObject(canary.verdict('covering')?.counterExamples ?? [])) {
        const moments = [...new Set(examples.flatMap((one) => one.moments))]
        const data = { what: whatOf(examples), moments: momentsText(moments), rollout: canary.scope.rollout.object.metadata.name }
        report(verdict === 'unknown' ? 'unknown' : 'drift', spotAt(ignoreSpot(canary), canary, moments), data)
      }
    }
  },
})

export default rule

/** One finding for each object; an Application that is Unknown is so once, whichever object it shows on. */
function byObject(examples: readonly CounterExample[]): readonly (readonly [CounterExample['verdict'], readonly CounterExample[]])[] {
  const groups = new Map<string, CounterExample[]>()
  for (const one of examples) {
    const key = one.verdict === 'unknown' ? one.what : refKey(one.resource)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].map((group) => [group[0]?.verdict, group])
}

function whatOf(examples: readonly CounterExample[]): string {
  const [first, ...others] = [...new Set(examples.map((one) => one.what))]
  return others.length === 0 ? (first ?? '') : `${first} (and otherwise)`
}
