import { canarySteps, managedRouteNames } from '../canary-steps.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'managed-route-unused',
    severity: 'warning',
    recommended: true,
    summary: 'Every managed route is set by a step',
    messages: {
      unused: 'no step sets managed route {route}',
    },
    hint: 'remove it, or set it in a step',
    threads: [],
  },
  check({ canaries, report }) {
    for (const { scope: { rollout: { object, manifest } } } of canaries) {
      const set = new Set(canarySteps(object).flatMap((step) => [step.nameOf('setHeaderRoute'), step.nameOf('setMirrorRoute')]))
      for (const [index, route] of managedRouteNames(object).entries()) {
        if (!set.has(route)) report('unused', { manifest, pointer: `/spec/strategy/canary/trafficRouting/managedRoutes/${index}/name` }, { route }, undefined, [{ do: 'remove', pointer: `/spec/strategy/canary/trafficRouting/managedRoutes/${index}` }])
      }
    }
  },
})

export default rule
