import type { Moment } from './moment.ts'
import type { RolloutsProfile } from './profile.ts'
import type { Quirk } from './quirk.ts'
import type { World } from './world.ts'
import type { SyncFailure, Write } from './write.ts'

/** The state comes back, for ever: the writes of one turn, from the barest state on, and the worlds after each round of it; the last one is the barest again. */
export interface Cycle {
  readonly writes: readonly Write[]
  readonly worlds: readonly World[]
}

/** What the cluster looks like at one moment, and what was written to get there. Argo CD may look at it then. */
export interface State {
  readonly moment: Moment
  readonly world: World
  /** All writes until it settled, in order; status writes of the Rollout are among them with `subresource: 'status'`. */
  readonly writes: readonly Write[]
  readonly settled: boolean
  /** What syncs returned or panicked with, each once. */
  readonly errors: readonly SyncFailure[]
  /** The event was refused with this text; the world is unchanged by it. */
  readonly refused?: string
  /** What each further round repeats although nothing changes in the end: a hot loop. */
  readonly everySync?: readonly Write[]
  readonly cycle?: Cycle
  /** Only conditions of the Rollout's status go back and forth. */
  readonly statusLoop?: true
  readonly notes: readonly Quirk[]
}

export interface Timeline {
  readonly profile: RolloutsProfile
  readonly states: readonly State[]
}
