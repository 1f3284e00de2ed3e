import { canarySteps, managedRouteNames } from '../canary-steps.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'managed-route-declared',
    severity: 'error',
    recommended: true,
    summary: 'Every route that a step sets is named in trafficRouting.managedRoutes',
    messages: {
      undeclared: 'step {step} sets route {route}, which spec.strategy.canary.trafficRouting.managedRoutes does not name: the controller rejects the Rollout (InvalidSpec)',
    },
    hint: 'add `- name: …` to managedRoutes; routes named first come first in the Ingress',
    threads: ['argoproj/argo-rollouts#2829'],
  },
  check({ canaries, report }) {
    for (const { scope } of canaries) {
      const declared = managedRouteNames(scope.rollout.object)
      for (const step of canarySteps(scope.rollout.object)) {
        for (const kind of ['setHeaderRoute', 'setMirrorRoute'] as const) {
          const route = step.nameOf(kind)
          if (route === undefined || declared.includes(route)) continue
          report('undeclared', { manifest: scope.rollout.manifest, pointer: `${step.pointer}/${kind}/name` }, { step: step.index + 1, route }, undefined, [{ do: 'set', pointer: '/spec/strategy/canary/trafficRouting/managedRoutes/-', value: { name: route } }])
        }
      }
    }
  },
})

export default rule
