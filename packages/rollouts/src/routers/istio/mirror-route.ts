import { isMap, type KubeObject } from '@rollsync/manifests'

import type { Client } from '../../client.ts'
import { fail, panic } from '../../controller-failure.ts'
import type { Rollout, SetMirrorRoute, StringMatch } from '../../rollout.ts'
import type { Json } from '../nested.ts'
import type { RouterContext } from '../router.ts'
import { istioConfig, type WantedVirtualService } from './config.ts'
import { canaryHost, weightRoute, within } from './header-route.ts'
import { cachedVirtualService, changeCache, httpOf, namedVirtualServices, notFoundText, ordered, withHttp, withoutRoute } from './virtual-services.ts'

// istio.go:1222 SetMirrorRoute: an Update each time, whether it changes anything or not
export function setMirrorRoute({ rollout, client }: RouterContext, mirror: SetMirrorRoute): void {
  for (const { wanted, ref } of namedVirtualServices(rollout, client.profile)) {
    const current = cachedVirtualService(client, ref) ?? fail(`[SetMirrorRoute] failed to get virtual service: ${notFoundText(ref)}`)
    const changed = ordered(rollout, client, within('[SetMirrorRoute] failed reconcile virtual service for mirror routes', () => withMirrorRoute(rollout, client, current, wanted, mirror)))
    changeCache(client, ref, changed)
    within('[SetMirrorRoute] failed to update virtual service', () => client.update(changed))
  }
}

/** istio.go:1259 reconcileVirtualServiceMirrorRoutes: without a match the route is removed. */
function withMirrorRoute(rollout: Rollout, client: Client, object: KubeObject, wanted: WantedVirtualService, mirror: SetMirrorRoute): KubeObject {
  const host = within('[reconcileVirtualServiceMirrorRoutes] failed to get destination rule host', () => canaryHost(rollout, client))
  const routes = httpOf(object)
  if (routes === undefined) {
    return fail(`[reconcileVirtualServiceMirrorRoutes] failed to remove ${mirror.match === undefined ? 'route' : 'http route'} from virtual service: spec.http not found`)
  }
  const without = withoutRoute(object, routes, mirror.name)
  if (mirror.match === undefined) return without
  const source = within('[reconcileVirtualServiceMirrorRoutes] failed to create mirror route: [createMirrorRoute] failed to get virtual service http route for keeping non-mirror weights set',
    () => weightRoute(without, wanted, client))
  const route = source === undefined ? [] : typedDestinations(source)
  const [first] = route
  // istio.go:1357 asks for len(route) >= 0, which always holds
  if (first === undefined) return panic('runtime error: index out of range [0] with length 0', 'rollout/trafficrouting/istio.createMirrorRoute')
  const subset = istioConfig(rollout)?.destinationRule?.canarySubsetName ?? ''
  const target = { ...(host === '' ? {} : { host }), ...(subset === '' ? {} : { subset }), ...(first.destination.port === undefined ? {} : { port: first.destination.port }) }
  const added = {
    name: mirror.name, match: mirror.match.map(matchOf), route, mirror: target, mirrorPercentage: { value: mirror.percentage ?? 100 },
  }
  return withHttp(without, [added, ...(httpOf(without) ?? [])])
}

function matchOf({ method, path, headers }: NonNullable<SetMirrorRoute['match']>[number]): Json {
  return {
    ...(method === undefined ? {} : { method: valueOf(method) }), ...(path === undefined ? {} : { uri: valueOf(path) }),
    ...(headers === undefined || Object.keys(headers).length === 0 ? {} : { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, valueOf(value)])) }),
  }
}

function valueOf(value: StringMatch): Json {
  return Object.fromEntries((['exact', 'prefix', 'regex'] as const).filter((key) => (value[key] ?? '') !== '').map((key) => [key, value[key]]))
}

interface TypedDestination { readonly destination: { readonly host?: string; readonly subset?: string; readonly port?: Json }; readonly weight?: number }

/** istio_types.go VirtualServiceRouteDestination: what the type does not know is dropped, a weight of 0 too. */
function typedDestinations(route: Json): readonly TypedDestination[] {
  return ((route['route'] ?? []) as readonly Json[]).map((entry) => {
    const target = isMap(entry['destination']) ? entry['destination'] : {}
    const { host, subset, port } = target
    const number = isMap(port) ? port['number'] : undefined
    return {
      destination: {
        ...(typeof host === 'string' && host !== '' ? { host } : {}), ...(typeof subset === 'string' && subset !== '' ? { subset } : {}),
        ...(isMap(port) ? { port: typeof number === 'number' && number !== 0 ? { number } : {} } : {}),
      },
      ...(typeof entry['weight'] === 'number' && entry['weight'] !== 0 ? { weight: entry['weight'] } : {}),
    }
  })
}
