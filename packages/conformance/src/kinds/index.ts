import type { VectorKind } from '../vector.ts'

/** Every kind of vectors that can be replayed; a new kind is one file and one line. */
export const kinds: readonly VectorKind[] = []
