import type { CompiledRules } from './compile-rules.ts'
import type { JsonMap } from './json-map.ts'

/** The Go code of an old version panics here: the controller gives no answer. */
export class PanicError extends Error {}

export interface ManagedSides { readonly live: JsonMap | null; readonly target: JsonMap | null; readonly swallowed: readonly string[] }

export function normalizeManagers(live: JsonMap | null, target: JsonMap | null, _rules: CompiledRules): ManagedSides {
  return { live, target, swallowed: [] }
}
