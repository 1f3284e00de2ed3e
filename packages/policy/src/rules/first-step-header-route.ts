import { canarySteps } from '../canary-steps.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'first-step-header-route',
    severity: 'warning',
    recommended: true,
    summary: 'The first step sets no header route, so that an abort comes to rest',
    messages: {
      first: 'header route {route} is set by the first step: after an abort that step is the current one again, and the controller removes the route and sets it again on every sync, without end',
    },
    hint: 'begin with `- setCanaryScale: { weight: 10 }`',
    threads: ['argoproj/argo-rollouts#4486'],
  },
  check({ canaries, report }) {
    for (const { scope } of canaries) {
      const [step] = canarySteps(scope.rollout.object)
      const route = step?.nameOf('setHeaderRoute')
      if (step === undefined || route === undefined || !step.sets('header')) continue
      report('first', { manifest: scope.rollout.manifest, pointer: `${step.pointer}/setHeaderRoute`, mark: 'key' }, { route })
    }
  },
})

export default rule
