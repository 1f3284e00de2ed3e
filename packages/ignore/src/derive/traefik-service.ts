import type { ObjectKind } from './object-kind.ts'
import { itemsAt, kindOfPlaces, selectAny } from './places.ts'
import { routerConfig, sharedServices } from './rollout-names.ts'

/** TraefikService: the two weights, traefik.go:89. */
export const traefikService: ObjectKind = kindOfPlaces(
  ({ group, kind }) => (group === 'traefik.io' || group === 'traefik.containo.us') && kind === 'TraefikService',
  (object, { rollout }) => {
    const services = sharedServices(rollout)
    if (routerConfig(rollout, 'traefik')?.['weightedTraefikServiceName'] !== object.metadata.name || services.length === 0) return []
    return [{
      what: 'the weights of its services',
      expression: `.spec.weighted.services[]?|${selectAny('.name', services)}|.weight`,
      at: (one) => itemsAt(one, ['spec', 'weighted', 'services']).filter(({ item }) => services.includes(String(item['name']))).map(({ path }) => [...path, 'weight']),
    }]
  },
)
