import { isJsonMap, type JsonMap, nested, nestedText, own } from './json-map.ts'
import { type FieldSet, readFieldSet, union, writeFieldSet } from './structured/field-set.ts'
import type { Owners } from './structured/update.ts'

/** The name under which Argo CD applies. */
export const argocdManager = 'argocd-controller'

/** managedfields BuildManagerIdentifier: appliers are told apart by name and subresource, updaters by apiVersion, too. */
export function managerKey(manager: string, operation: string, apiVersion: string, subresource: string): string {
  return JSON.stringify(operation === 'Apply' ? { manager, operation, subresource } : { manager, operation, apiVersion, subresource })
}

export const argocdApplier: string = managerKey(argocdManager, 'Apply', '', '')

interface Entry { readonly manager: string; readonly operation: string; readonly apiVersion: string; readonly subresource: string; readonly set: FieldSet }

/** The entries of metadata.managedFields that can be read. */
export function managedEntries(object: JsonMap): Entry[] {
  const list = nested(object, ['metadata', 'managedFields'])
  if (!Array.isArray(list)) return []
  return list.filter(isJsonMap).flatMap((entry) => {
    const set = readFieldSet(own(entry, 'fieldsV1') ?? {})
    const text = (key: string): string => (typeof own(entry, key) === 'string' ? (own(entry, key) as string) : '')
    return set ? [{ manager: text('manager'), operation: text('operation'), apiVersion: text('apiVersion'), subresource: text('subresource'), set }] : []
  })
}

/** managedfields.go decodeManagedFields: what is wrong with the first entry that cannot be read; undefined where all can. */
export function ownersError(object: JsonMap): string | undefined {
  const list = nested(object, ['metadata', 'managedFields'])
  if (!Array.isArray(list)) return undefined
  for (const [i, entry] of list.entries()) {
    const text = (key: string): string => nestedText(entry, [key])
    if (text('operation') !== 'Apply' && text('operation') !== 'Update') return 'operation must be `Apply` or `Update`'
    if (text('apiVersion') === '') return 'apiVersion must not be empty'
    if (text('fieldsType') === '') return `missing fieldsType in managed fields entry ${i}`
    if (text('fieldsType') !== 'FieldsV1') return `invalid fieldsType ${JSON.stringify(text('fieldsType'))} in managed fields entry ${i}`
  }
  return undefined
}

export function ownersOf(object: JsonMap): Owners {
  const owners = new Map<string, FieldSet>()
  for (const { manager, operation, apiVersion, subresource, set } of managedEntries(object)) {
    const key = managerKey(manager, operation, apiVersion, subresource)
    const before = owners.get(key)
    owners.set(key, before ? union(before, set) : set)
  }
  return owners
}

/** metadata.managedFields for these owners; times are left out, as nothing here depends on them. */
export function writeOwners(owners: Owners, apiVersion: string): JsonMap[] {
  return [...owners].map(([key, set]) => {
    const { subresource, ...entry } = { apiVersion, ...(JSON.parse(key) as { subresource: string }) }
    return { ...entry, ...(subresource === '' ? {} : { subresource }), fieldsType: 'FieldsV1', fieldsV1: writeFieldSet(set) }
  })
}
