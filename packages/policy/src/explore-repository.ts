import { type AlbSettings, type CanaryCase, exploreCanary, type ExploredCanary } from '@rollsync/ignore'
import { isMap, type KubeObject, refOf, valueAt } from '@rollsync/manifests'
import { type RolloutsProfile, type World, worldOf } from '@rollsync/rollouts'
import type { ApplicationScope, CanaryScope, DeployedObject, Repository } from './discover/repository.ts'
import { keyOf } from './discover/neighbours.ts'
import { textsOf } from './discover/texts-of.ts'
import { albIn, anchorsIn, type FoundAnchors } from './judge/judge-facts.ts'
import type { AnchoredIngress } from './judged-canary.ts'

/** The states of one Rollout, as they concern the objects of one Application (which need not be the Rollout's own) or of none. */
export interface ExploredScope {
  readonly scope: CanaryScope
  readonly application: ApplicationScope | undefined
  readonly canary: CanaryCase
  readonly explored: ExploredCanary
}

/** Every state of every Rollout of a repository, once for each Application that owns objects which its controllers may write. */
export function exploreRepository(repository: Repository, profile: RolloutsProfile): readonly ExploredScope[] {
  return repository.canaries.flatMap((scope) => {
    const around = concerned(scope)
    const explored = exploreCanary(scope.rollout.object, around.map((one) => one.object), profile)
    return [...byApplication([scope.rollout, ...around])].map(([application, objects]) => ({
      scope,
      application,
      explored,
      canary: { rollout: refOf(scope.rollout.object), resources: objects.map((one) => refOf(one.object)), states: explored.states },
    }))
  })
}

/** What Git's Ingresses should hold of a Rollout's managed routes, read off its states without them. None without ALB or managedRoutes. */
export function anchoredIngresses(scope: CanaryScope, profile: RolloutsProfile): readonly AnchoredIngress[] {
  return placeAnchors(scope, anchorsIn({ rollout: scope.rollout.object, around: concerned(scope).map((one) => one.object) }, profile))
}

/** Anchors beside the manifests that a person edits. */
export function placeAnchors(scope: CanaryScope, found: readonly FoundAnchors[]): readonly AnchoredIngress[] {
  const alb = albOf(scope)
  const around = concerned(scope)
  return found.flatMap(({ index, anchors }) => {
    const one = around[index]
    return one === undefined || alb === undefined ? [] : [{ object: one.object, manifest: one.manifest, alb, anchors }]
  })
}

/** The objects that a simulation of one Rollout needs, as Git holds them. */
export function simulatedWorld(scope: CanaryScope): World {
  return worldOf([...concerned(scope).map((one) => one.object), scope.rollout.object])
}

/** What a Rollout says of its ALB, with the routes of those that share its Ingresses. */
export function albOf(scope: CanaryScope): AlbSettings | undefined {
  return albIn({ rollout: scope.rollout.object, around: concerned(scope).map((one) => one.object) })
}

/** The neighbours that a Rollout names anywhere in its spec, and other Rollouts that name the same Ingress with what they name. */
export function concerned(scope: CanaryScope): readonly DeployedObject[] {
  const known = concernedBy.get(scope) ?? findConcerned(scope)
  concernedBy.set(scope, known)
  return known
}

const concernedBy = new WeakMap<CanaryScope, readonly DeployedObject[]>()

function findConcerned(scope: CanaryScope): readonly DeployedObject[] {
  const names = textsOf(scope.rollout.object)
  const isRollout = (one: DeployedObject): boolean => one.object.kind === 'Rollout'
  const selects = selectsRoutes(scope.rollout.object)
  const { around } = scope
  const dotted = around.ofKind('VirtualService').filter(({ object: { metadata } }) => names.has(`${metadata.name}.${metadata.namespace ?? ''}`))
  const selected = selects ? around.objects.filter(({ object }) => object.kind.endsWith('Route')) : []
  const directly = around.inOrder([...around.named(names), ...dotted, ...selected]).filter((one) => !isRollout(one))
  const named = [...directly, ...virtualRouters(directly, around.ofKind('VirtualRouter'))]
  const ingresses = named.filter((one) => one.object.kind === 'Ingress').map((one) => one.object.metadata.name)
  const others = ingresses.length === 0 ? [] : around.ofKind('Rollout').filter((one) => keyOf(one) !== keyOf(scope.rollout) && sharesOne(textsOf(one.object), ingresses))
  const theirs = new Set(others.flatMap((other) => [...textsOf(other.object)]))
  return [...named, ...others, ...(theirs.size === 0 ? [] : around.named(theirs).filter((one) => !isRollout(one) && !named.includes(one)))]
}

/** Whether a plugin finds its routes by their labels, not by name (the Gateway API plugin's httpRouteSelector and its like). */
function selectsRoutes(rollout: KubeObject): boolean {
  const plugins = valueAt(rollout, '/spec/strategy/canary/trafficRouting/plugins')
  return isMap(plugins) && Object.values(plugins).some((plugin) => isMap(plugin) && Object.keys(plugin).some((key) => key.endsWith('Selector')))
}

/** App Mesh alone leads on: the Rollout names a VirtualService, and that its VirtualRouter (resource_client.go:52), in which the weights stand. */
function virtualRouters(named: readonly DeployedObject[], around: readonly DeployedObject[]): readonly DeployedObject[] {
  const wanted = named.map(({ object }) => (object.apiVersion.startsWith('appmesh.k8s.aws/') && object.kind === 'VirtualService' ? valueAt(object, '/spec/provider/virtualRouter/virtualRouterRef/name') : undefined))
  return around.filter((one) => wanted.includes(one.object.metadata.name) && !named.includes(one))
}

function sharesOne(texts: ReadonlySet<string>, names: readonly string[]): boolean {
  return names.some((name) => texts.has(name))
}

function byApplication(objects: readonly DeployedObject[]): Map<ApplicationScope | undefined, DeployedObject[]> {
  const map = new Map<ApplicationScope | undefined, DeployedObject[]>()
  for (const one of objects) map.set(one.application, [...(map.get(one.application) ?? []), one])
  return map
}
