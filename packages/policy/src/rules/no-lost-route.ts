import { momentsText } from '@rollsync/ignore'
import { defineRule } from '../rule.ts'
import { ignoreSpot } from '../spots.ts'

export default defineRule({
  meta: {
    id: 'no-lost-route',
    severity: 'error',
    recommended: true,
    summary: 'A sync during the canary keeps what the Rollouts controller wrote, and lands what Git changed',
    messages: {
      reverts: '{what} at {moments}{change}, and the controller does not put it back (Argo CD {argocd}{options})',
      outage: '{what}, at {moments}{change} (Argo CD {argocd}{options})',
      freezes: '{what} at {moments}{change} (Argo CD {argocd}{options})',
      unknown: '{what} at {moments}{change} (Argo CD {argocd}{options})',
    },
    hint: 'keep the managed route in Git: `rollsync generate --anchor --write`',
    threads: ['argoproj/argo-rollouts#4486', 'argoproj/argo-cd#17694', 'argoproj/argo-cd#25284'],
  },
  check({ canaries, report }) {
    for (const canary of canaries) {
      for (const one of canary.verdict('sync-safe')?.counterExamples ?? []) {
        report(one.verdict === undefined || one.verdict === 'misrouted' ? 'unknown' : one.verdict, ignoreSpot(canary), {
          what: one.what,
          moments: momentsText(one.moments),
          change: one.gitChange === undefined ? '' : ` when ${one.gitChange}`,
          argocd: canary.argocd,
          options: canary.syncOptions.length === 0 ? '' : `, ${canary.syncOptions.join(', ')}`,
        })
      }
    }
  },
})
