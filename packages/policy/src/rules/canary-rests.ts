import { momentsText } from '@rollsync/ignore'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'canary-rests',
    severity: 'warning',
    recommended: true,
    summary: 'The controller comes to rest in every state',
    messages: {
      flaps: 'the controller does not come to rest at {moments}: {what}',
    },
    hint: '`rollsync simulate --explore` shows the cycle; most often a first step that sets a header route is the cause',
    threads: ['argoproj/argo-rollouts#4486'],
  },
  check({ canaries, report }) {
    for (const { scope, explored } of canaries) {
      for (const { what, moments } of explored.flaps) report('flaps', { manifest: scope.rollout.manifest, pointer: '/metadata/name' }, { what, moments: momentsText(moments) })
    }
  },
})

export default rule
