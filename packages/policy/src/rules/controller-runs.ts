import { momentsText } from '@rollsync/ignore'
import { defineRule, type Rule } from '../rule.ts'

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
    for (const { scope, explored, invalid } of canaries) {
      if (invalid) continue // rollout-valid says what is wrong
      for (const { what, moments } of explored.failures) report('fails', { manifest: scope.rollout.manifest, pointer: '/metadata/name' }, { what, moments: momentsText(moments) })
    }
  },
})

export default rule
