import { isMap, type KubeObject, valueAt } from '@rollsync/manifests'

/** What a Rollout says of one router, e.g. `routerConfig(rollout, 'istio')`; undefined where it does not use it. */
export function routerConfig(rollout: KubeObject, router: string): Readonly<Record<string, unknown>> | undefined {
  const config = valueAt(rollout, `/spec/strategy/canary/trafficRouting/${router}`)
  return isMap(config) ? config : undefined
}

/** The names in managedRoutes, each once. */
export function managedRouteNames(rollout: KubeObject): readonly string[] {
  return distinctTexts(listOf(valueAt(rollout, '/spec/strategy/canary/trafficRouting/managedRoutes')).map((route) => (isMap(route) ? route['name'] : undefined)))
}

/** The Services between which the controller shares the traffic: canary and stable, or ping and pong. */
export function sharedServices(rollout: KubeObject): readonly string[] {
  const canary = valueAt(rollout, '/spec/strategy/canary')
  return distinctTexts(['/canaryService', '/stableService', '/pingPong/pingService', '/pingPong/pongService'].map((pointer) => valueAt(canary, pointer)))
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function distinctTexts(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.filter((value): value is string => typeof value === 'string' && value !== ''))]
}
