import { type AlbSettings, albSettings, type JudgedState } from '@rollsync/ignore'
import { type AlbRequest, headerRouteOf, type LbcCluster, lbcProfile, type LbcProfile, lbcVersions, loadBalancersOf, reaches } from '@rollsync/lbc'
import { type KubeObject, refKey, refOf, refText, valueAt } from '@rollsync/manifests'
import { chooseVersions } from '../check-policy.ts'
import { exploreRepository } from '../explore-repository.ts'
import { failed, type MatcherAnswer, passed, unreadable } from './answer.ts'
import type { LoadedRepository } from './load-repository.ts'

/** Which releases to judge by; the newest recorded ones where left out. `lbc` is the AWS Load Balancer Controller. */
export interface ReachOptions {
  readonly rollouts?: string
  readonly lbc?: string
}

/** Asks, at every moment at which a header route of a canary is live, whether the request reaches the canary Service alone, and whether a canary pod is there to answer. */
export function reachCanary(loaded: LoadedRepository, request: AlbRequest, options: ReachOptions = {}): MatcherAnswer {
  const broken = unreadable(loaded)
  if (broken !== undefined) return broken
  const versions = chooseVersions(options.rollouts === undefined ? {} : { rolloutsVersion: options.rollouts })
  const lbc = lbcProfile(options.lbc ?? lbcVersions.at(-1) ?? '')
  const answers: { readonly where: string; readonly why: string | undefined }[] = []
  const seen = new Set<unknown>()
  for (const { scope, explored } of exploreRepository(loaded.repository, versions.rollouts)) {
    const alb = albSettings(scope.rollout.object)
    if (alb === undefined || seen.has(explored)) continue
    seen.add(explored)
    for (const state of explored.states) {
      if (isUpdating(state, scope.rollout.object) && liveRoutes(state, alb, lbc.profile).length > 0) answers.push({ where: `${refText(scope.rollout.manifest.ref)}, ${state.moment}`, why: whyNot(state, scope.rollout.object, alb, lbc.profile, request) })
    }
  }
  const asked = `a request for ${request.host}${request.path}${Object.entries(request.headers ?? {}).map(([name, value]) => ` with ${name}: ${String(value)}`).join('')}`
  const doubts = [...(lbc.recorded ? [] : [lbc.because]), ...versions.unverified]
  if (answers.length === 0) return failed(`${asked} cannot reach a canary: no header route is live at any moment`, loaded.repository.notes)
  const misses = answers.filter((one) => one.why !== undefined)
  if (misses.length === 0 && doubts.length === 0) return passed(`${asked} reaches the canary at all ${answers.length} moments at which a header route is live`)
  const head = misses.length > 0 ? `${asked} does not reach the canary at ${misses.length} of ${answers.length} moments at which a header route is live` : `not proven: ${asked} reaches the canary`
  return failed(head, [...firstOf(misses).map(({ where, why }) => `${where}: ${why ?? ''}`), ...doubts.map((reason) => `unverified  ${reason}`)])
}

function firstOf<Item>(items: readonly Item[]): readonly Item[] {
  return items.slice(0, 5)
}

function objects(state: JudgedState, kind: string): readonly KubeObject[] {
  return [...state.live.values()].filter((object) => object.kind === kind)
}

/** An update is under way: between updates Git may hold the route, and the canary Service then leads to the stable pods. */
function isUpdating(state: JudgedState, rollout: KubeObject): boolean {
  const status = valueAt(state.live.get(refKey(refOf(rollout))), '/status')
  const stable = valueAt(status, '/stableRS')
  return typeof stable === 'string' && stable !== '' && stable !== valueAt(status, '/currentPodHash') && valueAt(status, '/abort') !== true
}

/** The IngressClasses that Git holds; for a class that it does not hold, the one that the controller's chart makes: a Rollout that routes by ALB says that the class is ALB's. */
function classesOf(state: JudgedState, alb: AlbSettings): readonly KubeObject[] {
  const held = objects(state, 'IngressClass')
  const named = objects(state, 'Ingress').filter((object) => alb.ingresses.includes(object.metadata.name)).map((object) => valueAt(object, '/spec/ingressClassName'))
  const missing = [...new Set(named)].filter((name): name is string => typeof name === 'string' && !held.some((object) => object.metadata.name === name))
  return [...held, ...missing.map((name) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name }, spec: { controller: 'ingress.k8s.aws/alb' } }))]
}

function liveRoutes(state: JudgedState, alb: AlbSettings, profile: LbcProfile): readonly string[] {
  const ingresses = objects(state, 'Ingress').filter((object) => alb.ingresses.includes(object.metadata.name))
  return alb.managedRoutes.filter((route) => ingresses.some((ingress) => headerRouteOf(ingress, route, profile, { annotationPrefix: alb.prefix }).live === 'yes'))
}

/** Why the request does not reach the canary at this moment; undefined where it does. */
function whyNot(state: JudgedState, rollout: KubeObject, alb: AlbSettings, profile: LbcProfile, request: AlbRequest): string | undefined {
  const canary = String(valueAt(rollout, '/spec/strategy/canary/canaryService') ?? '')
  const ingresses = objects(state, 'Ingress')
  const cluster: LbcCluster = {
    ingresses, services: objects(state, 'Service'), ingressClasses: classesOf(state, alb), ingressClassParams: objects(state, 'IngressClassParams'), options: { annotationPrefix: alb.prefix },
  }
  const own = loadBalancersOf({ ...cluster, ingresses: ingresses.filter((object) => alb.ingresses.includes(object.metadata.name)) }).groups
  for (const { group, services, answer } of reaches(cluster, profile, request)) {
    if (!own.includes(group)) continue
    const names = services.map((one) => one.name)
    if (names.length !== 1 || names[0] !== canary) return `load balancer ${group} sends it to ${names.length === 0 ? answer.reaches.replace('-', ' ') : names.join(' and ')}: ${answer.because}`
  }
  return own.length === 0 ? 'its Ingress makes no load balancer' : withoutPods(state, canary)
}

function withoutPods(state: JudgedState, canary: string): string | undefined {
  const service = objects(state, 'Service').find((object) => object.metadata.name === canary)
  if (service === undefined) return `there is no Service ${canary}`
  const hash = valueAt(service, '/spec/selector/rollouts-pod-template-hash')
  const sets = objects(state, 'ReplicaSet').filter((set) => hash === undefined || valueAt(set, '/spec/selector/matchLabels/rollouts-pod-template-hash') === hash)
  return sets.some((set) => Number(valueAt(set, '/status/availableReplicas') ?? 0) > 0) ? undefined : `Service ${canary} has no pod that is available`
}
