import { isMap, type KubeObject } from '@rollsync/manifests'

import type { Client } from '../../client.ts'
import { fail, panic } from '../../controller-failure.ts'
import type { Rollout, WeightDestination } from '../../rollout.ts'
import { type Json, withNested } from '../nested.ts'
import type { RouterContext } from '../router.ts'
import { istioConfig, type WantedVirtualService } from './config.ts'
import { destinationPatches, type DestinationPatch } from './destination-patches.ts'
import { type Protocol, routeName, routesOf } from './routes.ts'
import { indexesOf, validateRoutes } from './validate-routes.ts'
import { cachedVirtualService, namedVirtualServices, notFoundText, ordered, servicesOf } from './virtual-services.ts'

// istio.go:720 SetWeight: a VirtualService whose weights are right is passed over
export function setWeight(context: RouterContext, desiredWeight: number, additional: readonly WeightDestination[]): void {
  const { rollout, client } = context
  for (const { wanted, ref } of namedVirtualServices(rollout, client.profile)) {
    const current = cachedVirtualService(client, ref) ?? fail(notFoundText(ref))
    const changed = weighted(rollout, client, current, wanted, desiredWeight, additional)
    if (changed !== undefined) client.update(ordered(rollout, client, changed))
  }
}

/** istio.go:281 reconcileVirtualService: undefined where no weight differs. */
function weighted(
  rollout: Rollout, client: Client, object: KubeObject, wanted: WantedVirtualService, desiredWeight: number, additional: readonly WeightDestination[],
): KubeObject | undefined {
  const single = client.profile.has.patchesSingleNamedRoute ? 'any-name' : 'unnamed'
  const services = servicesOf(rollout, client.profile)
  const readable = (['http', 'tls', 'tcp'] as const).flatMap((protocol) => {
    const found = routesOf(object, protocol)
    if (found.read === 'unreadable') return fail(`json: cannot unmarshal spec.${protocol} of the VirtualService`)
    return found.read === 'absent' ? [] : [{ protocol, routes: found.routes }]
  })
  for (const { protocol, routes } of readable) {
    const verdict = validateRoutes(rollout, protocol, wanted, routes, services, single)
    if (verdict.routes === 'wrong') fail(verdict.error)
    if (verdict.routes === 'panic') panic(verdict.panic, verdict.in)
  }
  let changed = object
  let patched = false
  for (const { protocol, routes } of readable) {
    const names = protocol === 'http' ? [...(wanted.routes ?? []), ...mirrorNames(rollout, routes)] : []
    const found = indexesOf(protocol, protocol === 'http' ? { ...wanted, routes: names } : wanted, routes, single)
    if (protocol === 'http' && (wanted.routes ?? []).length === 0 && names.length > 0) client.note({ id: 'weights-on-mirror-only', on: `VirtualService ${object.metadata.name}` })
    for (const index of 'error' in found ? [] : found.indexes) {
      const route = routes[index]
      if (route === undefined) break
      const patches = destinationPatches(route, { ...services, rule: istioConfig(rollout)?.destinationRule, desiredWeight, additional, profile: client.profile })
      patched ||= patches.length > 0
      if (patches.some(({ remove }) => remove)) client.note({ id: 'destination-dropped', on: `VirtualService ${object.metadata.name}` })
      changed = withPatches(changed, protocol, index, patches)
    }
  }
  return patched ? changed : undefined
}

/** istio.go:151: mirror routes among the managed ones. With no routes listed in the Rollout they are then the only ones that get weights. */
function mirrorNames(rollout: Rollout, routes: readonly Json[]): readonly string[] {
  const managed = rollout.spec.strategy.canary?.trafficRouting?.managedRoutes ?? []
  return routes.filter((route) => isMap(route['mirror'])).flatMap((route) => managed.filter(({ name }) => name === routeName(route)).map(({ name }) => name))
}

/** istio.go:87 patchVirtualService: one patch after the other, so an index after a removal counts what is left. */
function withPatches(object: KubeObject, protocol: Protocol, index: number, patches: readonly DestinationPatch[]): KubeObject {
  const spec = object['spec'] as Json
  const routes = spec[protocol] as readonly Json[]
  const route = routes[index] as Json
  let destinations = (route['route'] ?? []) as readonly Json[]
  for (const patch of patches) {
    if (patch.index >= destinations.length) destinations = [...destinations, { weight: patch.weight, destination: { host: patch.host } }]
    else if (patch.remove) destinations = destinations.filter((_, at) => at !== patch.index)
    else destinations = destinations.map((destination, at) => (at === patch.index ? withNested(destination, ['weight'], patch.weight) : destination))
  }
  return patches.length === 0 ? object : withNested(object, ['spec', protocol], routes.map((other, at) => (at === index ? withNested(route, ['route'], destinations) : other)))
}
