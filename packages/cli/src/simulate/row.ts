import { type KubeObject, refOf, type ResourceRef, valueAt } from '@rollsync/manifests'
import { albSettings, routeParts } from '@rollsync/ignore'
import { describeQuirk, objectsOf, seenFrom, shortImages, type State, type World } from '@rollsync/rollouts'

/** One moment as a person reads it, for one Rollout. */
export interface Row {
  readonly number: number
  readonly story: string
  readonly step: string
  readonly pods: string
  readonly weight: string
  readonly routes: string
  readonly services: string
  readonly marks: readonly string[]
}

/** What one state shows of one Rollout. `number` counts the moments from 0, as --at does; `story` says what happened before. */
export function rowOf(state: State, rollout: ResourceRef, number: number, story: string): Row {
  const live = objectsOf(state.world, 'Rollout').find((object) => refOf(object).name === rollout.name && refOf(object).namespace === rollout.namespace)
  return {
    number,
    story: shortImages(story),
    step: stepText(seenFrom(state, rollout), live),
    pods: podsText(state, live),
    weight: weightText(live),
    routes: live === undefined ? '' : routesText(state.world, live),
    services: live === undefined ? '' : servicesText(state.world, live),
    marks: marksOf(state),
  }
}

function stepText({ moment }: State, live: KubeObject | undefined): string {
  switch (moment.at) {
    case 'deploying': return 'first deploy'
    case 'idle': return 'idle'
    case 'updating': return 'updating'
    case 'aborted': return 'aborted'
    case 'invalid': return 'invalid'
    case 'gone': return 'gone'
    case 'step': return moment.index === moment.of ? `all ${moment.of} done` : `${moment.index + 1}/${moment.of} ${stepKind(live, moment.index)}`
    default: return moment satisfies never
  }
}

function stepKind(live: KubeObject | undefined, index: number): string {
  const step = valueAt(live, `/spec/strategy/canary/steps/${index}`)
  if (typeof step !== 'object' || step === null) return ''
  return Object.entries(step).map(([kind, value]) => (kind === 'setWeight' ? `setWeight ${String(value)}` : kind === 'pause' ? pauseText(value) : kind)).join(' + ')
}

function pauseText(pause: unknown): string {
  const duration = valueAt(pause, '/duration')
  return duration === undefined ? 'pause' : `pause ${typeof duration === 'number' ? `${duration}s` : String(duration)}`
}

function podsText(state: State, live: KubeObject | undefined): string {
  return replicaSetsOf(state.world, live).flatMap((set) => {
    const wanted = valueAt(set, '/spec/replicas')
    const available = valueAt(set, '/status/availableReplicas') ?? 0
    return wanted === 0 && available === 0 ? [] : [`${imageOf(set)} ${String(available)}/${String(wanted)}`]
  }).join(', ')
}

function replicaSetsOf(world: World, live: KubeObject | undefined): readonly KubeObject[] {
  const name = live?.metadata.name
  return objectsOf(world, 'ReplicaSet').filter((set) => valueAt(set, '/metadata/ownerReferences/0/name') === name || set.metadata.name.startsWith(`${name}-`))
}

function imageOf(replicaSet: KubeObject): string {
  return shortImage(String(valueAt(replicaSet, '/spec/template/spec/containers/0/image') ?? ''))
}

/** The tag, or the end of the digest: what tells two images of one repository apart. */
function shortImage(image: string): string {
  const tag = /:([^/:@]+)(@.*)?$/.exec(image)
  return tag?.[1] ?? image.slice(-12)
}

function weightText(live: KubeObject | undefined): string {
  const canary = valueAt(live, '/status/canary/weights/canary/weight')
  return typeof canary === 'number' ? `${canary} %` : ''
}

function routesText(world: World, live: KubeObject): string {
  const alb = albSettings(live)
  if (alb === undefined) return ''
  const ingresses = objectsOf(world, 'Ingress').filter((object) => alb.ingresses.includes(object.metadata.name))
  return alb.managedRoutes.filter((route) => ingresses.some((ingress) => routeParts(ingress, route, alb.prefix).paths.length > 0)).join(', ')
}

const hashLabel = 'rollouts-pod-template-hash'
const roles = ['canaryService', 'stableService', 'activeService', 'previewService']

/** Which pods each Service selects: those of one image, or any. */
function servicesText(world: World, live: KubeObject): string {
  const strategy = valueAt(live, '/spec/strategy/canary') ?? valueAt(live, '/spec/strategy/blueGreen')
  const images = new Map(replicaSetsOf(world, live).map((set) => [set.metadata.labels?.[hashLabel], imageOf(set)]))
  return roles.flatMap((role) => {
    const name = valueAt(strategy, `/${role}`)
    const service = objectsOf(world, 'Service').find((object) => object.metadata.name === name)
    const hash = valueAt(service, `/spec/selector/${hashLabel}`)
    return service === undefined ? [] : [`${role.replace('Service', '')}→${typeof hash === 'string' ? (images.get(hash) ?? hash) : 'any'}`]
  }).join(' ')
}

function marksOf(state: State): readonly string[] {
  return [
    ...state.notes.map(describeQuirk),
    ...state.errors.map((one) => `${one.by} fails on ${one.on} and retries for ever: ${one.error ?? `panic: ${one.panic}`}`),
    ...(state.refused === undefined ? [] : [`refused: ${state.refused}`]),
  ]
}
