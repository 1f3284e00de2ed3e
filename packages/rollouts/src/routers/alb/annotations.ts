import { isMap } from '@rollsync/manifests'

import { fail, NIL_MAP, NIL_POINTER, panic } from '../../controller-failure.ts'
import { goJson, withLongEscapes } from '../../go-json.ts'
import { goUnmarshalManaged } from '../../go-managed.ts'
import type { Ingress } from '../../ingress.ts'
import { mapOf } from '../../map-of.ts'
import type { RolloutsProfile } from '../../profile.ts'
import type { AlbTrafficRouting, Rollout, SetHeaderRoute, WeightDestination } from '../../rollout.ts'
import { compare } from '../../world.ts'
import { stableAndCanaryServices } from '../services.ts'

export type Annotations = Readonly<Record<string, string>>

// utils/ingress/ingress.go:20
export const MANAGED_ANNOTATIONS = 'rollouts.argoproj.io/managed-alb-annotations'
export const MANAGED_ACTIONS = 'rollouts.argoproj.io/managed-alb-actions'
const PREFIX = 'alb.ingress.kubernetes.io'

export function albOf(rollout: Rollout): AlbTrafficRouting {
  return rollout.spec.strategy.canary?.trafficRouting?.alb as AlbTrafficRouting
}

/** The names of the Ingresses, in order: alb.ingresses where it is given, else alb.ingress. */
export function ingressNames(rollout: Rollout): readonly string[] {
  const { ingress, ingresses } = albOf(rollout)
  return ingresses ?? [ingress ?? '']
}

/** The service whose action carries the weights: rootService, else stableService. */
export function actionService(rollout: Rollout): string {
  return albOf(rollout).rootService || (rollout.spec.strategy.canary?.stableService ?? '')
}

export function weightActionKey(rollout: Rollout): string {
  return `${prefixOf(rollout)}/actions.${actionService(rollout)}`
}

export function headerActionKey(rollout: Rollout, route: string): string {
  return `${prefixOf(rollout)}/actions.${route}`
}

export function headerConditionKey(rollout: Rollout, route: string): string {
  return `${prefixOf(rollout)}/conditions.${route}`
}

function prefixOf(rollout: Rollout): string {
  return albOf(rollout).annotationPrefix || PREFIX
}

// alb.go:350 getForwardActionString: canary first, stable last; 100 whatever maxTrafficWeight says
function forwardAction(rollout: Rollout, desiredWeight: number, additional: readonly WeightDestination[]): string {
  const { stable, canary } = stableAndCanaryServices(rollout, 'preferred')
  const rest = additional.reduce((weight, destination) => weight - destination.weight, 100 - desiredWeight)
  const groups = [[canary, desiredWeight], ...additional.map(({ serviceName, weight }) => [serviceName ?? '', weight]), [stable, rest]] as [string, number][]
  return actionJson(rollout, groups)
}

// alb.go:485 getTrafficForwardActionString
function headerAction(rollout: Rollout): string {
  return actionJson(rollout, [[stableAndCanaryServices(rollout, 'preferred').canary, 100]])
}

function actionJson(rollout: Rollout, groups: readonly (readonly [service: string, weight: number])[]): string {
  const { servicePort, stickinessConfig: sticky } = albOf(rollout)
  const TargetGroups = groups.map(([service, Weight]) => ({ ServiceName: service === '' ? undefined : service, ServicePort: String(servicePort), Weight }))
  if (sticky?.enabled !== true) return goJson({ Type: 'forward', ForwardConfig: { TargetGroups } })
  if (sticky.durationSeconds < 1 || sticky.durationSeconds > 604800) fail("TargetGroupStickinessConfig's duration must be between 1 and 604800 seconds (7 days)!")
  return goJson({ Type: 'forward', ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: sticky.durationSeconds } } })
}

// alb.go:523 upsertCondition: since 1.7 the values of one header name, exactly as written, share a condition
function headerCondition(route: SetHeaderRoute, profile: RolloutsProfile): string {
  const conditions: { field: 'http-header'; httpHeaderConfig: { httpHeaderName: string; values: string[] } }[] = []
  for (const { headerName, headerValue } of route.match ?? []) {
    if (headerValue === null) panic(NIL_POINTER, 'rollout/trafficrouting/alb.upsertCondition')
    const same = profile.has.mergesHeaderConditions ? conditions.find((condition) => condition.httpHeaderConfig.httpHeaderName === headerName) : undefined
    if (same !== undefined) same.httpHeaderConfig.values.push(headerValue.exact ?? '')
    else conditions.push({ field: 'http-header', httpHeaderConfig: { httpHeaderName: headerName, values: [headerValue.exact ?? ''] } })
  }
  return bytes(goJson(conditions), profile)
}

