import type { Cluster } from './cluster.ts'
import type { GitEffects } from './git.ts'
import type { StateStore } from './state-file.ts'
import type { DecisionText, Wish } from './wish.ts'

/** Everything outside of the program that a gate touches. */
export interface GateEffects extends GitEffects {
  readonly cluster: Cluster
  readonly state: StateStore
  /** Milliseconds since some start, by a clock that no one sets. */
  readonly elapsed: () => number
  /** The decision file, or undefined where there is none. */
  readonly readDecision?: () => Promise<DecisionText | undefined>
  /** What a signal asked for, if any did. */
  readonly signalled?: () => Wish['verdict'] | undefined
}
