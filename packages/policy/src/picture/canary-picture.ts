import { driftOf } from '@rollsync/ignore'
import { isMap, type KubeObject, refKey, refOf, type ResourceRef, toYaml, valueAt } from '@rollsync/manifests'
import { describePlace, headerRoutesOf, objectsOf, type State, weightOf, type World, seenFrom } from '@rollsync/rollouts'
import { readableObject } from '../readable-object.ts'
import { type DiffLine, lineDiff } from './line-diff.ts'

/** One day of a canary as a picture shows it: plain values, one column per moment. A day that goes wrong begins with the moment before it does. */
export interface CanaryPicture {
  readonly rollout: ResourceRef
  /** The Application whose objects are compared and synced; undefined where none deploys them. */
  readonly application: ResourceRef | undefined
  /** By whose behaviour: `Argo Rollouts v1.10.2`, `Argo CD 3.5.0`. */
  readonly by: readonly string[]
  /** `Goes well`, `Aborted at step 3 of 9`. */
  readonly title: string
  /** What happens on that day, as one sentence. */
  readonly about: string
  readonly moments: readonly PictureMoment[]
  readonly lanes: readonly Lane[]
  /** What findings of a report speak of these moments, by their numbers there, from 1. */
  readonly marks: readonly Mark[]
}

export interface Mark {
  readonly moment: number
  readonly finding: number
}

export interface PictureMoment {
  /** Counted from 0 over the whole day, the part that is not drawn included. */
  readonly number: number
  /** What led to it: `deployed`, `aborted`, `pods ready`, `a sync changes Ingress shop/app`. */
  readonly event: string
  /** Where the Rollout stands, in words: `at step 2 of 9, pods starting`. */
  readonly place: string
  /** `2/9 setHeaderRoute`, or a word where no step is current. */
  readonly step: string
  /** The canary's share of the traffic in per cent; undefined where no router has set one. */
  readonly weight: number | undefined
  /** Available pods of what came after the first deploy, of what was there before, and how many replicas the Rollout asks for. */
  readonly pods: { readonly canary: number; readonly stable: number; readonly wanted: number }
  /** What Git names and what the cluster's Rollout asks for; '' where there is none. */
  readonly image: { readonly git: string; readonly live: string }
  readonly routes: readonly { readonly name: string; readonly complete: boolean }[]
  /** What the controllers do not come to rest with, or fail at. */
  readonly troubles: readonly string[]
  /** What the cluster holds against Git, object by object. */
  readonly drifts: readonly { readonly resource: ResourceRef; readonly lines: readonly DiffLine[] }[]
}

/** What Argo CD answers at each moment, one cell per moment. */
export interface Lane {
  readonly asks: 'compare' | 'sync'
  /** The sync options of a sync; empty where there are none. */
  readonly options: readonly string[]
  readonly cells: readonly Cell[]
}

export interface Cell {
  readonly answer: 'Synced' | 'OutOfSync' | 'safe' | 'reverts' | 'outage' | 'freezes' | 'unknown' | 'unverified'
  /** Whether any sync does it, or only one that brings a change of the object itself. */
  readonly when: 'always' | 'with a change in Git'
  readonly why: readonly string[]
}

/** A moment of a day with what Git holds then. `words` are those that laws and findings call it by; '' where they know of none such. */
export interface Told {
  readonly number: number
  readonly state: State
  readonly git: World
  readonly event: string
  readonly words: string
}

/** The columns of a picture. `git` is what was deployed first, `holder` the object whose template the Rollout runs: its drift, the image, stands in words of its own. */
export function pictureMoments(told: readonly Told[], rollout: ResourceRef, { git: deployed, holder }: { readonly git: World; readonly holder: ResourceRef }): readonly PictureMoment[] {
  return told.map((one) => ({ ...one, state: seenFrom(one.state, rollout) })).map(({ number, state, git, event }) => ({
    number,
    event,
    place: `${describePlace(state.moment)}${state.moment.pods === 'ready' ? '' : `, pods ${state.moment.pods}`}`,
    step: stepText(state, state.world.get(refKey(rollout))),
    weight: weightOf(state.world, rollout),
    pods: podsOf(state.world, rollout, imageOf(deployed.get(refKey(holder)))),
    image: { git: imageOf(git.get(refKey(holder))), live: imageOf(state.world.get(refKey(holder))) },
    routes: headerRoutesOf(state.world, rollout).map(({ name, complete }) => ({ name, complete })),
    troubles: troublesOf(state),
    drifts: driftsOf(state.world, git, holder),
  }))
}

function imageOf(object: KubeObject | undefined): string {
  return String(valueAt(object, '/spec/template/spec/containers/0/image') ?? '')
}

function stepText({ moment }: State, live: KubeObject | undefined): string {
  if (moment.at !== 'step') return moment.at
  if (moment.index === moment.of) return `all ${moment.of} done`
  const step = valueAt(live, `/spec/strategy/canary/steps/${moment.index}`)
  return `${moment.index + 1}/${moment.of} ${isMap(step) ? Object.keys(step).join(' + ') : ''}`.trimEnd()
}

function troublesOf({ cycle, errors, refused }: State): readonly string[] {
  return [
    ...(cycle === undefined ? [] : [`the controller does not come to rest: ${cycle.worlds.length} states follow each other without end`]),
    ...new Set(errors.map(({ on, error, panic }) => `the controller ${panic === undefined ? `fails on ${on}: ${error}` : `panics on ${on}: ${panic}`}, and tries it again for ever`)),
    ...(refused === undefined ? [] : [`the API server refuses it: ${refused}`]),
  ]
}

/** New are pods of another image than the first, and those of a revision that is not stable yet. */
function podsOf(world: World, rollout: ResourceRef, first: string): PictureMoment['pods'] {
  const live = world.get(refKey(rollout))
  const current = valueAt(live, '/status/currentPodHash')
  const stable = valueAt(live, '/status/stableRS')
  const sets = objectsOf(world, 'ReplicaSet').filter((set) => set.metadata.namespace === live?.metadata.namespace && valueAt(set, '/metadata/ownerReferences/0/name') === rollout.name)
  const sum = (isCanary: 'yes' | 'no'): number => sets.reduce((total, set) => {
    const hash = valueAt(set, '/metadata/labels/rollouts-pod-template-hash')
    const newer = imageOf(set) !== first || (hash === current && hash !== stable) ? 'yes' : 'no'
    return newer === isCanary ? total + Number(valueAt(set, '/status/availableReplicas') ?? 0) : total
  }, 0)
  return { canary: sum('yes'), stable: sum('no'), wanted: Number(valueAt(live, '/spec/replicas') ?? 1) }
}

function driftsOf(live: World, git: World, holder: ResourceRef): PictureMoment['drifts'] {
  return [...git].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([key, target]) => {
    const object = live.get(key)
    if (target.kind === 'Rollout' || key === refKey(holder) || object === undefined || driftOf(target, object).length === 0) return []
    return [{ resource: refOf(target), lines: lineDiff(toYaml(readableObject(target)), toYaml(readableObject(object))) }]
  })
}
