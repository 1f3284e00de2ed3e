import type { JsonMap } from './json-map.ts'
import type { ArgocdProfile } from './profile.ts'
import { DiffError, type Sides } from './three-way.ts'

export function structuredMergeDiff(_config: JsonMap | null, _live: JsonMap | null, _profile: ArgocdProfile): Sides {
  throw new DiffError('not yet')
}
