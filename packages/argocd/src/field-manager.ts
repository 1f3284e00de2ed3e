import { isJsonMap, type JsonMap, own, textAt, withKey, without } from './json-map.ts'
import { managerKey, ownersOf, writeOwners } from './managers.ts'
import { type CustomSchemas, shapeOfObject } from './object-shape.ts'
import type { Shape } from './schema.ts'
import { serverDialect } from './structured/dialect.ts'
import { type FieldSet, isEmptySet, union } from './structured/field-set.ts'
import { StructuredMergeError } from './structured/typed-value.ts'
import { type Owners, updateOwners, withoutPaths } from './structured/update.ts'
import { asTyped } from './structured/validate.ts'

const current = managerKey('current-operation', 'Update', '', '')

/**
 * The API server's field manager on a create or update: `after`, with its managedFields.
 * An object that was never tracked stays untracked; one that does not fit its schema loses them.
 */
export function writtenBy(before: JsonMap | null, after: JsonMap, manager: string, schemas: CustomSchemas): JsonMap {
  const bare = withoutManagedFields(after)
  const apiVersion = textAt(after, 'apiVersion')
  const known = before ? ownersOf(before) : new Map<string, FieldSet>()
  // skipnonapplied.go: an update of an object without managedFields starts none
  if (before && known.size === 0) return bare
  const shape: Shape = shapeOfObject(after, schemas) ?? { is: 'any' }
  const old = before ? withoutManagedFields(before) : { apiVersion, kind: own(after, 'kind') }
  try {
    const live = asTyped(old, shape, 'allowed', serverDialect)
    const owners = stripMeta(updateOwners(live, asTyped(bare, shape, 'allowed', serverDialect), known, current, serverDialect), current)
    return withManagedFields(bare, takeOver(owners, managerKey(manager, 'Update', apiVersion, '')), apiVersion)
  } catch (error) {
    if (error instanceof StructuredMergeError) return bare
    throw error
  }
}

// managedfieldsupdater.go: what the operation changed joins what its manager had
function takeOver(owners: Owners, manager: string): Owners {
  const changed = owners.get(current)
  if (!changed) return owners
  const result = new Map([...owners].filter(([key]) => key !== current))
  const before = result.get(manager)
  return result.set(manager, before ? union(before, changed) : changed)
}

const unowned: readonly (readonly string[])[] = [
  ['apiVersion'], ['kind'], ['metadata'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion'].map((key) => ['metadata', key]),
]

/** stripmeta.go: what nobody owns is taken out of the manager's set. */
export function stripMeta(owners: Owners, manager: string): Owners {
  const set = owners.get(manager)
  if (!set) return owners
  const rest = withoutPaths(set, unowned, 'without')
  const result = new Map(owners)
  if (isEmptySet(rest)) result.delete(manager)
  else result.set(manager, rest)
  return result
}

export function withoutManagedFields(object: JsonMap): JsonMap {
  return without(object, ['metadata', 'managedFields'])
}

export function withManagedFields(object: JsonMap, owners: Owners, apiVersion: string): JsonMap {
  const metadata = own(object, 'metadata')
  return owners.size === 0 ? object : withKey(object, 'metadata', withKey(isJsonMap(metadata) ? metadata : {}, 'managedFields', writeOwners(owners, apiVersion)))
}
