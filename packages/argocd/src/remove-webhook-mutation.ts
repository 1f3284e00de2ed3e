import type { CompiledRules } from './compile-rules.ts'
import { type JsonMap, nestedText, textAt } from './json-map.ts'
import { nilPointer, PanicError } from './managed-fields.ts'
import { argocdManager, managedEntries } from './managers.ts'
import { shapeOfObject } from './object-shape.ts'
import type { Shape } from './schema.ts'
import { gvkText } from './structured-merge-diff.ts'
import { compareTyped } from './structured/compare.ts'
import { dialectOf } from './structured/dialect.ts'
import { extractItems } from './structured/extract.ts'
import { below, difference, emptySet, type FieldSet, isEmptySet, type Path, pathsOf, setOf, union } from './structured/field-set.ts'
import { mergeTyped } from './structured/merge.ts'
import { keysOf } from './structured/path-element.ts'
import { removeItems } from './structured/remove.ts'
import { toFieldSet } from './structured/to-field-set.ts'
import { type MergeDialect, StructuredMergeError, type TypedValue } from './structured/typed-value.ts'
import { saying } from './structured/update.ts'
import { asTyped } from './structured/validate.ts'

/** diff.go removeWebhookMutation: what argocd-controller does not manage is taken from live again. Throws StructuredMergeError. */
export function removeWebhookMutation(predicted: JsonMap, live: JsonMap, rules: CompiledRules): JsonMap {
  const entries = managedEntries(predicted)
  const name = `${textAt(predicted, 'kind')}/${nestedText(predicted, ['metadata', 'name'])}`
  if (entries.length === 0) throw new StructuredMergeError(`predictedLive for resource ${name} must have the managedFields`)
  const shape = shapeOfObject(predicted, rules.schemas)
  if (!shape) {
    if (rules.profile.era === '2.10') throw new PanicError(nilPointer)
    throw new StructuredMergeError(`unable to resolve parseableType for GroupVersionKind: ${gvkText(predicted)}`)
  }
  const dialect: MergeDialect = { ...dialectOf(rules.profile), keyDefaults: 'unknown' }
  const sides = { predicted: checked(predicted, shape, 'predicted live', dialect), live: checked(live, shape, 'live', dialect) }
  if (rules.profile.era === '2.10') return revertUnowned(sides, entries.map((entry) => entry.set), dialect)
  const managed = entries.filter((entry) => entry.manager === argocdManager).map((entry) => entry.set).reduce(union, emptySet)
  if (isEmptySet(managed)) throw new StructuredMergeError(`no managed fields found for manager: ${argocdManager}`)
  return keepManaged(sides, managed, rules, dialect)
}

function checked(object: JsonMap, shape: Shape, side: string, dialect: MergeDialect): TypedValue {
  return saying(`error converting ${side} state from unstructured to ${gvkText(object)}`, () => asTyped(object, shape, 'refused', dialect))
}

interface TypedSides { readonly predicted: TypedValue; readonly live: TypedValue }

function keepManaged({ predicted, live }: TypedSides, managed: FieldSet, rules: CompiledRules, dialect: MergeDialect): JsonMap {
  let foreign = difference(toFieldSet(predicted, dialect), managed)
  if (rules.profile.ownedAncestors === 'kept') foreign = setOf(pathsOf(foreign).filter((path) => !ownsBelow(managed, path)))
  const removed = difference(saying('error comparing predicted resource to live resource', () => compareTyped(live, predicted, dialect)).removed, foreign)
  foreign = rules.profile.era === '3' ? setOf(pathsOf(foreign).filter((path) => !isCompositeKey(path))) : safelyRemovable(predicted, foreign, dialect)
  const merged = saying('error applying predicted live to live state', () => mergeTyped(live, removeItems(predicted, foreign, dialect), dialect))
  return removeItems(merged, removed, dialect).value as JsonMap
}

function ownsBelow(managed: FieldSet, path: Path): boolean {
  return !isEmptySet(path.reduce(below, managed))
}

// diff.go isCompositeKeyField: a key of the nearest list element that has several
function isCompositeKey(path: Path): boolean {
  const last = path[path.length - 1] ?? ''
  if (!last.startsWith('f:')) return false
  return path.slice(0, -1).some((element) => {
    const keys = keysOf(element)
    return keys !== undefined && Object.keys(keys).length > 1 && Object.hasOwn(keys, last.slice(2))
  })
}

// 2.14: diff.go safelyRemoveFieldsSet
function safelyRemovable(predicted: TypedValue, fields: FieldSet, dialect: MergeDialect): FieldSet {
  const fits = (set: FieldSet): boolean => {
    try {
      asTyped(removeItems(predicted, set, dialect).value, predicted.shape, 'refused', dialect)
      return true
    } catch (error) {
      if (error instanceof StructuredMergeError) return false
      throw error
    }
  }
  return fits(fields) ? fields : setOf(pathsOf(fields).filter((path) => fits(setOf([path]))))
}

// 2.10: what no manager owns is reverted
function revertUnowned({ predicted, live }: TypedSides, owned: readonly FieldSet[], dialect: MergeDialect): JsonMap {
  const all = owned.reduce(union, emptySet)
  const compared = compareTyped(live, predicted, dialect)
  let result = removeItems(predicted, difference(compared.added, all), dialect)
  for (const change of ['modified', 'removed'] as const) {
    const fields = difference(compared[change], all)
    if (isEmptySet(fields)) continue
    result = saying(`error reverting webhook ${change} fields in predicted live resource`, () => mergeTyped(result, extractItems(live, fields, dialect), dialect))
  }
  return result.value as JsonMap
}
