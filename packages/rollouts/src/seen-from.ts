import { refKey, type ResourceRef } from '@rollsync/manifests'
import { placeOf } from './place.ts'
import type { State } from './state.ts'

/** A state whose moment tells where this Rollout stands; among several, `simulate` tells of the first by name. */
export function seenFrom(state: State, rollout: ResourceRef): State {
  const { event, clock, pods } = state.moment
  return { ...state, moment: { event, clock, pods, ...placeOf(state.world.get(refKey(rollout))) } }
}
