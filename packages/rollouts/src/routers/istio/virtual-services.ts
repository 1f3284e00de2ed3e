import { isMap, type KubeObject, refKey, type ResourceRef } from '@rollsync/manifests'

import type { Client } from '../../client.ts'
import type { RolloutsProfile } from '../../profile.ts'
import type { Rollout } from '../../rollout.ts'
import { withNested } from '../nested.ts'
import { stableAndCanaryServices } from '../services.ts'
import { istioConfig, splitName, type WantedVirtualService, wantedVirtualServices } from './config.ts'
import type { Pair } from './validate-routes.ts'

/** One VirtualService that the Rollout names. */
export interface Named {
  readonly wanted: WantedVirtualService
  readonly ref: ResourceRef
}

export function namedVirtualServices(rollout: Rollout, profile: RolloutsProfile): readonly Named[] {
  const config = istioConfig(rollout)
  return (config === undefined ? [] : wantedVirtualServices(config)).map((wanted) => {
    const { namespace, name } = splitName(wanted.name, profile.has.splitsDottedNames ? 'last-segment' : 'second-segment')
    return { wanted, ref: { group: 'networking.istio.io', kind: 'VirtualService', namespace: namespace === '' ? rollout.metadata.namespace ?? '' : namespace, name } }
  })
}

// istio.go:843, :1239, :1595 change the very object of the informer's cache, so later calls of the same sync see it.
const changedCaches = new WeakMap<Client, Map<string, KubeObject>>()

/** What this sync's cache holds, with what the same sync has already changed in it. */
export function cachedVirtualService(client: Client, ref: ResourceRef): KubeObject | undefined {
  return changedCaches.get(client)?.get(refKey(ref)) ?? client.get(ref)
}

export function changeCache(client: Client, ref: ResourceRef, object: KubeObject): void {
  const changed = changedCaches.get(client) ?? new Map<string, KubeObject>()
  changedCaches.set(client, changed.set(refKey(ref), object))
}

/** The words of the lister's error. */
export function notFoundText(ref: ResourceRef): string {
  return `${ref.kind.toLowerCase()}s.${ref.group} "${ref.name}" not found`
}

/** spec.http, or undefined where the VirtualService has none. */
export function httpOf(object: KubeObject): readonly unknown[] | undefined {
  const { spec } = object
  const http = isMap(spec) ? spec['http'] : undefined
  return Array.isArray(http) ? http : undefined
}

/** spec.http set to a Go slice that grew from nil: none is null. */
export function withHttp(object: KubeObject, routes: readonly unknown[]): KubeObject {
  return withNested(object, ['spec', 'http'], routes.length === 0 ? null : routes)
}

export function nameOf(route: unknown): string | undefined {
  return isMap(route) && typeof route['name'] === 'string' ? route['name'] : undefined
}

/** istio.go:1400 removeRoute */
export function withoutRoute(object: KubeObject, routes: readonly unknown[], name: string): KubeObject {
  return withHttp(object, routes.filter((route) => (nameOf(route) ?? '') !== name))
}

/** The stable and the canary service; up to 1.6 Istio knew no ping-pong. */
export function servicesOf(rollout: Rollout, profile: RolloutsProfile): Pair {
  if (profile.has.knowsIstioPingPong) return stableAndCanaryServices(rollout, 'only-alone')
  const { stableService: stable = '', canaryService: canary = '' } = rollout.spec.strategy.canary ?? {}
  return { stable, canary }
}

/** istio.go:1431 orderRoutes: managed routes first, in the order of managedRoutes. Two routes without a name, or of one name, come out as four (:1522). */
export function ordered(rollout: Rollout, client: Client, object: KubeObject): KubeObject {
  const managed = rollout.spec.strategy.canary?.trafficRouting?.managedRoutes
  const routes = httpOf(object)
  if (managed === undefined || routes === undefined) return object
  const isManaged = (route: unknown): boolean => managed.some(({ name }) => name === (nameOf(route) ?? ''))
  const first = managed.flatMap(({ name }) => routes.filter((route) => isManaged(route) && nameOf(route) === name))
  const wanted = [...first, ...routes.filter((route) => !isManaged(route))]
  const written = wanted.flatMap((one) => routes.filter((route) => (nameOf(route) ?? '') === (nameOf(one) ?? '')))
  if (written.length > routes.length) client.note({ id: 'unnamed-routes-doubled', on: `VirtualService ${object.metadata.name}` })
  return withHttp(object, written)
}