// alb.go:406 getDesiredAnnotations
export function withWeight(current: Annotations | undefined, rollout: Rollout, desiredWeight: number, additional: readonly WeightDestination[], profile: RolloutsProfile): Annotations {
  const key = weightActionKey(rollout)
  const value = forwardAction(rollout, desiredWeight, additional)
  if (current === undefined && !profile.has.makesAnnotations) panic(NIL_MAP, 'rollout/trafficrouting/alb.getDesiredAnnotations')
  return withBookkeeping(withKey(current ?? {}, key, value), rollout, 'add', [key], profile)
}

// alb.go:419 getDesiredHeaderAnnotations
export function withHeaderRoute(current: Annotations | undefined, rollout: Rollout, route: SetHeaderRoute, profile: RolloutsProfile): Annotations {
  const keys = [headerActionKey(rollout, route.name ?? ''), headerConditionKey(rollout, route.name ?? '')] as const
  if (route.match === undefined) return withBookkeeping(without(current, keys), rollout, 'remove', keys, profile)
  const action = headerAction(rollout)
  const condition = headerCondition(route, profile)
  if (current === undefined) panic(NIL_MAP, 'rollout/trafficrouting/alb.getDesiredHeaderAnnotations')
  return withBookkeeping(withKey(withKey(current, keys[0], action), keys[1], condition), rollout, 'add', keys, profile)
}

// alb.go:575 RemoveManagedRoutesPerIngress: both keys of every managed route, whether it was ever set or not
export function withoutManagedRoutes(current: Annotations | undefined, rollout: Rollout, profile: RolloutsProfile): Annotations {
  const routes = rollout.spec.strategy.canary?.trafficRouting?.managedRoutes ?? []
  const keys = routes.flatMap(({ name }) => [headerActionKey(rollout, name), headerConditionKey(rollout, name)])
  return withBookkeeping(without(current, keys), rollout, 'remove', keys, profile)
}

// alb.go:448 modifyManagedAnnotation
function withBookkeeping(annotations: Annotations | undefined, rollout: Rollout, how: 'add' | 'remove', keys: readonly string[], profile: RolloutsProfile): Annotations {
  const managed = goUnmarshalManaged(annotations?.[MANAGED_ANNOTATIONS] ?? '')
  let own = managed?.get(rollout.metadata.name) ?? []
  for (const key of keys) own = how === 'remove' ? removeValue(own, key) : own.includes(key) ? own : [...own, key]
  // alb.go:466, :467: a literal `null` is a nil map; an Ingress without annotations has one too
  if (managed === null) panic(NIL_MAP, 'rollout/trafficrouting/alb.modifyManagedAnnotation')
  managed.set(rollout.metadata.name, own)
  if (annotations === undefined) panic(NIL_MAP, 'rollout/trafficrouting/alb.modifyManagedAnnotation')
  return withKey(annotations, MANAGED_ANNOTATIONS, bytes(managedJson(managed), profile))
}

const read = new WeakMap<Ingress, ReturnType<typeof managedIn>>()

/** The Ingress's bookkeeping, by Rollout, as goUnmarshalManaged reads it; read once for each. */
export function managedIn(ingress: Ingress): ReadonlyMap<string, readonly string[] | null> | null {
  const known = read.get(ingress)
  if (known !== undefined) return known
  const managed = goUnmarshalManaged(ingress.metadata.annotations?.[MANAGED_ANNOTATIONS] ?? '')
  read.set(ingress, managed)
  return managed
}

/** utils/ingress/ingress.go ManagedALBAnnotations.String: a Go map, so sorted by rollout name; a nil list prints null. */
export function managedJson(managed: ReadonlyMap<string, readonly string[] | null>): string {
  return goJson(mapOf([...managed].sort(([a], [b]) => compare(a, b))))
}

// alb.go:476 removeValue deletes while it ranges over the list's first length: the copy moves, the range does not
function removeValue(list: readonly string[], key: string): readonly string[] {
  const backing = [...list]
  let length = list.length
  for (let i = 0; i < list.length; i++) {
    if (backing[i] !== key) continue
    if (i + 1 > length) panic(`runtime error: slice bounds out of range [${i + 1}:${length}]`, 'rollout/trafficrouting/alb.removeValue')
    for (let j = i; j + 1 < length; j++) backing[j] = backing[j + 1] as string
    length--
  }
  return backing.slice(0, length)
}

function withKey(annotations: Annotations, key: string, value: string): Annotations {
  return mapOf([...Object.entries(annotations).filter(([other]) => other !== key), [key, value]])
}

function without(annotations: Annotations | undefined, keys: readonly string[]): Annotations | undefined {
  return isMap(annotations) ? mapOf(Object.entries(annotations).filter(([key]) => !keys.includes(key))) : undefined
}

function bytes(json: string, profile: RolloutsProfile): string {
  return profile.has.shortEscapes ? json : withLongEscapes(json)
}
