import type { LbcCluster } from './cluster.ts'
import { exampleRequests } from './example-requests.ts'
import { listenerRules, loadBalancersOf } from './listener-rules.ts'
import type { LoadBalancer } from './load-balancer.ts'
import type { LbcProfile } from './profile.ts'
import type { AlbRequest } from './request.ts'
import { route, type RouteAnswer } from './route.ts'

/** A Service that a request reaches, by the port as the Ingress names it; `share` is its part, 0 to 1. A Service with weight 0 is not reached. */
export interface ReachedService {
  readonly namespace: string
  readonly name: string
  readonly port: number | string
  readonly share: number
}

/** What one load balancer of the cluster does with a request; `services` is empty where it reaches none. */
export interface Reached {
  readonly group: string
  readonly services: readonly ReachedService[]
  readonly answer: RouteAnswer
}

/** Where a request goes, for each load balancer that the Ingresses of a cluster make. Which of them a client asks is up to DNS. */
export function reaches(cluster: LbcCluster, profile: LbcProfile, request: AlbRequest): readonly Reached[] {
  return loadBalancersOf(cluster).groups.map((group) => {
    const rules = listenerRules(cluster, group, profile)
    switch (rules.answer) {
      case 'load-balancer': {
        const answer = route(rules, request)
        return { group, services: servicesOf(answer), answer }
      }
      case 'failed': return unverified(group, `the controller makes no rules of ${group}, so the former ones stay: ${rules.error}`)
      case 'unverified': return unverified(group, rules.because)
      default: return rules satisfies never
    }
  })
}

function unverified(group: string, because: string): Reached {
  return { group, services: [], answer: { reaches: 'unverified', because, doubts: [] } }
}

/** The Services behind an answer, without those that get nothing. */
export function servicesOf(answer: RouteAnswer): readonly ReachedService[] {
  if (answer.reaches !== 'target-groups') return []
  return answer.targets.flatMap((target) =>
    ('serviceName' in target && target.share > 0 ? [{ namespace: target.namespace, name: target.serviceName, port: target.servicePort, share: target.share }] : []))
}

/** Requests that between them meet every rule of a load balancer which has an example, on every listener, and one that only the default action takes. */
export function probesOf({ listeners }: LoadBalancer): readonly AlbRequest[] {
  return listeners.flatMap(({ port, protocol, rules }) => [
    ...rules.flatMap((rule) => exampleRequests(rule.conditions)),
    { host: 'no-such-host.invalid', path: '/' },
  ].map((request) => ({ ...request, port, protocol })))
}

/** One request that goes elsewhere in one of two load balancers. */
export interface RouteChange {
  readonly request: AlbRequest
  readonly before: RouteAnswer
  readonly after: RouteAnswer
}

/** The probes of both load balancers that reach something else in the second: other Services or shares, another redirect or response, or not known. */
export function changedRoutes(before: LoadBalancer, after: LoadBalancer): readonly RouteChange[] {
  const probes = new Map([...probesOf(before), ...probesOf(after)].map((request) => [JSON.stringify(request), request]))
  return [...probes.values()]
    .map((request) => ({ request, before: route(before, request), after: route(after, request) }))
    .filter((change) => destination(change.before) !== destination(change.after))
}

function destination(answer: RouteAnswer): string {
  switch (answer.reaches) {
    case 'target-groups': return JSON.stringify([answer.reaches, answer.authenticates, answer.transforms, answer.targets.filter(({ share }) => share > 0)])
    case 'redirect': return JSON.stringify([answer.reaches, answer.location, answer.statusCode])
    case 'fixed-response': return JSON.stringify([answer.reaches, answer.statusCode, answer.contentType, answer.messageBody])
    case 'nothing':
    case 'unverified': return answer.reaches
    default: return answer satisfies never
  }
}
