import { isMap, type KubeObject, refKey, refOf, type ResourceRef, valueAt } from '@rollsync/manifests'
import type { JudgedState } from './canary-case.ts'
import { managedRouteNames } from './derive/rollout-names.ts'

/** One managed route as Git must hold it in a VirtualService or a route of the Gateway API: the controller's own items, before or behind the others. */
export interface RouteAnchor {
  readonly object: ResourceRef
  readonly route: string
  readonly items: readonly { readonly place: 'front' | 'back'; readonly value: Readonly<Record<string, unknown>> }[]
  /** The first moment at which the route is live so. */
  readonly moment: string
}

/** A route that Git cannot hold, and why. */
export interface NoRouteAnchor {
  readonly object: ResourceRef
  readonly route: string
  readonly why: string
}

const lists = new Map([['networking.istio.io/VirtualService', 'http'], ['gateway.networking.k8s.io/HTTPRoute', 'rules'], ['gateway.networking.k8s.io/GRPCRoute', 'rules']])

/** The list below `spec` in which the controller puts its routes; undefined for a kind that has none. */
export function routeList({ group, kind }: ResourceRef): 'http' | 'rules' | undefined {
  return lists.get(`${group}/${kind}`) as 'http' | 'rules' | undefined
}

/** The kinds that may have such a list. */
export const routeListKinds: readonly string[] = [...lists.keys()].map((key) => key.slice(key.indexOf('/') + 1))

/** An item of the list with its place, and the managed route that it belongs to: by its name, or on a Gateway API route by its name with a number (httproute.go:81). */
export interface RouteItem {
  readonly index: number
  readonly route: string | undefined
  readonly value: Readonly<Record<string, unknown>>
}

export function routeItems(object: KubeObject, routes: readonly string[]): readonly RouteItem[] {
  const list = routeList(refOf(object))
  const items = list === undefined ? undefined : valueAt(object, `/spec/${list}`)
  return (Array.isArray(items) ? items : []).map((value: unknown, index) => ({ index, route: routeOf(value, list, routes), value: isMap(value) ? value : {} }))
}

function routeOf(item: unknown, list: string | undefined, routes: readonly string[]): string | undefined {
  const name = isMap(item) ? item['name'] : undefined
  return typeof name !== 'string' ? undefined : routes.find((route) => name === route || (list === 'rules' && name.startsWith(`${route}-`) && /^\d+$/.test(name.slice(route.length + 1))))
}

/**
 * What Git must hold of each managed route in one object, read off simulated states of a Git without it. None for an object into which no header route is ever put. A route that takes several forms, as a
 * mirror does that copies the weights, has no anchor.
 */
export function routeAnchorsOf(object: KubeObject, states: readonly JudgedState[], rollout: KubeObject): readonly (RouteAnchor | NoRouteAnchor)[] {
  const ref = refOf(object)
  const routes = managedRouteNames(rollout)
  return routes.flatMap((route): readonly (RouteAnchor | NoRouteAnchor)[] => {
    const seen = new Map<string, RouteAnchor>()
    for (const state of states) {
      const live = state.live.get(refKey(ref))
      const items = live === undefined ? [] : placed(routeItems(live, routes), route)
      if (items.length > 0 && !seen.has(JSON.stringify(items))) seen.set(JSON.stringify(items), { object: ref, route, items, moment: state.moment })
    }
    const forms = [...seen.values()]
    if (forms.length < 2) return forms
    return [{ object: ref, route, why: `it has ${forms.length} forms (${forms.map((form) => form.moment).join('; ')}), and Git can hold one` }]
  })
}

function placed(items: readonly RouteItem[], route: string): RouteAnchor['items'] {
  const first = items.find((item) => item.route === undefined)?.index ?? Infinity
  return items.filter((item) => item.route === route).map(({ index, value }) => ({ place: index < first ? 'front' : 'back', value }))
}

/** The object as Git holds it without any item of the Rollout's managed routes. */
export function withoutRouteItems(object: KubeObject, rollout: KubeObject): KubeObject {
  const list = routeList(refOf(object))
  const spec = object['spec']
  if (list === undefined || !isMap(spec) || !Array.isArray(spec[list])) return object
  const kept = routeItems(object, managedRouteNames(rollout)).filter((item) => item.route === undefined).map((item) => item.value)
  return { ...object, spec: { ...spec, [list]: kept } }
}
