import { albSettings, canaryAt, clusterAt, type JudgedState, loadBalancerOf, momentsText, reachedText, requestText, routedIngresses, type RoutingView } from '@rollsync/ignore'
import { type AlbRequest, headerRouteOf, lbcProfile, lbcVersions, reaches } from '@rollsync/lbc'
import { type KubeObject, refOf, refText, type ResourceRef } from '@rollsync/manifests'
import { chooseVersions } from '../check-policy.ts'
import { exploreRepository } from '../explore-repository.ts'
import { group } from '../group.ts'
import { failed, type MatcherAnswer, passed, unreadable } from './answer.ts'
import type { LoadedRepository } from './load-repository.ts'

/** Which releases to judge by; the newest recorded ones where left out. `lbc` is the AWS Load Balancer Controller. */
export interface ReachOptions {
  readonly rollouts?: string
  readonly lbc?: string
}

/** Asks, at every moment of an update at which a header route is live, whether the request reaches the canary Service alone, and whether that leads to canary pods. */
export function reachCanary(loaded: LoadedRepository, request: AlbRequest, options: ReachOptions = {}): MatcherAnswer {
  const broken = unreadable(loaded)
  if (broken !== undefined) return broken
  const versions = chooseVersions(options.rollouts === undefined ? {} : { rolloutsVersion: options.rollouts })
  const lbc = lbcProfile(options.lbc ?? lbcVersions.at(-1) ?? '')
  const moments: Moment[] = []
  const seen = new Set<unknown>()
  for (const { scope, explored } of exploreRepository(loaded.repository, versions.rollouts)) {
    const alb = albSettings(scope.rollout.object)
    if (alb === undefined || seen.has(explored)) continue
    seen.add(explored)
    const view: RoutingView = { alb, lbc: lbc.profile, around: scope.neighbours.map((one) => one.object) }
    for (const state of explored.states) moments.push(...askAt(state, refOf(scope.rollout.object), view, request))
  }
  const doubts = [...(lbc.recorded ? [] : [lbc.because]), ...versions.unverified]
  return answerOf(requestText(request), moments, doubts, loaded)
}

interface Moment {
  readonly where: string
  /** Why the request does not reach the canary; undefined where it does. */
  readonly why: string | undefined
}

function askAt(state: JudgedState, rollout: ResourceRef, view: RoutingView, request: AlbRequest): readonly Moment[] {
  const { service, update, fault } = canaryAt(state, rollout)
  // Between updates Git may hold the route; the canary Service then leads to the stable pods.
  if (update === 'none') return []
  const live = routedIngresses(state, rollout, view.alb).filter((ingress) => view.alb.managedRoutes.some((name) => headerRouteOf(ingress, name, view.lbc, { annotationPrefix: view.alb.prefix }).live === 'yes'))
  return live.map((ingress) => ({ where: `${refText(rollout)}, ${state.moment}`, why: whyNot(ingress, service, state, view, request) ?? fault }))
}

function whyNot(ingress: KubeObject, service: string, state: JudgedState, view: RoutingView, request: AlbRequest): string | undefined {
  const cluster = clusterAt(state, view)
  const own = loadBalancerOf(ingress, cluster)
  if ('unknown' in own) return own.unknown
  const reached = reaches(cluster, view.lbc, request).find(({ group }) => group === own.group)
  if (reached === undefined) return `there is no load balancer ${own.group}`
  const names = reached.services.map((one) => one.name)
  if (names.length === 1 && names[0] === service) return undefined
  return `load balancer ${own.group} sends it to ${reachedText(reached.answer)}: ${reached.answer.because}`
}

function answerOf(asked: string, moments: readonly Moment[], doubts: readonly string[], { repository }: LoadedRepository): MatcherAnswer {
  if (moments.length === 0) return failed(`${asked} cannot reach a canary: no header route is live at any moment`, repository.notes)
  const misses = moments.filter((one) => one.why !== undefined)
  if (misses.length === 0 && doubts.length === 0) return passed(`${asked} reaches the canary at all ${moments.length} moments at which a header route is live`)
  const head = misses.length > 0 ? `${asked} does not reach the canary at ${misses.length} of ${moments.length} moments at which a header route is live` : `not proven: ${asked} reaches the canary`
  return failed(head, [...group(misses, ({ why }) => why ?? '')].map(([why, at]) => `${momentsText(at.map(({ where }) => where))}: ${why}`).concat(doubts.map((reason) => `unverified  ${reason}`)))
}
