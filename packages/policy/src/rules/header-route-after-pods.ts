import { canarySteps } from '../canary-steps.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'header-route-after-pods',
    severity: 'error',
    recommended: true,
    summary: 'A header route is set only after a step that gives the canary pods',
    messages: {
      early: 'step {step} sets header route {route} before any canary pod is asked for: the controller removes the route in its next sync and does not set it again',
    },
    hint: 'put `- setCanaryScale: { weight: 10 }` (or a setWeight above 0) before it',
    threads: ['argoproj/argo-rollouts#4716', 'argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi#147'],
  },
  check({ canaries, report }) {
    for (const { scope } of canaries) {
      let pods = false
      for (const step of canarySteps(scope.rollout.object)) {
        pods ||= step.asksForPods // a step that does both is the current one until its pods run
        const route = step.sets('header') ? step.nameOf('setHeaderRoute') : undefined
        const spot = { manifest: scope.rollout.manifest, pointer: `${step.pointer}/setHeaderRoute`, mark: 'key' } as const
        if (route !== undefined && !pods) report('early', spot, { step: step.index + 1, route })
      }
    }
  },
})

export default rule
