import { releaseStates, managedRouteNames, type NoRouteAnchor, type RouteAnchor, routeAnchorsOf, routeItems, routeList, withoutRouteItems } from '@rollsync/ignore'
import { type KubeObject, type Manifest, refKey, refOf } from '@rollsync/manifests'
import type { RolloutsProfile } from '@rollsync/rollouts'
import type { CanaryScope } from './discover/repository.ts'
import { simulatedWorld } from './explore-repository.ts'

/** What Git's VirtualService or Gateway API route should hold of a canary's managed routes. */
export interface AnchoredRoutes {
  /** As it is deployed; `manifest` is where a person edits it. */
  readonly object: KubeObject
  readonly manifest: Manifest
  readonly anchors: readonly (RouteAnchor | NoRouteAnchor)[]
}

/** The VirtualServices and routes of the Gateway API into which the controller puts header routes or Git holds any, read off the states of a Git without them. */
export function anchoredRoutes(scope: CanaryScope, profile: RolloutsProfile): readonly AnchoredRoutes[] {
  const rollout = scope.rollout.object
  const world = simulatedWorld(scope)
  const listed = scope.neighbours.filter((one) => routeList(refOf(one.object)) !== undefined && world.has(refKey(refOf(one.object))))
  if (listed.length === 0) return []
  const around = [...world.values()].filter((one) => refKey(refOf(one)) !== refKey(refOf(rollout))).map((one) => withoutRouteItems(one, rollout))
  const states = releaseStates(rollout, around, profile)
  return listed.flatMap(({ object, manifest }): readonly AnchoredRoutes[] => {
    const anchors = routeAnchorsOf(object, states, rollout)
    const held = routeItems(object, managedRouteNames(rollout)).some((item) => item.route !== undefined)
    return anchors.length === 0 && !held ? [] : [{ object, manifest, anchors }]
  })
}
