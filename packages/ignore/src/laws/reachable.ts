import { type AlbRequest, awsRefusals, changedRoutes, headerRouteOf, type LbcCluster, listenerRules, type ListenerRules, type LoadBalancer, route as routeOf, type RouteAnswer, type RulesFailure, servicesOf } from '@rollsync/lbc'
import { type KubeObject, refKey, refOf, refText, type ResourceRef } from '@rollsync/manifests'
import { withoutRoutes } from '../anchor.ts'
import type { CanaryCase, JudgedState } from '../canary-case.ts'
import { reachedText } from '../reached-text.ts'
import { requestText } from '../request-text.ts'
import { canaryAt, clusterAt, loadBalancerOf, routedIngresses, type RoutingView } from '../routing-view.ts'
import { routeParts } from '../routes.ts'
import { type CounterExample, counted, type Verdict, verdictOf } from '../verdict.ts'

/**
 * reachable: while a header route is live, a request with that header reaches the canary Service through the load balancer's rule order, that Service selects canary pods that were asked
 * for, and every other request goes where it went before.
 */
export function reachable(canary: CanaryCase, view: RoutingView): Verdict {
  const found = new Map<string, CounterExample>()
  const unverified = new Set<string>()
  const known = new Map<string, Answers>()
  let moments = 0
  for (const state of canary.states) {
    const ingresses = routedIngresses(state, canary.rollout, view.alb).filter((ingress) => view.alb.managedRoutes.some((name) => routeParts(ingress, name, view.alb.prefix).paths.length > 0))
    if (ingresses.length > 0) moments += 1
    for (const ingress of ingresses) {
      const { service, fault } = canaryAt(state, canary.rollout)
      const key = JSON.stringify([refOf(ingress), service, routingKey(state)])
      const answers = known.get(key) ?? answersFor(ingress, service, clusterAt(state, view), view)
      known.set(key, answers)
      for (const reason of answers.unverified) unverified.add(reason)
      const faults: readonly Fault[] = fault === undefined || answers.live.length === 0 ? [] : [{ what: `a request of header route ${answers.live.join(', ')} finds no canary: ${fault}`, verdict: 'misrouted' }]
      for (const one of [...answers.faults, ...faults]) remember(found, refOf(ingress), state.moment, one)
    }
  }
  return verdictOf('reachable', moments === 0 ? 'no header route at any moment' : `${counted(moments, 'moment')} with a header route, by AWS Load Balancer Controller ${view.lbc.version}`, [...found.values()], [...unverified])
}

interface Fault {
  readonly what: string
  readonly verdict: 'misrouted' | 'outage'
}

interface Answers {
  readonly live: readonly string[]
  readonly faults: readonly Fault[]
  readonly unverified: readonly string[]
}

function remember(found: Map<string, CounterExample>, resource: ResourceRef, moment: string, { what, verdict }: Fault): void {
  const key = JSON.stringify([refKey(resource), what])
  const before = found.get(key)
  found.set(key, before === undefined ? { moment, moments: [moment], resource, what, verdict } : { ...before, moments: [...new Set([...before.moments, moment])] })
}

/** What the rules of a load balancer are made of; states that agree in it are asked once. */
function routingKey(state: JudgedState): string {
  return JSON.stringify([...state.live.values()].flatMap((object) => (object.kind === 'Ingress' ? [object.metadata, object['spec']] : object.kind === 'Service' ? [object.metadata.name] : [])))
}

function answersFor(ingress: KubeObject, service: string, cluster: LbcCluster, view: RoutingView): Answers {
  const own = loadBalancerOf(ingress, cluster)
  if ('unknown' in own) return { live: [], faults: [], unverified: [own.unknown] }
  const rules = listenerRules(cluster, own.group, view.lbc)
  if (rules.answer === 'unverified') return { live: [], faults: [], unverified: [rules.because] }
  const before = listenerRules(withoutManaged(cluster, view), own.group, view.lbc)
  if (rules.answer === 'failed') return failureOf(rules, before, view.alb.managedRoutes.filter((name) => routeParts(ingress, name, view.alb.prefix).paths.length > 0))
  const held = view.alb.managedRoutes.map((name) => heldRoute(ingress, name, service, rules, view))
  const others = otherRequests(before, rules, managedPlaces(cluster, view.alb))
  return {
    live: held.flatMap((one) => one.live),
    faults: [...held.flatMap((one) => one.faults), ...(held.some((one) => one.faults.length > 0) ? [] : others.faults)],
    unverified: [...held.flatMap((one) => one.unverified), ...others.unverified],
  }
}

