import { groupOf } from '@rollsync/manifests'
import type { CompiledRules } from './compile-rules.ts'
import { globMatches } from './glob.ts'
import { type JsonMap, nested, textAt } from './json-map.ts'
import { managedEntries } from './managers.ts'
import { shapeOfObject } from './object-shape.ts'
import type { Shape } from './schema.ts'
import { compareTyped } from './structured/compare.ts'
import { type FieldSet, intersection, isEmptySet } from './structured/field-set.ts'
import { removeItems } from './structured/remove.ts'
import { dialectOf } from './structured/dialect.ts'
import { type MergeDialect, StructuredMergeError, type TypedValue } from './structured/typed-value.ts'
import { saying } from './structured/update.ts'
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
  const typed = typedSides(live, target, known ?? { is: 'any' }, dialect)
  if ('error' in typed) return { live, target, swallowed: [typed.error] }
  let sides = typed
  for (const entry of managedEntries(live)) {
    if (!managers.includes(entry.manager)) continue
    const owned = intersection(entry.set, typed.modified)
    if (!isEmptySet(owned)) sides = { ...sides, live: removeItems(sides.live, owned, dialect), target: removeItems(sides.target, owned, dialect) }
  }
  return { live: sides.live.value as JsonMap, target: sides.target.value as JsonMap, swallowed: [] }
}

interface TypedSides { readonly live: TypedValue; readonly target: TypedValue; readonly modified: FieldSet }

// managed_fields.go newTypedResults: an error is only logged
function typedSides(live: JsonMap, target: JsonMap, shape: Shape, dialect: MergeDialect): TypedSides | { readonly error: string } {
  try {
    return saying('error building typed results', () => {
      const sides = {
        live: saying('error creating typedLive', () => asTyped(live, shape, 'refused', dialect)),
        target: saying('error creating typedConfig', () => asTyped(target, shape, 'refused', dialect)),
      }
      return { ...sides, modified: saying('error comparing typed resources', () => compareTyped(sides.live, sides.target, dialect)).modified }
    })
  } catch (error) {
    if (error instanceof StructuredMergeError) return { error: error.message }
    throw error
  }
}

// ignore.go:46: an override counts only under its exact group/kind or */*, so that those of core kinds never do
function trustedManagers(target: JsonMap, rules: CompiledRules): string[] {
  const group = groupOf(textAt(target, 'apiVersion'))
  const kind = textAt(target, 'kind')
  const ofSettings = [`${group}/${kind}`, '*/*'].flatMap((key) => rules.settings.overrides.get(key)?.managedFieldsManagers ?? [])
  const ofRules = rules.ignoreDifferences.filter((rule) => globMatches(rule.group ?? '', group) && globMatches(rule.kind, kind)
    && (!rule.name || rule.name === nested(target, ['metadata', 'name'])) && (!rule.namespace || rule.namespace === nested(target, ['metadata', 'namespace'])))
  return [...new Set([...ofSettings, ...ofRules.flatMap((rule) => rule.managedFieldsManagers ?? [])])]
}
