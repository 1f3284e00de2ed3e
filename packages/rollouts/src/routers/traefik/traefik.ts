import { isMap, type KubeObject } from '@rollsync/manifests'

import { fail } from '../../controller-failure.ts'
import type { Rollout } from '../../rollout.ts'
import { nestedList, nestedText, withNested } from '../nested.ts'
import type { Router, RouterContext } from '../router.ts'

/** rollout/trafficrouting/traefik/traefik.go: the two weights of a TraefikService. Header and mirror routes: nothing, as upstream. */
export const traefik: Router = {
  type: 'Traefik',
  isConfigured: (rollout) => serviceNameOf(rollout) !== undefined,
  updateHash: () => {},
  setWeight,
  setHeaderRoute: () => {},
  setMirrorRoute: () => {},
  verifyWeight: () => undefined,
  removeManagedRoutes: () => {},
}

function serviceNameOf(rollout: Rollout): string | undefined {
  return (rollout.spec.strategy.canary?.trafficRouting?.['traefik'] as { readonly weightedTraefikServiceName: string } | undefined)?.weightedTraefikServiceName
}

// traefik.go:89 SetWeight: an Update on every reconcile, whether it changes anything or not
function setWeight({ rollout, client }: RouterContext, desiredWeight: number): void {
  const name = serviceNameOf(rollout) ?? ''
  // --traefik-api-group: whichever this cluster has
  const service = ['traefik.io', 'traefik.containo.us'].map((group) => client.getLive({ group, kind: 'TraefikService', namespace: rollout.metadata.namespace ?? '', name }))
    .find((found): found is KubeObject => found !== undefined)
  if (service === undefined) return fail(`traefikservices.${client.profile.has.usesTraefikIo ? 'traefik.io' : 'traefik.containo.us'} "${name}" not found`)
  const services = nestedList(service, 'spec', 'weighted', 'services')
  if (services === undefined) return fail('spec.weighted.services was not found in traefik service manifest')
  const { canaryService = '', stableService = '' } = rollout.spec.strategy.canary ?? {}
  const canary = indexOf(services, canaryService)
  if (canary < 0) return fail('traefik canary service was not found')
  const stable = indexOf(services, stableService)
  if (stable < 0) return fail('traefik stable service was not found')
  const weights = new Map([[canary, desiredWeight], [stable, 100 - desiredWeight]])
  const weighted = services.map((entry, index) => (isMap(entry) && weights.has(index) ? withNested(entry, ['weight'], weights.get(index)) : entry))
  client.update(withNested(service, ['spec', 'weighted', 'services'], weighted))
}

/** traefik.go:140 getService: the entries up to the one that is looked for must have names. */
function indexOf(services: readonly unknown[], name: string): number {
  for (const [index, service] of services.entries()) {
    if (!isMap(service)) return fail('Failed type assertion setting weight for traefik service')
    const found = nestedText(service, 'name')
    if (found === undefined) return fail('name field was not found in service')
    if (found === name) return index
  }
  return -1
}
