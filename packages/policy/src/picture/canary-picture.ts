import { driftOf } from '@rollsync/ignore'
import { isMap, type KubeObject, refKey, refOf, type ResourceRef, toYaml, valueAt } from '@rollsync/manifests'
import { describePlace, headerRoutesOf, objectsOf, type State, weightOf, type World } from '@rollsync/rollouts'
import { readableObject } from '../readable-object.ts'
import { type DiffLine, lineDiff } from './line-diff.ts'

/** One canary from the first deploy to the end, as a picture shows it: plain values, one column per moment. */
export interface CanaryPicture {
  readonly rollout: ResourceRef
  /** The Application whose objects are compared and synced; undefined where none deploys them. */
  readonly application: ResourceRef | undefined
  /** By whose behaviour: `Argo Rollouts v1.10.2`, `Argo CD 3.5.0`. */
  readonly by: readonly string[]
  readonly moments: readonly PictureMoment[]
  readonly lanes: readonly Lane[]
}

export interface PictureMoment {
  readonly number: number
  /** Where the Rollout stands, in words: `at step 2 of 9, pods starting`. */
  readonly place: string
  /** `2/9 setHeaderRoute`, or a word where no step is current. */
  readonly step: string
  /** The canary's share of the traffic in per cent; undefined where no router has set one. */
  readonly weight: number | undefined
  /** Available pods of the new revision, of every other one, and how many replicas the Rollout asks for. */
  readonly pods: { readonly canary: number; readonly stable: number; readonly wanted: number }
  readonly routes: readonly { readonly name: string; readonly complete: boolean }[]
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

/** The columns of a picture. `git` holds the objects of the repository; the Rollout's own drift, its image, is not shown. */
export function pictureMoments(states: readonly State[], rollout: ResourceRef, git: World): readonly PictureMoment[] {
  return states.map((state, number) => ({
    number,
    place: `${describePlace(state.moment)}${state.moment.pods === 'ready' ? '' : `, pods ${state.moment.pods}`}`,
    step: stepText(state, state.world.get(refKey(rollout))),
    weight: weightOf(state.world, rollout),
    pods: podsOf(state.world, rollout),
    routes: headerRoutesOf(state.world, rollout).map(({ name, complete }) => ({ name, complete })),
    drifts: driftsOf(state.world, git),
  }))
}

function stepText({ moment }: State, live: KubeObject | undefined): string {
  if (moment.at !== 'step') return moment.at
  if (moment.index === moment.of) return `all ${moment.of} done`
  const step = valueAt(live, `/spec/strategy/canary/steps/${moment.index}`)
  return `${moment.index + 1}/${moment.of} ${isMap(step) ? Object.keys(step).join(' + ') : ''}`.trimEnd()
}

function podsOf(world: World, rollout: ResourceRef): PictureMoment['pods'] {
  const live = world.get(refKey(rollout))
  const current = valueAt(live, '/status/currentPodHash')
  const stable = valueAt(live, '/status/stableRS')
  const sets = objectsOf(world, 'ReplicaSet').filter((set) => set.metadata.namespace === live?.metadata.namespace && valueAt(set, '/metadata/ownerReferences/0/name') === rollout.name)
  const sum = (isCanary: 'yes' | 'no'): number => sets.reduce((total, set) => {
    const hash = valueAt(set, '/metadata/labels/rollouts-pod-template-hash')
    const newer = hash === current && hash !== stable ? 'yes' : 'no'
    return newer === isCanary ? total + Number(valueAt(set, '/status/availableReplicas') ?? 0) : total
  }, 0)
  return { canary: sum('yes'), stable: sum('no'), wanted: Number(valueAt(live, '/spec/replicas') ?? 1) }
}

function driftsOf(live: World, git: World): PictureMoment['drifts'] {
  return [...git].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([key, target]) => {
    const object = live.get(key)
    if (target.kind === 'Rollout' || object === undefined || driftOf(target, object).length === 0) return []
    return [{ resource: refOf(target), lines: lineDiff(toYaml(readableObject(target)), toYaml(readableObject(object))) }]
  })
}
