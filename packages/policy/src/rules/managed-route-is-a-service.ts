import { managedRouteNames } from '../canary-steps.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'managed-route-is-a-service',
    severity: 'error',
    recommended: true,
    summary: 'No managed route has the name of a Service',
    messages: {
      service: 'managed route {route} has the name of a Service: from the first deploy on the controller removes the Ingress paths of that Service',
    },
    hint: 'give the route a name that no Service has',
    threads: ['argoproj/argo-rollouts#2767'],
  },
  check({ canaries, report }) {
    for (const { scope: { rollout: { object, manifest }, around } } of canaries) {
      for (const [index, route] of managedRouteNames(object).entries()) {
        if (around.named(new Set([route])).some((one) => one.object.kind === 'Service')) report('service', { manifest, pointer: `/spec/strategy/canary/trafficRouting/managedRoutes/${index}/name` }, { route })
      }
    }
  },
})

export default rule
