import { isMap, type KubeObject } from '@rollsync/manifests'

import type { Client } from '../../client.ts'
import { ControllerFailure, fail, NIL_POINTER, panic } from '../../controller-failure.ts'
import type { Rollout, SetHeaderRoute } from '../../rollout.ts'
import type { Json } from '../nested.ts'
import type { RouterContext } from '../router.ts'
import { istioConfig, type WantedVirtualService } from './config.ts'
import { destinationsOf, httpIndexes, routesOf } from './routes.ts'
import { cachedVirtualService, changeCache, httpOf, namedVirtualServices, notFoundText, ordered, servicesOf, withHttp, withoutRoute } from './virtual-services.ts'

// istio.go:827 SetHeaderRoute: an Update each time, whether it changes anything or not
export function setHeaderRoute({ rollout, client }: RouterContext, header: SetHeaderRoute): void {
  for (const { wanted, ref } of namedVirtualServices(rollout, client.profile)) {
    const current = cachedVirtualService(client, ref) ?? fail(`[SetHeaderRoute] failed to get istio virtual service: ${notFoundText(ref)}`)
    const changed = ordered(rollout, client, withHeaderRoute(rollout, client, current, wanted, header))
    changeCache(client, ref, changed)
    within('[SetHeaderRoute] failed to update routes', () => client.update(changed))
  }
}

/** istio.go:782 reconcileVirtualServiceHeaderRoutes */
function withHeaderRoute(rollout: Rollout, client: Client, object: KubeObject, wanted: WantedVirtualService, header: SetHeaderRoute): KubeObject {
  const host = within('[SetHeaderRoute] failed to reconcile header routes', () => canaryHost(rollout, client))
  const name = header.name ?? ''
  const routes = httpOf(object)
  if (routes === undefined) {
    const what = header.match === undefined ? 'route' : 'http route'
    return fail(`[SetHeaderRoute] failed to reconcile header routes: [reconcileVirtualServiceHeaderRoutes] failed to remove ${what} from virtual service: spec.http not found`)
  }
  const without = withoutRoute(object, routes, name)
  if (header.match === undefined) return without
  const match = header.match.map(({ headerName, headerValue }) => {
    if (headerValue === null) return panic(NIL_POINTER, 'rollout/trafficrouting/istio.createHeaderRouteMatch')
    const value = Object.fromEntries((['exact', 'regex', 'prefix'] as const).filter((key) => (headerValue[key] ?? '') !== '').map((key) => [key, headerValue[key]]))
    return { headers: Object.fromEntries([[headerName, value]]) }
  })
  const port = canaryPort(without, wanted, client)
  const subset = istioConfig(rollout)?.destinationRule?.canarySubsetName ?? ''
  const destination = { host, ...(port > 0 ? { port: { number: port } } : {}), ...(subset === '' ? {} : { subset }) }
  return withHttp(without, [...(httpOf(without) ?? []), { name, match, route: [{ weight: 100, destination }] }])
}

/** The host of the DestinationRule where there is one, else the canary service (istio.go:789). */
export function canaryHost(rollout: Rollout, client: Client): string {
  const { canary } = servicesOf(rollout, client.profile)
  const rule = istioConfig(rollout)?.destinationRule
  if (rule === undefined) return canary
  const ref = { group: 'networking.istio.io', kind: 'DestinationRule', namespace: rollout.metadata.namespace ?? '', name: rule.name }
  const { spec } = client.get(ref) ?? fail(notFoundText(ref))
  return isMap(spec) && typeof spec['host'] === 'string' && spec['host'] !== '' ? spec['host'] : canary
}

/** istio.go:1387 getVirtualServiceSetWeightRoute: the route whose weights SetWeight changes. */
export function weightRoute(object: KubeObject, wanted: WantedVirtualService, client: Client): Json | undefined {
  const found = routesOf(object, 'http')
  if (found.read !== 'yes') return undefined
  const indexes = httpIndexes(wanted.routes ?? [], found.routes, client.profile.has.patchesSingleNamedRoute ? 'any-name' : 'unnamed')
  if ('error' in indexes) return fail(`[getVirtualServiceSetWeightRoute] failed to get routes that need to be patch when set weight is called: ${indexes.error}`)
  const [first] = indexes.indexes
  return first === undefined ? undefined : found.routes[first]
}

/** istio.go:1533 getVirtualServiceCanaryPort: that of the weight route's first destination; an error counts as none. */
function canaryPort(object: KubeObject, wanted: WantedVirtualService, client: Client): number {
  try {
    const route = weightRoute(object, wanted, client)
    return route === undefined ? 0 : destinationsOf(route)[0]?.port ?? 0
  } catch (error) {
    if (error instanceof ControllerFailure && error.kind === 'error') return 0
    throw error
  }
}

/** An error with the words of the function that passes it on. */
export function within<T>(what: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof ControllerFailure && error.kind === 'error') return fail(`${what}: ${error.message}`)
    throw error
  }
}
