import { ApplyError, stored } from './apply.ts'
import { stripMeta, withManagedFields, withoutManagedFields } from './field-manager.ts'
import { type JsonMap, nested, nestedText, textAt } from './json-map.ts'
import { argocdApplier, managerKey, ownersOf } from './managers.ts'
import { type CustomSchemas, shapeOfObject } from './object-shape.ts'
import type { Shape } from './schema.ts'
import { gvkText } from './structured-merge-diff.ts'
import { serverDialect } from './structured/dialect.ts'
import type { FieldSet } from './structured/field-set.ts'
import { StructuredMergeError, type TypedValue } from './structured/typed-value.ts'
import { applyTyped, type Owners, saying, updateOwners } from './structured/update.ts'
import { asTyped, type Duplicates } from './structured/validate.ts'

/** The API server's field manager on an apply of argocd-controller with force-conflicts. Throws ApplyError with the server's text. */
export function applyServerSide(target: JsonMap, live: JsonMap | null, schemas: CustomSchemas): JsonMap {
  // a kind without schema is deduced: every list atomic
  const shape: Shape = shapeOfObject(target, schemas) ?? { is: 'any' }
  const current = live ?? { apiVersion: target['apiVersion'], kind: target['kind'] }
  try {
    const owners = live ? firstOwners(live, shape) : new Map<string, FieldSet>()
    // structuredmerge.go Apply
    if (Array.isArray(nested(target, ['metadata', 'managedFields']))) throw new ApplyError('metadata.managedFields must be nil')
    const config = typed(target, shape, 'refused', 'failed to create typed patch object')
    const before = typed(current, shape, 'allowed', 'failed to create typed live object')
    const applied = applyTyped(before, config, owners, argocdApplier, serverDialect)
    const apiVersion = textAt(target, 'apiVersion')
    return withManagedFields(stored(withoutManagedFields((applied.object.value ?? {}) as JsonMap)), stripMeta(applied.owners, argocdApplier), apiVersion)
  } catch (error) {
    if (error instanceof StructuredMergeError) throw new ApplyError(error.message)
    throw error
  }
}

function typed(object: JsonMap, shape: Shape, duplicates: Duplicates, failure: string, ending = ''): TypedValue {
  return saying(`${failure} (${nameText(object)})${ending}`, () => asTyped(object, shape, duplicates, serverDialect))
}

// structuredmerge.go objectGVKNN
function nameText(object: JsonMap): string {
  const text = (key: string): string => nestedText(object, ['metadata', key])
  return `${text('namespace')}/${text('name')}; ${gvkText(object)}`
}

/** skipnonapplied.go: what is there before the first apply belongs to before-first-apply. */
function firstOwners(live: JsonMap, shape: Shape): Owners {
  const owners = ownersOf(live)
  if (owners.size > 0) return owners
  const manager = managerKey('before-first-apply', 'Update', textAt(live, 'apiVersion'), '')
  const found = typed(live, shape, 'allowed', 'failed to create manager for existing fields: failed to convert new object', ' to smd typed')
  return stripMeta(updateOwners({ value: { apiVersion: live['apiVersion'], kind: live['kind'] }, shape }, found, new Map(), manager, serverDialect), manager)
}
