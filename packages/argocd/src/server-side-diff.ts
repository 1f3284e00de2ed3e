import type { CompareOptions, Prepare } from './compare.ts'
import type { JsonMap } from './json-map.ts'
import type { Steps } from './settle.ts'
import { DiffError, type Sides } from './three-way.ts'

// eslint-disable-next-line require-yield
export function* serverSideDiff(_config: JsonMap | null, _live: JsonMap | null, _prepare: Prepare, _options: CompareOptions): Steps<Sides> {
  throw new DiffError('not yet')
}
