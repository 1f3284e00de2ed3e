import { refKey, type ResourceRef } from '@rollsync/manifests'

import { secondsOf } from '../clock.ts'
import { type Cluster, emptyCluster } from '../cluster.ts'
import type { Event } from '../event.ts'
import { deploy } from '../git.ts'
import { notesOf } from '../notes.ts'
import { imageName, nextImage } from '../image-names.ts'
import { placeOf } from '../place.ts'
import type { RolloutsProfile } from '../profile.ts'
import type { Rollout } from '../rollout.ts'
import { RolloutsError } from '../rollouts-error.ts'
import { seenFrom } from '../seen-from.ts'
import { DEPLOYED_AT, momentsOf, runEvent } from '../simulate.ts'
import type { State } from '../state.ts'
import type { World } from '../world.ts'
import { keysFor } from './keys.ts'
import { imageNamedBy, type Images, movesFrom } from './moves.ts'
import { neighbourhood } from './neighbourhood.ts'

/** A state and the shortest story to it: `simulate(world, { events: story })` leads there. `passing` is one that the controllers leave by themselves, after a sync or in a cycle. */
export interface ExploredState {
  readonly story: readonly Event[]
  readonly state: State
  readonly seen: 'resting' | 'passing'
}

export interface Exploration {
  readonly rollout: ResourceRef
  readonly profile: RolloutsProfile
  /** In the order found: shorter stories first. */
  readonly states: readonly ExploredState[]
  /** How many events were tried. */
  readonly tried: number
  /** The bound that cut the exploration, where one did. */
  readonly cut?: 'moments' | 'turns'
  readonly bound: Bound
}

/** How far to look: `moments` is the most events tried, `turns` the most departures from an update that goes well in one story. */
export interface Bound {
  readonly moments: number
  readonly turns: number
}

export const DEFAULT_BOUND: Bound = { moments: 3000, turns: 1 }

interface Node { readonly cluster: Cluster; readonly story: readonly Event[]; readonly turns: number }

/**
 * Every distinct state, by what Argo CD can see, that a Rollout can lead to without being told any event, each with the shortest story. `world` is what Git holds. Deterministic;
 * says where the bound cut it. Throws `no-rollout` where the world does not hold the Rollout.
 */
export function explore(world: World, rollout: ResourceRef, profile: RolloutsProfile, bound: Bound = DEFAULT_BOUND): Exploration {
  const subject = world.get(refKey(rollout)) as Rollout | undefined
  if (subject === undefined) throw new RolloutsError('no-rollout', `no Rollout ${rollout.name} in this world`)
  const images = imagesFor(subject, world)
  const found = new Map<string, ExploredState>()
  const expanded = new Map<string, number>()
  const keys = keysFor(images)
  const keyOf = (state: State): string => keys.ofState(state, state.world.get(refKey(rollout)) as Rollout | undefined)
  let tried = 0
  let cut: Exploration['cut']
  const visit = (cluster: Cluster, story: readonly Event[], turns: number, extra: Parameters<typeof momentsOf>[2]): Node => {
    const moments = momentsOf(cluster, story.length, extra)
    for (const { state: told, passed } of moments.states) {
      const state = seenFrom(told, rollout)
      for (const one of passed) remember(found, { story, state: passingState(state, one, rollout), seen: 'passing' }, keyOf)
      remember(found, { story, state, seen: 'resting' }, keyOf)
    }
    return { cluster: moments.cluster, story, turns }
  }
  const deployed = deploy(emptyCluster(profile, secondsOf(DEPLOYED_AT)), [...neighbourhood(world, subject).values()])
  const first = 'cluster' in deployed ? deployed.cluster : emptyCluster(profile, secondsOf(DEPLOYED_AT))
  const queue: Node[] = [visit(first, [], 0, { refused: 'refused' in deployed ? deployed.refused : undefined })]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const live = next.cluster.world.get(refKey(rollout)) as Rollout | undefined
    if (live === undefined) continue
    const key = keys.ofBehaviour(next.cluster, live)
    if ((expanded.get(key) ?? Infinity) <= next.turns) continue
    expanded.set(key, next.turns)
    for (const { event, kind } of movesFrom(next.cluster, live, images)) {
      const turns = next.turns + (kind === 'turn' ? 1 : 0)
      if (turns > bound.turns) { cut ??= 'turns'; continue }
      if (tried >= bound.moments) { cut = 'moments'; break }
      tried++
      const ran = runEvent(next.cluster, event)
      queue.push(visit(ran.cluster, [...next.story, event], turns, { refused: ran.refused, early: ran.early }))
    }
  }
  return { rollout, profile, states: [...found.values()], tried, bound, ...(cut === undefined ? {} : { cut }) }
}

// What Argo CD sees between two syncs.
function passingState({ moment: { event, clock, pods }, writes, errors }: State, world: World, rollout: ResourceRef): State {
  const passing = { moment: { event, clock, pods, ...placeOf(world.get(refKey(rollout))) }, world, writes, settled: false, errors }
  return { ...passing, notes: notesOf(passing, []) }
}

function remember(found: Map<string, ExploredState>, explored: ExploredState, keyOf: (state: State) => string): void {
  const key = keyOf(explored.state)
  const known = found.get(key)
  // A state at rest says more than the same one in passing.
  if (known === undefined || (known.seen === 'passing' && explored.seen === 'resting')) found.set(key, explored)
}

function imagesFor(rollout: Rollout, world: World): Images {
  const image = imageNamedBy(rollout, world)
  return [image, nextImage(image), `${imageName(image)}:later`]
}
