import type { Rollout } from '../../rollout.ts'
import { istioConfig, type WantedDestinationRule, type WantedVirtualService } from './config.ts'
import { destinationsOf, httpIndexes, type Indexes, type Protocol, routeName, shortHost, tcpIndexes, tlsIndexes } from './routes.ts'

type Json = Readonly<Record<string, unknown>>

/** The services that the routes must lead to. */
export interface Pair { readonly stable: string; readonly canary: string }

/** Nothing wrong, the words of the error, or the panic of the controller. */
export type RoutesVerdict = { readonly routes: 'fine' } | { readonly routes: 'wrong'; readonly error: string } | { readonly routes: 'panic'; readonly panic: string; readonly in: string }

/** istio.go:1097 ValidateHTTPRoutes, :1134 ValidateTlsRoutes, :1155 ValidateTcpRoutes */
export function validateRoutes(
  rollout: Rollout, protocol: Protocol, wanted: WantedVirtualService, routes: readonly Json[], services: Pair, single: 'any-name' | 'unnamed',
): RoutesVerdict {
  const found = indexesOf(protocol, wanted, routes, single)
  if ('error' in found) return { routes: 'wrong', error: found.error }
  for (const index of found.indexes) {
    const route = routes[index]
    if (route === undefined) {
      const name = protocol === 'tls' ? 'ValidateTlsRoutes' : 'ValidateTcpRoutes'
      return { routes: 'panic', panic: `runtime error: index out of range [${index}] with length ${routes.length}`, in: `rollout/trafficrouting/istio.${name}` }
    }
    const error = validateDestinations(route, services, istioConfig(rollout)?.destinationRule)
    if (error !== undefined) return { routes: 'wrong', error }
  }
  return tooMany(rollout, protocol, wanted, routes) ? { routes: 'wrong', error: tooManyText(protocol) } : { routes: 'fine' }
}

export function indexesOf(protocol: Protocol, wanted: WantedVirtualService, routes: readonly Json[], single: 'any-name' | 'unnamed'): Indexes {
  switch (protocol) {
    case 'http': return httpIndexes(wanted.routes ?? [], routes, single)
    case 'tls': return tlsIndexes(wanted.tlsRoutes ?? [], routes)
    case 'tcp': return tcpIndexes(wanted.tcpRoutes ?? [], routes)
    default: return protocol satisfies never
  }
}

function tooMany(rollout: Rollout, protocol: Protocol, wanted: WantedVirtualService, routes: readonly Json[]): boolean {
  switch (protocol) {
    case 'http': {
      const managed = new Set((rollout.spec.strategy.canary?.trafficRouting?.managedRoutes ?? []).map(({ name }) => name))
      return (wanted.routes ?? []).length === 0 && routes.filter((route) => !managed.has(routeName(route))).length > 1
    }
    case 'tls': return (wanted.tlsRoutes ?? []).length === 0 && routes.length > 1
    case 'tcp': return (wanted.tcpRoutes ?? []).length === 0 && routes.length > 1
    default: return protocol satisfies never
  }
}

function tooManyText(protocol: Protocol): string {
  const field = protocol === 'http' ? 'routes' : `${protocol}Routes`
  return `spec.${protocol}[] should be set in VirtualService and it must have exactly one route when omitting spec.strategy.canary.trafficRouting.istio.virtualService.${field}`
}

/** istio.go:1176 validateVirtualServiceRouteDestinations */
function validateDestinations(route: Json, services: Pair, rule: WantedDestinationRule | undefined): string | undefined {
  const destinations = destinationsOf(route)
  if (rule !== undefined) {
    const has = (subset: string): boolean => subset !== '' && destinations.some((destination) => destination.subset === subset)
    if (!has(rule.canarySubsetName)) return `Canary DestinationRule subset '${rule.canarySubsetName}' not found in route`
    return has(rule.stableSubsetName) ? undefined : `Stable DestinationRule subset '${rule.stableSubsetName}' not found in route`
  }
  const has = (service: string): boolean => service !== '' && destinations.some(({ host }) => shortHost(host) === service)
  if (!has(services.canary)) return `Canary Service '${services.canary}' not found in route`
  return has(services.stable) ? undefined : `Stable Service '${services.stable}' not found in route`
}
