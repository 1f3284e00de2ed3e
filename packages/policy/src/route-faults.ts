import { managedRouteNames, type RouteAnchor, routeItems, routeList, routeListKinds } from '@rollsync/ignore'
import { jsonEqual } from '@rollsync/manifests'
import type { AnchoredRoutes } from './anchored-routes.ts'
import { anchoredRoutes } from './anchored-routes.ts'
import type { JudgedCanary } from './judged-canary.ts'
import type { Spot } from './rule.ts'

/** What is wrong with a managed route that Git holds in a VirtualService or a route of the Gateway API. */
export interface RouteFault {
  readonly id: 'behind' | 'unequal' | 'never-set' | 'no-anchor'
  readonly spot: Spot
  readonly data: Readonly<Record<string, string>>
}

/** Judged only where Git holds any managed route: else nothing is explored a second time. */
export function routeFaults(canary: JudgedCanary): readonly RouteFault[] {
  const { scope, profiles } = canary
  const routes = managedRouteNames(scope.rollout.object)
  const holds = routeListKinds.flatMap(scope.around.ofKind).some((one) => routeItems(one.object, routes).some((item) => item.route !== undefined))
  if (!holds || canary.invalid) return []
  return anchoredRoutes(scope, profiles.rollouts).flatMap((one) => routes.flatMap((route) => faultsOf(one, route, routes)))
}

function faultsOf({ object, manifest, anchors }: AnchoredRoutes, route: string, routes: readonly string[]): readonly RouteFault[] {
  const items = routeItems(object, routes)
  const held = items.filter((item) => item.route === route)
  const [first] = held
  if (first === undefined) return []
  const spot: Spot = { manifest, pointer: `/spec/${routeList(manifest.ref) ?? ''}/${first.index}`, mark: 'key' }
  const anchor = anchors.find((one) => one.route === route)
  if (anchor === undefined) return [{ id: 'never-set', spot, data: { route } }]
  if ('why' in anchor) return [{ id: 'no-anchor', spot, data: { route, why: anchor.why } }]
  if (!jsonEqual(held.map((item) => item.value), anchor.items.map((item) => item.value))) return [{ id: 'unequal', spot, data: { route, part: 'the entry' } }]
  return isInFront(anchor) && items.some((item) => item.route === undefined && item.index < first.index) ? [{ id: 'behind', spot, data: { route } }] : []
}

/** Where the controller appends, as the Gateway API plugin does, the place does not matter: the most specific match wins there. */
function isInFront(anchor: RouteAnchor): boolean {
  return anchor.items.every((item) => item.place === 'front')
}
