import { isMap, type KubeObject, valueAt } from '@rollsync/manifests'
import type { FieldPath } from '../derive/object-kind.ts'

/** Who last wrote a field, as metadata.managedFields of a live object says. */
export interface FieldOwner {
  readonly manager: string
  readonly operation: string
  readonly subresource: string
  readonly time: string
}

/** Every manager that owns the field or the list around it, the last one first. Empty where managedFields were left out, as `kubectl get` does without --show-managed-fields. */
export function ownersOf(live: KubeObject, path: FieldPath): readonly FieldOwner[] {
  const entries = valueAt(live, '/metadata/managedFields')
  const found = (Array.isArray(entries) ? entries : []).filter(isMap).filter((entry) => owns(entry['fieldsV1'], path, live))
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return found.map((entry) => ({ manager: text(entry['manager']), operation: text(entry['operation']), subresource: text(entry['subresource']), time: text(entry['time']) }))
    .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
}

/** Fields are `f:name`, list items `k:{"key":"value"}`; what has no further fields is owned as a whole. */
function owns(fields: unknown, path: FieldPath, value: unknown): boolean {
  const [token, ...rest] = path
  if (!isMap(fields)) return false
  if (token === undefined) return true
  if (Object.keys(fields).length === 0) return true
  if (typeof token === 'string') {
    const key = `f:${token}`
    return Object.hasOwn(fields, key) && owns(fields[key], rest, isMap(value) && Object.hasOwn(value, token) ? value[token] : undefined)
  }
  const item: unknown = Array.isArray(value) ? value[token] : undefined
  return Object.entries(fields).some(([key, inner]) => key.startsWith('k:') && isKeyOf(key.slice(2), item) && owns(inner, rest, item))
}

function isKeyOf(text: string, item: unknown): boolean {
  try {
    const key: unknown = JSON.parse(text)
    return isMap(key) && isMap(item) && Object.entries(key).every(([name, value]) => item[name] === value)
  } catch {
    return false
  }
}
