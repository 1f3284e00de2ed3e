import { isMap, type KubeObject, type ResourceRef } from '@rollsync/manifests'
import type { ObjectKind } from './object-kind.ts'
import { itemsAt, kindOfPlaces, type OwnedPlace, selectAny } from './places.ts'
import { listOf, managedRouteNames, routerConfig, sharedServices } from './rollout-names.ts'

const kinds = new Set(['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'])

/** Gateway API routes, as the plugin argoproj-labs/gatewayAPI writes them: the weights of the two Services in every rule, and header rules by the names that it gives them. */
export const gatewayRoute: ObjectKind = kindOfPlaces(
  ({ group, kind }: ResourceRef) => group === 'gateway.networking.k8s.io' && kinds.has(kind),
  (object, { rollout }) => {
    const plugins = routerConfig(rollout, 'plugins')
    if (plugins === undefined || !isMap(plugins['argoproj-labs/gatewayAPI'])) return []
    const services = sharedServices(rollout)
    return services.length === 0 ? [] : [...headerRules(object, managedRouteNames(rollout), services), weights(services)]
  },
)

/** httproute.go:81: one rule for each rule with both Services, named after the route, the second one with `-1`, and so on. */
function headerRules(object: KubeObject, routes: readonly string[], services: readonly string[]): readonly OwnedPlace[] {
  const backends = (item: Readonly<Record<string, unknown>>): readonly string[] => listOf(item['backendRefs']).map((backend) => (isMap(backend) ? String(backend['name']) : ''))
  const sources = itemsAt(object, ['spec', 'rules']).filter(({ item }) => services.every((service) => backends(item).includes(service))).length
  const names = routes.flatMap((route) => Array.from({ length: Math.max(1, sources) }, (_, index) => (index === 0 ? route : `${route}-${index}`)))
  if (names.length === 0) return []
  return [{
    what: `the ${names.length === 1 ? 'rule' : 'rules'} ${names.join(', ')}`,
    expression: `.spec.rules[]?|${selectAny('.name', names)}`,
    at: (one) => itemsAt(one, ['spec', 'rules']).filter(({ item }) => names.includes(String(item['name']))).map(({ path }) => path),
  }]
}

function weights(services: readonly string[]): OwnedPlace {
  return {
    what: 'the weights of its backends',
    expression: `.spec.rules[]?.backendRefs[]?|${selectAny('.name', services)}|.weight`,
    at: (one) => itemsAt(one, ['spec', 'rules']).flatMap(({ path }) => itemsAt(one, [...path, 'backendRefs']))
      .filter(({ item }) => services.includes(String(item['name']))).map(({ path }) => [...path, 'weight']),
  }
}
