import type { JsonMap } from './json-map.ts'
import { ApplyError } from './apply.ts'

export function applyServerSide(_target: JsonMap, _live: JsonMap | null): JsonMap {
  throw new ApplyError('not yet')
}
