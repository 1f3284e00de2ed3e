import { type LbcCluster, type LbcProfile, loadBalancersOf } from '@rollsync/lbc'
import { type KubeObject, refKey, refOf, type ResourceRef, valueAt } from '@rollsync/manifests'
import type { JudgedState } from './canary-case.ts'
import type { AlbSettings } from './routes.ts'

/** What the load balancer depends on beside the objects of the canary's own states. */
export interface RoutingView {
  readonly alb: AlbSettings
  readonly lbc: LbcProfile
  /** Ingresses, Services, IngressClasses, IngressClassParams and Namespaces that Git holds elsewhere: members of the same group, say. */
  readonly around: readonly KubeObject[]
}

/** The cluster as the AWS Load Balancer Controller sees it at one state: the state's own objects, and those around that it does not hold. */
export function clusterAt(state: JudgedState, view: RoutingView): LbcCluster {
  const objects = [...state.live.values(), ...view.around.filter((object) => !state.live.has(refKey(refOf(object))))]
  const of = (kind: string): readonly KubeObject[] => objects.filter((object) => object.kind === kind)
  return {
    ingresses: of('Ingress'),
    services: of('Service'),
    ingressClasses: withStockClass(of('IngressClass')),
    ingressClassParams: of('IngressClassParams'),
    namespaces: of('Namespace'),
    options: { annotationPrefix: view.alb.prefix },
  }
}

/** The class `alb` comes with the controller's chart and seldom stands in a repository. Of any other name nothing is known. */
function withStockClass(classes: readonly KubeObject[]): readonly KubeObject[] {
  if (classes.some((one) => one.metadata.name === 'alb')) return classes
  return [...classes, { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'alb' }, spec: { controller: 'ingress.k8s.aws/alb' } }]
}

/** The Ingresses of the Rollout that the state holds. */
export function routedIngresses(state: JudgedState, rollout: ResourceRef, alb: AlbSettings): readonly KubeObject[] {
  return [...state.live.values()].filter((object) => object.kind === 'Ingress' && alb.ingresses.includes(object.metadata.name) && (object.metadata.namespace ?? '') === rollout.namespace)
}

/** The load balancer that one Ingress belongs to, or why that is not known. */
export function loadBalancerOf(ingress: KubeObject, cluster: LbcCluster): { readonly group: string } | { readonly unknown: string } {
  const { groups, leftOut } = loadBalancersOf({ ...cluster, ingresses: [ingress] })
  const [group] = groups
  if (group !== undefined) return { group }
  const because = leftOut[0]?.because ?? 'no class says so'
  return { unknown: `nothing here says that the AWS Load Balancer Controller manages Ingress ${ingress.metadata.name} (${because})` }
}

const hash = '/spec/selector/rollouts-pod-template-hash'

/** The canary of one state: its Service, whether an update is under way, and what that Service selects. */
export interface CanaryAt {
  readonly service: string
  readonly update: 'under way' | 'none'
  /** Why the Service leads to no canary pods; undefined where it does, or where pods that were asked for are not up. */
  readonly fault: string | undefined
}

export function canaryAt(state: JudgedState, rollout: ResourceRef): CanaryAt {
  const live = state.live.get(refKey(rollout))
  const status = valueAt(live, '/status')
  const service = canaryServiceOf(live)
  const current = valueAt(status, '/currentPodHash')
  const stable = valueAt(status, '/stableRS')
  const update = typeof stable === 'string' && stable !== '' && stable !== current && valueAt(status, '/abort') !== true ? 'under way' : 'none'
  return { service, update, fault: update === 'none' ? undefined : serviceFault(state, rollout, service, stable) }
}

// service.go:40-60: with ping-pong the Service that is not the stable one is the canary's
function canaryServiceOf(rollout: KubeObject | undefined): string {
  const canary = valueAt(rollout, '/spec/strategy/canary')
  const pingIsStable = valueAt(rollout, '/status/canary/stablePingPong') === 'ping'
  const name = valueAt(canary, '/canaryService') ?? valueAt(canary, pingIsStable ? '/pingPong/pongService' : '/pingPong/pingService')
  return typeof name === 'string' ? name : ''
}

/** Pods of an older canary that still run are a canary's: so it is while a newer image starts. Pods that were asked for and do not come up are the canary's own trouble. */
function serviceFault(state: JudgedState, rollout: ResourceRef, name: string, stable: unknown): string | undefined {
  const service = state.live.get(refKey({ group: '', kind: 'Service', namespace: rollout.namespace, name }))
  if (service === undefined) return `there is no Service ${name}`
  const selected = valueAt(service, hash)
  if (selected === undefined) return `Service ${name} selects the pods of every version`
  if (selected === stable) return `Service ${name} selects the stable pods`
  const set = [...state.live.values()].find((object) => object.kind === 'ReplicaSet' && object.metadata.labels?.['rollouts-pod-template-hash'] === selected)
  return Number(valueAt(set, '/spec/replicas') ?? 0) > 0 ? undefined : `Service ${name} selects pods of which none is asked for`
}
