import type { KubeObject } from '@rollsync/manifests'
import { readAction } from './action-config.ts'
import { annotationPrefix } from './annotations.ts'
import type { LbcOptions } from './cluster.ts'
import { readConditions } from './condition-config.ts'
import { ControllerError } from './controller-error.ts'
import { exampleRequests } from './example-requests.ts'
import type { Member } from './group.ts'
import { noClass } from './ingress-class.ts'
import type { RuleCondition } from './load-balancer.ts'
import type { LbcProfile } from './profile.ts'
import { readIngress, Unreadable } from './read.ts'
import type { AlbRequest } from './request.ts'
import { buildConditions } from './rule-conditions.ts'

/** A header route as one Ingress holds it: path, condition and action, or which of the three is missing and what that means. */
export type HeaderRoute =
  | {
    readonly live: 'yes'
    /** One per rule with the path and value of the condition: each meets the route's rule if no rule stands before it. */
    readonly requests: readonly AlbRequest[]
    /** The Services that the action forwards to. */
    readonly services: readonly string[]
  }
  | { readonly live: 'no'; readonly missing: 'path' | 'action' | 'condition' | 'example'; readonly because: string }

/** The header route `routeName` of an Ingress, as Argo Rollouts writes it: paths to the backend of that name with the port `use-annotation`. */
export function headerRouteOf(object: KubeObject, routeName: string, profile: LbcProfile, options: Pick<LbcOptions, 'annotationPrefix'> = {}): HeaderRoute {
  try {
    return readHeaderRoute(object, routeName, profile, options.annotationPrefix ?? annotationPrefix)
  } catch (error) {
    if (error instanceof Unreadable || error instanceof ControllerError) return { live: 'no', missing: 'condition', because: error.message }
    throw error
  }
}

function readHeaderRoute(object: KubeObject, routeName: string, profile: LbcProfile, prefix: string): HeaderRoute {
  const ingress = readIngress(object)
  const member: Member = { ingress, annotations: { prefix, of: ingress.annotations }, class: noClass }
  const places = ingress.rules.flatMap((rule) => (rule.paths ?? []).flatMap((path) => {
    const { service } = path.backend
    return service?.name === routeName && service.portName === 'use-annotation' ? [{ rule, path }] : []
  }))
  if (places.length === 0) return { live: 'no', missing: 'path', because: `no path of ${ingress.key} leads to ${routeName} with the port use-annotation: no rule is made` }
  const action = readAction(member.annotations, routeName, profile)
  if (action?.type !== 'forward') {
    return { live: 'no', missing: 'action', because: `${prefix}/actions.${routeName} ${action === undefined ? 'is missing: its rule answers 503 to every request it meets' : `is a ${action.type}`}` }
  }
  const conditions = readConditions(member.annotations, routeName, profile)
  const rules: readonly (readonly RuleCondition[])[] = places.map(({ rule, path }) => buildConditions(member, rule, path, conditions, profile))
  if (!rules.some((rule) => rule.some((one) => one.field === 'http-header'))) {
    return { live: 'no', missing: 'condition', because: `${prefix}/conditions.${routeName} asks for no header: its rule takes every request of its hosts and paths` }
  }
  const requests = rules.flatMap(exampleRequests)
  if (requests.length === 0) return { live: 'no', missing: 'example', because: `the conditions of ${routeName} are regular expressions, for which no example is made here` }
  const services = (action.forwardConfig.targetGroups ?? []).flatMap((group) => group.serviceName ?? [])
  return { live: 'yes', requests, services: [...new Set(services)] }
}
