import { momentsText } from '@rollsync/ignore'
import { defineRule, type Rule } from '../rule.ts'
import { spotAt } from '../spots.ts'

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
    for (const canary of canaries) {
      const spot = { manifest: canary.scope.rollout.manifest, pointer: '/metadata/name' }
      for (const { what, moments } of canary.explored.flaps) report('flaps', spotAt(spot, canary, moments), { what, moments: momentsText(moments) })
    }
  },
})

export default rule
