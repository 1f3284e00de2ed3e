import type { VectorKind } from '../vector.ts'
import { lbc } from './lbc.ts'
import { rolloutsWalk } from './rollouts-walk.ts'

/** Every kind of vectors that can be replayed; a new kind is one file and one line. */
export const kinds: readonly VectorKind[] = [lbc, rolloutsWalk]
