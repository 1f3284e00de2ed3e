import { isMap, type KubeObject } from '@rollsync/manifests'

import type { Client } from './client.ts'
import { ControllerFailure } from './controller-failure.ts'
import { goJson } from './go-json.ts'
import { type Ingress, ingressClass } from './ingress.ts'
import type { Rollout } from './rollout.ts'
import { MANAGED_ACTIONS, MANAGED_ANNOTATIONS, managedIn, managedJson } from './routers/alb/annotations.ts'
import { objectsOf, type World } from './world.ts'

/** ingress/ingress.go syncIngress, ALB classes: what is left of Rollouts that no longer refer to the Ingress. Their actions are reset, their conditions and paths stay. */
export function syncIngress(client: Client, ingress: Ingress): void {
  const managed = new Map(readManaged(ingress))
  const gone = goneFrom(client.cache, ingress)
  const annotations = new Map(Object.entries(ingress.metadata.annotations ?? {}))
  for (const name of gone) {
    for (const key of (managed.get(name) ?? []).filter((other) => other.includes('/actions.'))) {
      const action = resetAction(ingress, key)
      // ingress/alb.go:48: one key that cannot be reset ends the whole sync, nothing is updated
      if (action === undefined) return
      annotations.set(key, action)
    }
    managed.delete(name)
  }
  if (managed.size === 0) annotations.delete(MANAGED_ANNOTATIONS)
  else annotations.set(MANAGED_ANNOTATIONS, managedJson(managed))
  annotations.delete(MANAGED_ACTIONS)
  client.update({ ...ingress, metadata: { ...ingress.metadata, annotations: Object.fromEntries(annotations) } } as KubeObject)
}

/** The Rollouts that the Ingress keeps annotations for and that do not refer to it: without any, that sync has nothing to do. */
export function goneFrom(world: World, ingress: Ingress): readonly string[] {
  return ingressClass(ingress) === 'alb' ? [...readManaged(ingress).keys()].filter((name) => !refersTo(world, ingress, name)) : []
}

/** The Rollouts that an Ingress keeps annotations for. A text that cannot be read ends the sync, as an empty one does. */
export function readManaged(ingress: Ingress): ReadonlyMap<string, readonly string[] | null> {
  try {
    return managedIn(ingress) ?? new Map()
  } catch (error) {
    if (error instanceof ControllerFailure) return new Map()
    throw error
  }
}

// utils/ingress/ingress.go GetRolloutIngressKeys
function refersTo(world: World, ingress: Ingress, name: string): boolean {
  const rollout = (objectsOf(world, 'Rollout') as readonly Rollout[])
    .find((other) => other.metadata.name === name && (other.metadata.namespace ?? '') === (ingress.metadata.namespace ?? ''))
  const routing = rollout?.spec.strategy.canary?.trafficRouting
  const nginx = routing?.['nginx'] as { readonly stableIngress?: string; readonly stableIngresses?: readonly string[] } | undefined
  const stable = [nginx?.stableIngress, ...(nginx?.stableIngresses ?? [])].filter((other) => other !== undefined)
  const names = [routing?.alb?.ingress, ...(routing?.alb?.ingresses ?? []), ...stable, ...stable.map((other) => `${`${name}-${other}`.slice(0, 246)}-canary`)]
  return names.includes(ingress.metadata.name)
}

// ingress/alb.go getResetALBActionStr
function resetAction(ingress: Ingress, key: string): string | undefined {
  const parts = key.split('/actions.')
  const previous = parts.length === 2 ? parseMap(ingress.metadata.annotations?.[key] ?? '') : undefined
  if (previous === undefined) return undefined
  const forward = caseless(previous, 'ForwardConfig')
  const groups = isMap(forward) ? caseless(forward, 'TargetGroups') : undefined
  const mine = (Array.isArray(groups) ? groups : []).filter((group) => isMap(group) && caseless(group, 'ServiceName') === parts[1])
  const port = mine.length === 0 ? undefined : caseless(mine.at(-1) as Readonly<Record<string, unknown>>, 'ServicePort')
  if (typeof port !== 'string' || port === '') return undefined
  const sticky = isMap(forward) ? caseless(forward, 'TargetGroupStickinessConfig') : undefined
  const stickiness = isMap(sticky) ? { TargetGroupStickinessConfig: { Enabled: caseless(sticky, 'Enabled') === true, DurationSeconds: Number(caseless(sticky, 'DurationSeconds') ?? 0) } } : {}
  return goJson({ Type: 'forward', ForwardConfig: { TargetGroups: [{ ServiceName: parts[1], ServicePort: port, Weight: 100 }], ...stickiness } })
}

function parseMap(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isMap(value) ? value : undefined
  } catch {
    return undefined
  }
}

// encoding/json takes keys whatever their case, the last one of several
function caseless(map: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.entries(map).findLast(([other]) => other.toLowerCase() === key.toLowerCase())?.[1]
}
