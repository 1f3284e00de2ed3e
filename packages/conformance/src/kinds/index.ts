import type { VectorKind } from '../vector.ts'
import { argocd } from './argocd.ts'
import { gojq } from './gojq.ts'
import { lbc } from './lbc.ts'
import { rolloutsWalk } from './rollouts-walk.ts'

/** Every kind of vectors that can be replayed; a new kind is one file and one line. */
export const kinds: readonly VectorKind[] = [argocd, gojq, lbc, rolloutsWalk]
