import { loadBalancerOf, reachedText, clusterAt, routedIngresses, type RoutingView } from '@rollsync/ignore'
import { type AlbRequest, type Reached, type ReachedService, reaches } from '@rollsync/lbc'
import { type KubeObject, type ResourceRef, valueAt } from '@rollsync/manifests'
import type { World } from '@rollsync/rollouts'
import type { Shown } from '../simulate/moments.ts'

/** Where the request goes at one moment, in one load balancer of the Rollout. */
export interface ReachedRow {
  readonly number: number
  readonly story: string
  readonly step: string
  readonly loadBalancer: string
  readonly reaches: string
  readonly services: readonly (ReachedService & { readonly images: readonly string[] })[]
  readonly because: string
  readonly doubts: readonly string[]
}

/** One row for each load balancer that the Rollout's Ingresses make at this moment; one that says why, where nothing is known of them. */
export function reachedRows({ told: { state }, row }: Shown, rollout: ResourceRef, view: RoutingView, request: AlbRequest): readonly ReachedRow[] {
  const { number, story, step } = row
  const judged = { moment: step, git: state.world, live: state.world }
  const cluster = clusterAt(judged, view)
  const base = { number, story, step }
  const own = routedIngresses(judged, rollout, view.alb).map((ingress) => loadBalancerOf(ingress, cluster))
  const unknown = [...new Set(own.flatMap((one) => ('unknown' in one ? [one.unknown] : [])))]
  const groups = new Set(own.flatMap((one) => ('group' in one ? [one.group] : [])))
  return [
    ...reaches(cluster, view.lbc, request).filter((one) => groups.has(one.group)).map((one): ReachedRow => ({ ...base, ...answered(one, state.world) })),
    ...unknown.map((because): ReachedRow => ({ ...base, loadBalancer: '', reaches: 'unverified', services: [], because, doubts: [] })),
  ]
}

function answered({ group, services, answer }: Reached, world: World): Omit<ReachedRow, 'number' | 'story' | 'step'> {
  const behind = services.map((one) => ({ ...one, images: imagesBehind(world, one) }))
  const words = answer.reaches === 'target-groups' ? behind.map(serviceText).join(', ') : answer.reaches === 'unverified' ? 'unverified' : reachedText(answer)
  return { loadBalancer: group, reaches: words, services: behind, because: answer.because, doubts: answer.doubts }
}

function serviceText({ name, share, images }: ReachedRow['services'][number]): string {
  const percent = share === 1 ? '' : ` ${Math.round(share * 10_000) / 100} %`
  return `${name}${percent} (${images.length === 0 ? 'no pods' : images.map(tagOf).join(' and ')})`
}

/** The images of the available pods that a Service selects. */
function imagesBehind(world: World, { namespace, name }: ReachedService): readonly string[] {
  const isIts = (object: KubeObject): boolean => object.kind === 'Service' && object.metadata.name === name && (object.metadata.namespace ?? 'default') === namespace
  const selector = valueAt([...world.values()].find(isIts), '/spec/selector')
  const wanted = Object.entries(typeof selector === 'object' && selector !== null ? selector : {})
  const sets = [...world.values()].filter((object) => object.kind === 'ReplicaSet' && (object.metadata.namespace ?? 'default') === namespace && Number(valueAt(object, '/status/availableReplicas') ?? 0) > 0)
  const selected = sets.filter((set) => wanted.length > 0 && wanted.every(([key, value]) => labelOf(set, key) === value))
  return [...new Set(selected.map((set) => String(valueAt(set, '/spec/template/spec/containers/0/image') ?? '')))]
}

function labelOf(set: KubeObject, key: string): unknown {
  const labels = valueAt(set, '/spec/template/metadata/labels')
  return typeof labels === 'object' && labels !== null && Object.hasOwn(labels, key) ? (labels as Readonly<Record<string, unknown>>)[key] : undefined
}

/** The tag, or the end of the digest. */
function tagOf(image: string): string {
  return /:([^/:@]+)(@.*)?$/.exec(image)?.[1] ?? image.slice(-12)
}
