import { isMap, refKey, type ResourceRef } from '@rollsync/manifests'

import type { Ingress } from './ingress.ts'
import type { Rollout } from './rollout.ts'
import { headerActionKey, headerConditionKey, ingressNames } from './routers/alb/annotations.ts'
import { currentStep, stepsOf } from './steps.ts'
import type { World } from './world.ts'

/** A header route of one object: `complete` where nothing of it is missing (on an ALB Ingress its path, its action and its condition). */
export interface HeaderRoute {
  readonly name: string
  readonly on: ResourceRef
  readonly complete: boolean
}

/** The canary's share as the controller last recorded it, in per cent of maxTrafficWeight (100); undefined where no router has set one. */
export function weightOf(world: World, rollout: ResourceRef): number | undefined {
  return (world.get(refKey(rollout)) as Rollout | undefined)?.status?.canary?.weights?.canary.weight
}

/** The header routes that are live on the Rollout's ALB Ingresses and Istio VirtualServices, in the order of managedRoutes. */
export function headerRoutesOf(world: World, ref: ResourceRef): readonly HeaderRoute[] {
  const rollout = world.get(refKey(ref)) as Rollout | undefined
  const routing = rollout?.spec.strategy.canary?.trafficRouting
  if (rollout === undefined || routing === undefined) return []
  const names = [...new Set([...(routing.managedRoutes ?? []).map(({ name }) => name), ...stepsOf(rollout).flatMap(({ setHeaderRoute }) => (setHeaderRoute?.name === undefined ? [] : [setHeaderRoute.name]))])]
  return names.flatMap((name) => [...(routing.alb === undefined ? [] : albRoutes(world, rollout, name)), ...istioRoutes(world, rollout, name)])
}

function albRoutes(world: World, rollout: Rollout, name: string): readonly HeaderRoute[] {
  return ingressNames(rollout).flatMap((ingressName): readonly HeaderRoute[] => {
    const on: ResourceRef = { group: 'networking.k8s.io', kind: 'Ingress', namespace: rollout.metadata.namespace ?? '', name: ingressName }
    const ingress = world.get(refKey(on)) as Ingress | undefined
    const annotations = ingress?.metadata.annotations ?? {}
    const parts = [hasPath(ingress, name), annotations[headerActionKey(rollout, name)] !== undefined, annotations[headerConditionKey(rollout, name)] !== undefined]
    return parts.includes(true) ? [{ name, on, complete: !parts.includes(false) }] : []
  })
}

/** Whether any rule of the Ingress leads to a service of that name. */
export function hasPath(ingress: Ingress | undefined, service: string): boolean {
  return (ingress?.spec.rules ?? []).some((rule) => (rule.http?.paths ?? []).some((path) => path.backend.service?.name === service))
}

function istioRoutes(world: World, rollout: Rollout, name: string): readonly HeaderRoute[] {
  const istio = rollout.spec.strategy.canary?.trafficRouting?.['istio']
  if (!isMap(istio)) return []
  return [...world.values()].flatMap((object): readonly HeaderRoute[] => {
    if (object.kind !== 'VirtualService' || (object.metadata.namespace ?? '') !== (rollout.metadata.namespace ?? '')) return []
    const http = isMap(object['spec']) ? object['spec']['http'] : undefined
    const found = Array.isArray(http) && http.some((route) => isMap(route) && route['name'] === name)
    return found ? [{ name, on: { group: 'networking.istio.io', kind: 'VirtualService', namespace: object.metadata.namespace ?? '', name: object.metadata.name }, complete: true }] : []
  })
}

/** The header routes that the steps before the current one have set and no step has taken away since. */
export function routesDue(rollout: Rollout): readonly string[] {
  const { index } = currentStep(rollout)
  const due = new Set<string>()
  for (const { setHeaderRoute: route } of stepsOf(rollout).slice(0, index ?? 0)) {
    if (route?.name === undefined) continue
    if (route.match === undefined) due.delete(route.name)
    else due.add(route.name)
  }
  return [...due]
}
