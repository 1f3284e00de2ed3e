import { jsonEqual } from '@rollsync/manifests'
import { compareTyped } from './compare.ts'
import { difference, emptySet, type FieldSet, intersection, isEmptySet, recursiveDifference, setOf, union, withNamedFields } from './field-set.ts'
import { mergeTyped } from './merge.ts'
import { reconcileFieldSet } from './reconcile.ts'
import { removeItems } from './remove.ts'
import { toFieldSet } from './to-field-set.ts'
import { type MergeDialect, StructuredMergeError, type TypedValue } from './typed-value.ts'

/** Who owns which fields, by manager key. */
export type Owners = ReadonlyMap<string, FieldSet>

export interface Applied { readonly object: TypedValue; readonly owners: Owners; readonly changed: 'yes' | 'no' }

/** merge.Updater.Apply with force: `config` of `manager` laid over live; what the manager owned before and no longer names goes, unless another one owns it. */
export function applyTyped(live: TypedValue, config: TypedValue, owners: Owners, manager: string, dialect: MergeDialect): Applied {
  const reconciled = new Map([...owners].map(([key, set]) => [key, reconcileFieldSet(set, live.shape)]))
  const last = reconciled.get(manager)
  const merged = saying('failed to merge config', () => mergeTyped(live, config, dialect))
  reconciled.set(manager, toFieldSet(config, dialect))
  const object = last === undefined || isEmptySet(last) ? merged : prune(merged, reconciled, last, dialect)
  return { object, owners: takeOver(live, object, reconciled, manager, dialect), changed: jsonEqual(live.value, object.value) ? 'no' : 'yes' }
}

/** merge.Updater.Update, as far as owners go: the manager owns what it added or changed. */
export function updateOwners(live: TypedValue, changed: TypedValue, owners: Owners, manager: string, dialect: MergeDialect): Owners {
  const compared = compareTyped(live, changed, dialect)
  const result = new Map(takeOver(live, changed, new Map(owners), manager, dialect))
  const mine = union(union(difference(result.get(manager) ?? emptySet, compared.removed), compared.modified), compared.added)
  if (isEmptySet(mine)) result.delete(manager)
  else result.set(manager, mine)
  return result
}

// update.go:58 update: the others lose what has been changed or added, and everybody but the manager what has been removed
function takeOver(live: TypedValue, object: TypedValue, owners: Owners, manager: string, dialect: MergeDialect): Owners {
  const compared = saying('failed to compare objects', () => compareTyped(live, object, dialect))
  const touched = union(compared.modified, compared.added)
  const result = new Map<string, FieldSet>()
  for (const [key, set] of owners) {
    const rest = key === manager ? set : difference(difference(set, intersection(set, touched)), compared.removed)
    if (!isEmptySet(rest)) result.set(key, rest)
  }
  return result
}

// update.go:208 prune
function prune(merged: TypedValue, owners: Owners, last: FieldSet, dialect: MergeDialect): TypedValue {
  const { shape } = merged
  const named = (set: FieldSet): FieldSet => withNamedFields(set, shape)
  const mergedSet = named(toFieldSet(merged, dialect))
  let pruned = removeItems(merged, named(last), dialect)
  const managed = [...owners.values()].reduce(union, emptySet)
  const kept = union(named(toFieldSet(pruned, dialect)), named(managed))
  pruned = removeItems(merged, difference(mergedSet, kept), dialect)
  const gone = difference(mergedSet, named(toFieldSet(pruned, dialect)))
  return removeItems(merged, intersection(gone, named(last)), dialect)
}

/** Runs a step; what it refuses is told with what failed in front, as Go wraps its errors. */
export function saying<T>(failure: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw error instanceof StructuredMergeError ? new StructuredMergeError(`${failure}: ${error.message}`) : error
  }
}

/** Takes paths out of a manager's set, with all below them where `below` says so. */
export function withoutPaths(set: FieldSet, paths: readonly (readonly string[])[], belowThem: 'with' | 'without'): FieldSet {
  const stripped = setOf(paths.map((path) => path.map((name) => `f:${name}`)))
  return belowThem === 'with' ? recursiveDifference(set, stripped) : difference(set, stripped)
}

