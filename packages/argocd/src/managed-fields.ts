import { groupOf } from '@rollsync/manifests'
import type { CompiledRules } from './compile-rules.ts'
import { globMatches } from './glob.ts'
import { type JsonMap, nested, own } from './json-map.ts'
import { managedEntries } from './managers.ts'
import { shapeOfObject } from './object-shape.ts'
import { compareTyped } from './structured/compare.ts'
import { intersection, isEmptySet } from './structured/field-set.ts'
import { removeItems } from './structured/remove.ts'
import { dialectOf } from './structured/dialect.ts'
import { StructuredMergeError, type TypedValue } from './structured/typed-value.ts'
import { asTyped } from './structured/validate.ts'

/** The Go code of an old version panics here: the controller gives no answer. */
export class PanicError extends Error {}

export const nilPointer = 'panic: runtime error: invalid memory address or nil pointer dereference'

export interface ManagedSides { readonly live: JsonMap | null; readonly target: JsonMap | null; readonly swallowed: readonly string[] }

/** diff.go:437 and managed_fields.go Normalize: fields that a trusted manager owns and that differ go from both sides. */
export function normalizeManagers(live: JsonMap | null, target: JsonMap | null, rules: CompiledRules): ManagedSides {
  if (!live || !target) return { live, target, swallowed: [] }
  const managers = trustedManagers(target, rules)
  if (managers.length === 0) return { live, target, swallowed: [] }
  const known = shapeOfObject(target, rules.schemas)
  // before 3.x a kind without schema is a typed nil that is taken for a schema
  if (!known && rules.profile.era !== '3') throw new PanicError(nilPointer)
  const dialect = dialectOf(rules.profile)
  let sides: { live: TypedValue; target: TypedValue }
  let modified
  try {
    const shape = known ?? { is: 'any' }
    sides = { live: typed('typedLive', live), target: typed('typedConfig', target) }
    modified = compareTyped(sides.live, sides.target, dialect).modified

    function typed(name: string, object: JsonMap): TypedValue {
      try {
        return asTyped(object, shape, 'refused', dialect)
      } catch (error) {
        throw error instanceof StructuredMergeError ? new StructuredMergeError(`error creating ${name}: ${error.message}`) : error
      }
    }
  } catch (error) {
    if (error instanceof StructuredMergeError) return { live, target, swallowed: [`error building typed results: ${error.message}`] }
    throw error
  }
  for (const entry of managedEntries(live)) {
    if (!managers.includes(entry.manager)) continue
    const owned = intersection(entry.set, modified)
    if (!isEmptySet(owned)) sides = { live: removeItems(sides.live, owned, dialect), target: removeItems(sides.target, owned, dialect) }
  }
  return { live: sides.live.value as JsonMap, target: sides.target.value as JsonMap, swallowed: [] }
}

// ignore.go:46: an override counts only under its exact group/kind or */*, so that those of core kinds never do
function trustedManagers(target: JsonMap, rules: CompiledRules): string[] {
  const group = groupOf(String(own(target, 'apiVersion') ?? ''))
  const kind = String(own(target, 'kind') ?? '')
  const ofSettings = [`${group}/${kind}`, '*/*'].flatMap((key) => rules.settings.overrides.get(key)?.managedFieldsManagers ?? [])
  const ofRules = rules.ignoreDifferences.filter((rule) => globMatches(rule.group ?? '', group) && globMatches(rule.kind, kind)
    && (!rule.name || rule.name === nested(target, ['metadata', 'name'])) && (!rule.namespace || rule.namespace === nested(target, ['metadata', 'namespace'])))
  return [...new Set([...ofSettings, ...ofRules.flatMap((rule) => rule.managedFieldsManagers ?? [])])]
}
