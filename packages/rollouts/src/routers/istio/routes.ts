import { isMap } from '@rollsync/manifests'
import type { TcpRoute, TlsRoute } from './config.ts'

// istio_types.go: the parts of a VirtualService that the controller reads.
export type Protocol = 'http' | 'tls' | 'tcp'
type Json = Readonly<Record<string, unknown>>

/** The routes of one protocol: as they stand, or why the controller cannot read them. absent: there is no such list. unreadable: an entry is not what its Go type holds. */
export type Routes = { readonly read: 'yes'; readonly routes: readonly Json[] } | { readonly read: 'absent' } | { readonly read: 'unreadable' }

/** istio.go:636 GetHttpRoutesI and :669 GetHttpRoutes, and their like for tls and tcp. */
export function routesOf(virtualService: Json, protocol: Protocol): Routes {
  const spec = virtualService['spec']
  const list = isMap(spec) ? spec[protocol] : undefined
  if (!Array.isArray(list)) return { read: 'absent' }
  return list.every((route) => isRoute(route, protocol)) ? { read: 'yes', routes: list.map((route: unknown) => (isMap(route) ? route : {})) } : { read: 'unreadable' }
}

function isRoute(route: unknown, protocol: Protocol): boolean {
  if (route === null) return true
  return isMap(route) && isOptional(route['name'], 'string') && isListOf(route['match'], isMap) && isListOf(route['route'], isDestination) &&
    (protocol !== 'http' || route['mirror'] === undefined || route['mirror'] === null || isTarget(route['mirror']))
}

function isDestination(destination: unknown): boolean {
  return isMap(destination) && isTarget(destination['destination'] ?? {}) && (destination['weight'] === undefined || destination['weight'] === null || Number.isSafeInteger(destination['weight']))
}

function isTarget(target: unknown): boolean {
  return isMap(target) && isOptional(target['host'], 'string') && isOptional(target['subset'], 'string')
}

function isOptional(value: unknown, type: 'string'): boolean {
  return value === undefined || value === null || typeof value === type
}

function isListOf(value: unknown, check: (entry: unknown) => boolean): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.every(check))
}

/** One destination of a route, with the zero values Go reads where something is absent. */
export interface Destination { readonly host: string; readonly subset: string; readonly port: number | undefined; readonly weight: number }

export function destinationsOf(route: Json): readonly Destination[] {
  const list = Array.isArray(route['route']) ? (route['route'] as readonly Json[]) : []
  return list.map((entry) => {
    const target = isMap(entry['destination']) ? entry['destination'] : {}
    const port = isMap(target['port']) ? Number(target['port']['number'] ?? 0) : undefined
    return { host: text(target['host']), subset: text(target['subset']), port, weight: typeof entry['weight'] === 'number' ? entry['weight'] : 0 }
  })
}

export function routeName(route: Json): string {
  return text(route['name'])
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** istio.go:256 getHost: up to the first dot; nothing for a host that begins with one. */
export function shortHost(host: string): string {
  const dot = host.indexOf('.')
  return dot > 0 ? host.slice(0, dot) : dot < 0 ? host : ''
}

/** Which routes SetWeight writes to, or the words of the error. */
export type Indexes = { readonly indexes: readonly number[] } | { readonly error: string }

/** istio.go:955 getHttpRouteIndexesToPatch. `single`: since 1.8.3 the only route needs no empty name. */
export function httpIndexes(names: readonly string[], routes: readonly Json[], single: 'any-name' | 'unnamed'): Indexes {
  if (names.length === 0) {
    if (routes.length === 1 && single === 'any-name') return { indexes: [0] }
    const unnamed = routes.findIndex((route) => routeName(route) === '')
    return { indexes: unnamed < 0 ? [] : [unnamed] }
  }
  const indexes: number[] = []
  for (const name of names) {
    const index = routes.findIndex((route) => routeName(route) === name)
    if (index < 0) return { error: `HTTP Route '${name}' is not found in the defined Virtual Service.` }
    indexes.push(index)
  }
  return { indexes }
}

/** istio.go:993 getTlsRouteIndexesToPatch: without a wish the first route, whether there is one or not. */
export function tlsIndexes(wanted: readonly TlsRoute[], routes: readonly Json[]): Indexes {
  return matchIndexes(wanted, routes, 'No matching TLS routes found in the defined Virtual Service.', (wish, ports, sniHosts) =>
    (ports[0] ?? 0) === (wish.port ?? 0) && sameTexts(wish.sniHosts ?? [], sniHosts))
}

/** istio.go:1050 getTcpRouteIndexesToPatch */
export function tcpIndexes(wanted: readonly TcpRoute[], routes: readonly Json[]): Indexes {
  return matchIndexes(wanted, routes, 'No matching TCP routes found in the defined Virtual Service.', (wish, ports) => (ports[0] ?? 0) === (wish.port ?? 0))
}

function matchIndexes<Wish>(wanted: readonly Wish[], routes: readonly Json[], error: string, fits: (wish: Wish, ports: readonly number[], sniHosts: readonly string[]) => boolean): Indexes {
  if (wanted.length === 0) return { indexes: [0] }
  const indexes: number[] = []
  for (const wish of wanted) {
    const found = routes.flatMap((route, index) => {
      const matches = Array.isArray(route['match']) ? (route['match'] as readonly Json[]) : []
      const ports = [...new Set(matches.map((match) => Number(match['port'] ?? 0)))]
      const sniHosts = [...new Set(matches.flatMap((match) => (Array.isArray(match['sniHosts']) ? (match['sniHosts'] as string[]) : [])))]
      return ports.length <= 1 && fits(wish, ports, sniHosts) ? [index] : []
    })
    if (found.length === 0) return { error }
    indexes.push(...found)
  }
  return { indexes }
}

/** utils/evaluate Equal: the same texts in whatever order. */
function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text) => b.includes(text))
}

