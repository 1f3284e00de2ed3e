import { isMap } from '@rollsync/manifests'
import type { ObjectKind } from './object-kind.ts'
import { itemsAt, kindOfPlaces, selectAny } from './places.ts'
import { distinctTexts, listOf, routerConfig, sharedServices } from './rollout-names.ts'

/** ApisixRoute: the weights of the two backends in the rules that the Rollout names, apisix.go:69. Header routes are objects of the controller's own. */
export const apisixRoute: ObjectKind = kindOfPlaces(
  ({ group, kind }) => group === 'apisix.apache.org' && kind === 'ApisixRoute',
  (object, { rollout }) => {
    const route = routerConfig(rollout, 'apisix')?.['route']
    const services = sharedServices(rollout)
    if (!isMap(route) || route['name'] !== object.metadata.name || services.length === 0) return []
    // apisix.go:105: without rules the one that is named like the route
    const rules = Array.isArray(route['rules']) ? distinctTexts(listOf(route['rules'])) : [object.metadata.name]
    if (rules.length === 0) return []
    return [{
      what: `the weights of ${rules.length === 1 ? 'rule' : 'rules'} ${rules.join(', ')}`,
      expression: `.spec.http[]?|${selectAny('.name', rules)}|.backends[]?|${selectAny('.serviceName', services)}|.weight`,
      at: (one) => itemsAt(one, ['spec', 'http']).filter(({ item }) => rules.includes(String(item['name']))).flatMap(({ path }) => itemsAt(one, [...path, 'backends']))
        .filter(({ item }) => services.includes(String(item['serviceName']))).map(({ path }) => [...path, 'weight']),
    }]
  },
)
