import { groupOf, type KubeObject } from '@rollsync/manifests'
import { decodeErrorText } from './go-decode-error.ts'
import { canonicalQuantity, quantityError } from './quantity.ts'
import { GoDecodeError, throughGo } from './go-json.ts'
import { isJsonMap, type JsonMap, own, withKey } from './json-map.ts'
import { builtInTypes } from './schemas.generated.ts'
import { type EmptyTimes, type StructType, typesWith } from './schema.ts'
import type { Override } from './settings.ts'

/** One field of a custom resource that is a type of Kubernetes' own, and is written in its form before a comparison. */
export interface KnownTypeField { readonly path: readonly string[]; readonly type: string }

const podSpec: KnownTypeField = { path: ['spec', 'template', 'spec'], type: 'core/v1/PodSpec' }

/** knowntypes_normalizer.go: fields by `group/kind`; a Rollout's pod spec is built in unless the settings name other fields for it. */
export function knownTypeFields(overrides: ReadonlyMap<string, Override>): ReadonlyMap<string, readonly KnownTypeField[]> {
  const fields = new Map<string, KnownTypeField[]>()
  for (const [key, override] of overrides) {
    const groupKind = key.includes('/') ? key : `/${key}`
    for (const { field, type } of override.knownTypeFields) {
      if (isKnown(type)) fields.set(groupKind, [...(fields.get(groupKind) ?? []), { path: field.split('.'), type }])
    }
  }
  if (!fields.has('argoproj.io/Rollout')) fields.set('argoproj.io/Rollout', [podSpec])
  return fields
}

function isKnown(type: string): boolean {
  return type === 'core/Quantity' || type === 'meta/v1/Duration' || Object.hasOwn(builtInTypes, typeName(type))
}

function typeName(type: string): string {
  return type.replace(/\/([^/]+)$/, '.$1')
}

/**
 * A Rollout as its controller writes it back, at every new revision: the pod template's spec in Go's form, `resources: {}` in each container and canonical quantities among it. A
 * template that does not fit its type stays as it is, as the controller cannot read it, and so does an object of another kind. Seen on a real cluster: docs/truth.md.
 */
export function asRolloutsWrites(object: KubeObject): KubeObject {
  if (object.kind !== 'Rollout' || groupOf(object.apiVersion) !== 'argoproj.io') return object
  try {
    return normalizeKnownType(object as unknown as JsonMap, podSpec, 'left out') as unknown as KubeObject
  } catch (error) {
    if (error instanceof GoDecodeError) return object
    throw error
  }
}

/** The object with the field in Kubernetes' form. Throws GoDecodeError where the field does not fit its type. */
export function normalizeKnownType(object: JsonMap, field: KnownTypeField, emptyTimes: EmptyTimes): JsonMap {
  return normalizeAt(object, field.path, (value) => formOf(value, field.type, emptyTimes)) as JsonMap
}

function normalizeAt(value: unknown, path: readonly string[], form: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return form(value)
  if (!isJsonMap(value) || !Object.hasOwn(value, key)) return value
  const inner = own(value, key)
  const normal = Array.isArray(inner)
    ? inner.map((item: unknown) => (isJsonMap(item) ? normalizeAt(item, rest, form) : item))
    : normalizeAt(inner, rest, form)
  return withKey(value, key, normal)
}

function formOf(value: unknown, type: string, emptyTimes: EmptyTimes): unknown {
  if (type === 'meta/v1/Duration') return value
  if (type !== 'core/Quantity') return structForm(value, typesWith(emptyTimes)(typeName(type)).type)
  if (value === null) return '0'
  const canonical = typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(String(value)) : undefined
  if (canonical === undefined) throw new GoDecodeError(quantityError(value) ?? '')
  return canonical
}

function structForm(value: unknown, type: StructType): JsonMap {
  try {
    return throughGo(type, value, 'lax', 'zero')
  } catch (error) {
    throw error instanceof GoDecodeError ? new GoDecodeError(decodeErrorText(type, value, error.message)) : error
  }
}
