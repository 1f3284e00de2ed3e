import { isMap, jsonEqual, type KubeObject } from '@rollsync/manifests'
import { driftByKey } from './drift.ts'
import { byItemName } from './item-name.ts'
import { type AlbSettings, type IngressPath, pathsOfIngress, routeKeys, routeParts } from './routes.ts'

/** Something that the Rollouts controller wrote into an object, named as a person would, with its value. */
export interface OwnedPart {
  readonly name: string
  readonly value: unknown
}

const bookkeeping = 'rollouts.argoproj.io/managed-alb-annotations'

/** What an apply writes itself, in objects as a cluster holds them. */
const argocdsOwn = /^\/metadata\/annotations\/(kubectl\.kubernetes\.io~1last-applied-configuration|argocd\.argoproj\.io~1tracking-id)$/

/** The parts of a live object that are the Rollouts controller's. For an Ingress by the Rollout's own settings, wherever they stand in Git too; for other kinds what Git does not hold. */
export function ownedParts(target: KubeObject, live: KubeObject, alb: AlbSettings | undefined): readonly OwnedPart[] {
  if (live.kind === 'Ingress' && alb !== undefined) return ingressParts(live, alb)
  const named = (object: KubeObject): KubeObject => ({ ...object, spec: byItemName(object['spec']) })
  return driftByKey(named(target), named(live)).flatMap((step) => (step.op === 'remove' || argocdsOwn.test(step.path) ? [] : [{ name: step.path, value: step.value }]))
}

function ingressParts(live: KubeObject, alb: AlbSettings): readonly OwnedPart[] {
  const annotations = live.metadata.annotations ?? {}
  const keys = [alb.rootAction, bookkeeping]
  const routes = alb.managedRoutes.flatMap((route) => {
    const { paths, action, condition } = routeParts(live, route, alb.prefix)
    return [
      ...paths.map((path) => ({ name: `the path of route ${route}${path.host === '' ? '' : ` (host ${path.host})`}`, value: placed(live, path, alb) })),
      ...(action === undefined ? [] : [{ name: `the action of route ${route}`, value: action }]),
      ...(condition === undefined ? [] : [{ name: `the condition of route ${route}`, value: condition }]),
    ]
  })
  return [...routes, ...keys.flatMap((key) => (annotations[key] === undefined ? [] : [{ name: `annotation ${key}`, value: annotations[key] }]))]
}

/** A path matters with its place: behind a path that is not managed it is out of reach. */
function placed(live: KubeObject, path: IngressPath, alb: AlbSettings): unknown {
  const before = pathsOfIngress(live).filter((other) => other.rule === path.rule && other.index < path.index)
  return { value: path.value, inFront: before.every((other) => alb.managedRoutes.includes(other.service) || alb.foreignRoutes.includes(other.service)) }
}

/** The parts that are gone or changed in `after`; a host that Git renames does not count, the path moves with its rule. */
export function lostParts(parts: readonly OwnedPart[], target: KubeObject, after: KubeObject, alb: AlbSettings | undefined): readonly string[] {
  const kept = ownedParts(target, after, alb)
  const bare = (name: string): string => name.replace(/ \(host .*\)$/, '')
  return [...new Set(parts.filter((part) => !kept.some((other) => bare(other.name) === bare(part.name) && jsonEqual(other.value, part.value))).map((part) => part.name))]
}

/** A sentence for each path whose users get an error or the wrong Service because an annotation that it needs is missing. */
export function brokenPaths(ingress: KubeObject, alb: AlbSettings | undefined): readonly string[] {
  if (ingress.kind !== 'Ingress' || alb === undefined) return []
  const annotations = ingress.metadata.annotations ?? {}
  const faults = pathsOfIngress(ingress).flatMap((path) => {
    if (!usesAnnotation(path)) return []
    const keys = routeKeys(path.service, alb.prefix)
    if (annotations[keys.action] === undefined) return [`the path of ${path.service} has no action: the load balancer answers it with 503`]
    const managed = alb.managedRoutes.includes(path.service)
    return managed && annotations[keys.condition] === undefined ? [`route ${path.service} has no condition: every request of the host reaches the canary`] : []
  })
  return [...new Set(faults)]
}

function usesAnnotation(path: IngressPath): boolean {
  const backend = isMap(path.value['backend']) ? path.value['backend'] : {}
  const service = isMap(backend['service']) ? backend['service'] : {}
  const port = isMap(service['port']) ? service['port']['name'] : backend['servicePort']
  return port === 'use-annotation'
}
