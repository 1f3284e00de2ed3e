import type { ObjectName } from './cluster.ts'
import { GateError } from './gate-error.ts'
import { type GateState, parseState, printState } from './gate-state.ts'
import type { StateStore } from './state-file.ts'

/** A state with the generation that it has in its store. */
export interface Kept {
  readonly state: GateState
  readonly generation: number
}

/** Goes on with what the store holds, deadline and all, or begins it. Throws a GateError `other-gate` where it holds another Rollout's. */
export async function openState(fresh: GateState, store: StateStore): Promise<Kept> {
  const kept = await readState(store)
  if (kept === undefined) return (await store.write(1, printState(fresh))) === 'written' ? { state: fresh, generation: 1 } : openState(fresh, store)
  if (!isSame(kept.state.rollout, fresh.rollout)) {
    throw new GateError('other-gate', `${store.name} is of Rollout ${kept.state.rollout.namespace}/${kept.state.rollout.name}`, { hint: 'each gate needs a state file of its own: one per Rollout and build' })
  }
  return kept
}

/** The newest state, or undefined where there is none. */
export async function readState(store: StateStore): Promise<Kept | undefined> {
  const found = await store.read()
  return found === undefined ? undefined : { state: parseState(found.text, store.name), generation: found.generation }
}

/** Changes the state if it is still this one; where another writer was first, its state is given and the change is dropped. */
export async function advance({ state, generation }: Kept, change: Partial<GateState>, store: StateStore): Promise<Kept> {
  const next = { ...state, ...change }
  if ((await store.write(generation + 1, printState(next))) === 'written') return { state: next, generation: generation + 1 }
  const kept = await readState(store)
  if (kept === undefined) throw new GateError('bad-state', `${store.name} is gone`, { hint: 'start the gate anew' })
  return kept
}

function isSame(a: ObjectName, b: ObjectName): boolean {
  return a.namespace === b.namespace && a.name === b.name
}
