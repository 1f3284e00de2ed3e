import { type KubeObject, refKey, refOf } from '@rollsync/manifests'

import { type Cluster, replicaSetsOf } from '../cluster.ts'
import { canonicalJson } from '../fingerprint.ts'
import { sortedKeys } from '../map-of.ts'
import { availableOf, createdOf, hashOf, imageOf, SCALE_DOWN_DEADLINE } from '../replica-set.ts'
import type { Rollout } from '../rollout.ts'
import type { State } from '../state.ts'
import type { World } from '../world.ts'

/** The keys of one exploration, which say when two states or two clusters are one. Hashes and images are called by their role in them: two revisions in the same roles are one. */
export interface Keys {
  /** What Argo CD can see of a state: every object that Git may hold, without its status, where the Rollout stands, and the quirks. */
  readonly ofState: (state: State, rollout: Rollout | undefined) => string
  /** What the controllers will do from here on hangs on this alone: how long a pause or a delay has yet to go does not count, nor what only counts up. */
  readonly ofBehaviour: (cluster: Cluster, rollout: Rollout) => string
}

export function keysFor(images: readonly string[]): Keys {
  const namings = new Map<string, Naming>()
  const numbers: Numbers = new Map()
  const namingOf = (world: World, rollout: Rollout | undefined): Naming => {
    const key = rollout === undefined ? '' : namesKey(world, rollout)
    const known = namings.get(key)
    if (known !== undefined) return known
    const naming = newNaming(rollout === undefined ? new Map() : namesIn(world, rollout, images), numbers)
    namings.set(key, naming)
    return naming
  }
  return {
    ofState: ({ moment, notes, world }, rollout) => {
      const { visible } = namingOf(world, rollout)
      const quirks = notes.flatMap(({ id }) => (id === 'stale-read' ? [] : [id])).sort()
      return `${moment.at} ${quirks.join(' ')} ${numbersOf(world, (object) => !INNER.has(object.kind), visible)}`
    },
    ofBehaviour: ({ world, pods }, rollout) => {
      const { settled, roles } = namingOf(world, rollout)
      return `${numbersOf(world, ({ kind }) => kind !== 'ReplicaSet', settled)}\n${replicaSetTexts(world, pods, roles)}`
    },
  }
}

// What Argo CD does not see: children of the Rollout, and what no Application compares.
const INNER: ReadonlySet<string> = new Set(['ReplicaSet', 'AnalysisRun', 'Experiment', 'AnalysisTemplate', 'ClusterAnalysisTemplate'])

// One number for each text that an object is told by, with its place in the world.
type Numbers = Map<string, number>

interface Naming {
  readonly roles: ReadonlyMap<string, string>
  readonly visible: (object: KubeObject) => number
  readonly settled: (object: KubeObject) => number
}

// Objects are told once for each naming of hashes and images, of which an exploration has a handful, and so are their parts: what changes is mostly one of them.
function newNaming(names: ReadonlyMap<string, string>, numbers: Numbers): Naming {
  const renamed = renamerOf(names)
  const part = numbered(numbers, (value: object) => renamed(canonicalJson(value)))
  return {
    roles: names,
    visible: numbered(numbers, (object: KubeObject) => `${refKey(refOf(object))} ${visibleText(object, part)}`),
    settled: numbered(numbers, (object: KubeObject) => `${refKey(refOf(object))} settled ${settledText(object, part)}`),
  }
}

// The number of the text that a thing is told by; told once.
function numbered<Thing extends object>(numbers: Numbers, textOf: (thing: Thing) => string): (thing: Thing) => number {
  const memory = new WeakMap<Thing, number>()
  return (thing) => {
    const known = memory.get(thing)
    if (known !== undefined) return known
    const text = textOf(thing)
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    memory.set(thing, number)
    return number
  }
}

function numbersOf(world: World, counts: (object: KubeObject) => boolean, number: Naming['visible']): string {
  const found: number[] = []
  for (const object of world.values()) if (counts(object)) found.push(number(object))
  return found.sort((a, b) => a - b).join(' ')
}

type PartNumber = (value: object) => number

function visibleText(object: KubeObject, part: PartNumber): string {
  return partsText(object, ['metadata', 'status'], part) + partsText({ annotations: object.metadata.annotations, labels: object.metadata.labels }, [], part)
}

function settledText(object: KubeObject, part: PartNumber): string {
  return object.kind === 'Rollout' ? rolloutText(object as Rollout, part) : visibleText(object, part) + partsText({ status: object['status'] }, [], part)
}

function partsText(parts: Readonly<Record<string, unknown>>, without: readonly string[], part: PartNumber): string {
  let text = ''
  for (const key of sortedKeys(parts)) {
    const value = parts[key]
    if (value !== undefined && !without.includes(key)) text += ` ${key} ${typeof value === 'object' && value !== null ? part(value) : JSON.stringify(value)}`
  }
  return text
}

// A ReplicaSet without pods does not count: an update to its template goes the same way as one to a new template.
function replicaSetTexts(world: World, pods: Cluster['pods'], roles: ReadonlyMap<string, string>): string {
  const texts = replicaSetsOf(world).filter((rs) => rs.spec.replicas > 0 || createdOf(rs) > 0).map((rs) => {
    const delayed = rs.metadata.annotations?.[SCALE_DOWN_DEADLINE] === undefined ? '' : 'delayed'
    return `${roles.get(hashOf(rs)) ?? ''} ${rs.spec.replicas} ${createdOf(rs)} ${availableOf(rs)} ${delayed} ${JSON.stringify(pods.get(imageOf(rs)) ?? '')}`
  })
  return texts.sort().join('\n')
}

function rolloutText(rollout: Rollout, part: PartNumber): string {
  const { conditions, pauseConditions, abortedAt: _, observedGeneration: __, restartedAt: ___, message: ____, ...status } = rollout.status
  const pauses = (pauseConditions ?? []).map(({ reason }) => reason)
  const told = (conditions ?? []).map(({ type, status: is, reason }) => `${type} ${is} ${reason}`).sort()
  const { strategy, replicas, paused } = rollout.spec
  return `${partsText({ strategy, replicas, paused: paused === true, status }, [], part)} ${JSON.stringify([pauses, told])}`
}

// All that the names are made of.
function namesKey(world: World, { status, spec }: Rollout): string {
  const own = `${status?.stableRS} ${status?.currentPodHash} ${spec.template?.spec?.containers?.[0]?.image}`
  return replicaSetsOf(world).reduce((key, rs) => `${key} ${hashOf(rs)}`, own)
}

// The hashes by what their ReplicaSets are to the Rollout, then the images.
function namesIn(world: World, { status, spec }: Rollout, images: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  if (status?.stableRS !== undefined) names.set(status.stableRS, 'hash of stable')
  if (status?.currentPodHash !== undefined && !names.has(status.currentPodHash)) names.set(status.currentPodHash, 'hash of canary')
  for (const rs of replicaSetsOf(world)) if (hashOf(rs) !== '' && !names.has(hashOf(rs))) names.set(hashOf(rs), 'hash of other')
  const current = spec.template?.spec?.containers?.[0]?.image
  for (const image of images) names.set(image, image === current ? 'current image' : 'other image')
  return names
}

function renamerOf(names: ReadonlyMap<string, string>): (text: string) => string {
  if (names.size === 0) return (text) => text
  const pattern = new RegExp(`"(${[...names.keys()].map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})"|"rollout.argoproj.io/revision":"\\d+"`, 'g')
  return (text) => text.replace(pattern, (found, name: string | undefined) => (name === undefined ? 'revision' : JSON.stringify(names.get(name) ?? found)))
}
