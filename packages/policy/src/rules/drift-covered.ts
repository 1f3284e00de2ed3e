import { momentsText } from '@rollsync/ignore'
import { defineRule, type Rule } from '../rule.ts'
import { ignoreSpot } from '../spots.ts'

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
      for (const one of canary.verdict('covering')?.counterExamples ?? []) {
        const data = { what: one.what, moments: momentsText(one.moments), rollout: canary.scope.rollout.object.metadata.name }
        report(one.verdict === 'unknown' ? 'unknown' : 'drift', ignoreSpot(canary), data)
      }
    }
  },
})

export default rule
