import { isMap, type KubeObject } from '@rollsync/manifests'

/** One path of an Ingress, whichever API version it is written in. */
export interface IngressPath {
  readonly rule: number
  readonly index: number
  readonly host: string
  readonly service: string
  readonly value: Readonly<Record<string, unknown>>
}

/** Every path of an Ingress in order; what is no path by its type is left out. */
export function pathsOfIngress(ingress: KubeObject): readonly IngressPath[] {
  const spec = isMap(ingress['spec']) ? ingress['spec'] : {}
  const rules = Array.isArray(spec['rules']) ? spec['rules'] : []
  return rules.flatMap((rule, at) => {
    const http = isMap(rule) && isMap(rule['http']) ? rule['http'] : {}
    const paths: readonly unknown[] = Array.isArray(http['paths']) ? http['paths'] : []
    return paths.flatMap((value, index) => (isMap(value) ? [{ rule: at, index, host: hostOf(rule), service: serviceOf(value), value }] : []))
  })
}

function hostOf(rule: unknown): string {
  return isMap(rule) && typeof rule['host'] === 'string' ? rule['host'] : ''
}

function serviceOf(path: Readonly<Record<string, unknown>>): string {
  const backend = isMap(path['backend']) ? path['backend'] : {}
  const name = isMap(backend['service']) ? backend['service']['name'] : backend['serviceName']
  return typeof name === 'string' ? name : ''
}

/** What one managed route is made of in an Ingress: its paths, its action and its condition. */
export interface RouteParts {
  readonly paths: readonly IngressPath[]
  readonly action: string | undefined
  readonly condition: string | undefined
}

export interface RouteKeys {
  readonly action: string
  readonly condition: string
}

// utils/ingress/ingress.go:266,271
export function routeKeys(route: string, prefix: string): RouteKeys {
  return { action: `${prefix}/actions.${route}`, condition: `${prefix}/conditions.${route}` }
}

export function routeParts(ingress: KubeObject, route: string, prefix: string): RouteParts {
  const keys = routeKeys(route, prefix)
  return {
    paths: pathsOfIngress(ingress).filter((path) => path.service === route),
    action: ingress.metadata.annotations?.[keys.action],
    condition: ingress.metadata.annotations?.[keys.condition],
  }
}

/** What a Rollout says of its ALB: which Ingresses, which routes are the controller's, and the annotation prefix. */
export interface AlbSettings {
  readonly ingresses: readonly string[]
  readonly managedRoutes: readonly string[]
  /** Managed routes of other Rollouts that write into the same Ingresses: which of two stands in front hangs on who wrote last. */
  readonly foreignRoutes: readonly string[]
  readonly prefix: string
  readonly rootAction: string
  readonly canaryService: string
}

/** Undefined for a Rollout without ALB. `sharing` are the Rollouts that write into the same Ingresses. */
export function albSettings(rollout: KubeObject, sharing: readonly KubeObject[] = []): AlbSettings | undefined {
  const canary = at(rollout, 'spec', 'strategy', 'canary')
  const routing = at(canary, 'trafficRouting')
  const alb = at(routing, 'alb')
  if (!isMap(alb)) return undefined
  const many = at(alb, 'ingresses')
  const routes = at(routing, 'managedRoutes')
  const prefix = text(alb['annotationPrefix']) || 'alb.ingress.kubernetes.io' // ingress.go:275-278
  return {
    ingresses: Array.isArray(many) && many.length > 0 ? many.map(text) : [text(alb['ingress'])],
    managedRoutes: Array.isArray(routes) ? [...new Set(routes.map((route) => text(at(route, 'name'))))] : [],
    foreignRoutes: [...new Set(sharing.flatMap((other) => (other === rollout ? [] : (albSettings(other)?.managedRoutes ?? []))))],
    prefix,
    rootAction: `${prefix}/actions.${text(alb['rootService']) || text(at(canary, 'stableService'))}`,
    canaryService: text(at(canary, 'canaryService')) || text(at(canary, 'pingPong', 'pingService')),
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isMap(inner) ? inner[key] : undefined), value)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
