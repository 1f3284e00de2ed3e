import { isMap, type KubeObject } from '@rollsync/manifests'

import type { Client } from '../../client.ts'
import type { Rollout } from '../../rollout.ts'
import { type LabelSelector, selects } from '../../validate/labels.ts'
import { compare, objectsOf } from '../../world.ts'
import type { Json } from '../nested.ts'

export const PLUGIN = 'argoproj-labs/gatewayAPI'

export type RouteKind = 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute'

/** One route that the plugin changes; `headers`: header routes are written to it too. */
export interface RouteRef {
  readonly kind: RouteKind
  readonly namespace: string
  readonly name: string
  readonly headers: boolean
}

export function pluginConfig(rollout: Rollout): Json | undefined {
  const plugins = rollout.spec.strategy.canary?.trafficRouting?.['plugins']
  const config = isMap(plugins) && Object.hasOwn(plugins, PLUGIN) ? plugins[PLUGIN] : undefined
  return config === undefined ? undefined : isMap(config) ? config : {}
}

const fields = { HTTPRoute: 'httpRoute', GRPCRoute: 'grpcRoute', TCPRoute: 'tcpRoute', TLSRoute: 'tlsRoute' } as const

/** plugin.go insertGatewayAPIRouteLists and discoverRoutesBySelector: those listed, the single one, then those of the selector, which get no header routes. */
export function routesOf(config: Json, rollout: Rollout, client: Client): readonly RouteRef[] {
  const namespace = text(config['namespace']) || (rollout.metadata.namespace ?? '')
  return (['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'] as const).flatMap((kind) => {
    const field = fields[kind]
    const list = config[`${field}s`]
    const listed = (Array.isArray(list) ? list.filter(isMap) : []).map((entry) => ({ name: text(entry['name']), headers: entry['useHeaderRoutes'] === true }))
    const single = text(config[field])
    const selector = config[`${field}Selector`]
    const found = isMap(selector) ? selected(client, kind, namespace, selector) : []
    const all = [...listed, ...(single === '' ? [] : [{ name: single, headers: true }]), ...found.map((name) => ({ name, headers: false }))]
    return all.map((route) => ({ kind, namespace, ...route }))
  })
}

function selected(client: Client, kind: RouteKind, namespace: string, selector: LabelSelector): readonly string[] {
  const matches = ({ metadata }: KubeObject): boolean => ['all', 'matches'].includes(selects(selector, metadata.labels ?? {}))
  return objectsOf(client.cache, kind).filter((route) => (route.metadata.namespace ?? '') === namespace && matches(route)).map(({ metadata }) => metadata.name).sort(compare)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