/** One managed route: half of it is a fault, a whole one must win for its own requests. */
function heldRoute(ingress: KubeObject, name: string, service: string, rules: LoadBalancer, { alb, lbc }: RoutingView): Answers {
  const nothing: Answers = { live: [], faults: [], unverified: [] }
  const found = headerRouteOf(ingress, name, lbc, { annotationPrefix: alb.prefix })
  if (found.live === 'no') {
    switch (found.missing) {
      case 'path': return nothing
      case 'example': return { ...nothing, live: [name], unverified: [found.because] }
      case 'action': return { ...nothing, faults: [{ verdict: 'outage', what: found.because }] }
      case 'condition': return { ...nothing, faults: [{ verdict: 'misrouted', what: found.because }] }
      default: return found.missing satisfies never
    }
  }
  const refused = awsRefusals(rules).map(({ because }): Fault => ({ verdict: 'misrouted', what: `AWS refuses the rules of ${refText(refOf(ingress))}: ${because}` }))
  const asked = found.requests.map((request) => missOf(request, service, rules))
  return { live: [name], faults: [...refused, ...asked.flatMap((one) => one.fault ?? [])], unverified: asked.flatMap((one) => one.unverified ?? []) }
}

function missOf(request: AlbRequest, service: string, rules: LoadBalancer): { readonly fault?: Fault; readonly unverified?: string } {
  const answer = routeOf(rules, request)
  if (answer.reaches === 'unverified') return { unverified: answer.because }
  const names = servicesOf(answer).map((one) => one.name)
  if (names.length === 1 && names[0] === service) return {}
  return { fault: { verdict: 'misrouted', what: `${requestText(request)} goes to ${reachedText(answer)} instead of ${service}: ${answer.because}` } }
}

/** An error that comes with the routes freezes every member of the group. One that stands without them too may be due to flags or objects that are not here. */
function failureOf(failed: RulesFailure, before: ListenerRules, live: readonly string[]): Answers {
  const kept = `the load balancer keeps its former rules, for all of ${failed.members.join(', ')}`
  if (before.answer !== 'failed') return { live, unverified: [], faults: [{ verdict: 'misrouted', what: `with the header route in place ${kept}: ${failed.error}` }] }
  return { live, faults: [], unverified: [`with the controller's default flags ${kept}: ${failed.error}`] }
}

function withoutManaged(cluster: LbcCluster, { alb }: RoutingView): LbcCluster {
  return { ...cluster, ingresses: cluster.ingresses.map((one) => (alb.ingresses.includes(one.metadata.name) ? withoutRoutes(one, alb) : one)) }
}

/** Requests that no managed route is for, and that reach something else with the routes in place than without. */
function otherRequests(before: ListenerRules, after: LoadBalancer, managed: ReadonlySet<string>): Pick<Answers, 'faults' | 'unverified'> {
  if (before.answer !== 'load-balancer') return { faults: [], unverified: [] }
  const changed = changedRoutes(before, after).filter((change) => !isManaged(change.after, managed))
  return {
    faults: changed.filter((change) => change.after.reaches !== 'unverified').map((change): Fault => ({
      verdict: 'misrouted',
      what: `${requestText(change.request)}, which no header route is for, goes to ${reachedText(change.after)} and went to ${reachedText(change.before)} before: ${change.after.because}`,
    })),
    unverified: changed.filter((change) => change.after.reaches === 'unverified').map((change) => change.after.because),
  }
}

function managedPlaces(cluster: LbcCluster, alb: RoutingView['alb']): ReadonlySet<string> {
  return new Set(cluster.ingresses.filter((one) => alb.ingresses.includes(one.metadata.name)).flatMap((one) =>
    alb.managedRoutes.flatMap((name) => routeParts(one, name, alb.prefix).paths.map((path) => `${one.metadata.namespace ?? 'default'}/${one.metadata.name} ${path.rule} ${path.index}`))))
}

function isManaged(answer: RouteAnswer, managed: ReadonlySet<string>): boolean {
  if (!('decided' in answer) || answer.decided.by !== 'rule') return false
  const { from } = answer.decided
  return managed.has(`${from.ingress} ${from.rule} ${from.path}`)
}
