import { momentsText } from '@rollsync/ignore'
import { defineRule, type Rule } from '../rule.ts'
import { spotAt } from '../spots.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'controller-runs',
    severity: 'error',
    recommended: true,
    summary: 'The controllers get through every sync',
    messages: {
      fails: '{what}, at {moments}: such a sync is tried again for ever, and what comes after it is never done',
    },
    hint: '`rollsync simulate --explore` shows the state',
    threads: ['argoproj/argo-rollouts#2902'],
  },
  check({ canaries, report }) {
    for (const canary of canaries) {
      if (canary.invalid) continue // rollout-valid says what is wrong
      const spot = { manifest: canary.scope.rollout.manifest, pointer: '/metadata/name' }
      for (const { what, moments } of canary.explored.failures) report('fails', spotAt(spot, canary, moments), { what, moments: momentsText(moments) })
    }
  },
})

export default rule
