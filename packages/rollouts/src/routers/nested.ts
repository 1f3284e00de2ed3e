import { isMap } from '@rollsync/manifests'

import { fail } from '../controller-failure.ts'

export type Json = Readonly<Record<string, unknown>>

/** apimachinery unstructured.NestedSlice: undefined where a key is missing; fails with its words where the value is something else. */
export function nestedList(object: Json, ...path: readonly string[]): readonly unknown[] | undefined {
  const value = nested(object, path)
  return value === undefined || Array.isArray(value) ? value as readonly unknown[] | undefined : wrongType(path, value, '[]interface{}')
}

/** unstructured.NestedMap */
export function nestedMap(object: Json, ...path: readonly string[]): Json | undefined {
  const value = nested(object, path)
  return value === undefined || isMap(value) ? value : wrongType(path, value, 'map[string]interface{}')
}

/** unstructured.NestedString */
export function nestedText(object: Json, ...path: readonly string[]): string | undefined {
  const value = nested(object, path)
  return value === undefined || typeof value === 'string' ? value : wrongType(path, value, 'string')
}

function nested(object: Json, path: readonly string[]): unknown {
  let value: unknown = object
  for (const [index, key] of path.entries()) {
    if (!isMap(value)) return wrongType(path.slice(0, index), value, 'map[string]interface{}')
    if (!Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

function wrongType(path: readonly string[], value: unknown, wanted: string): never {
  return fail(`.${path.join('.')} accessor error: ${typeof value === 'object' ? JSON.stringify(value) : String(value)} is of the type ${goTypeOf(value)}, expected ${wanted}`)
}

function goTypeOf(value: unknown): string {
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'map[string]interface {}'
}

/** The object with another value at a path of keys; missing maps are made. */
export function withNested<T extends Json>(object: T, path: readonly string[], value: unknown): T {
  const [key, ...rest] = path
  if (key === undefined) return object
  const old = Object.hasOwn(object, key) ? object[key] : undefined
  const inner = rest.length === 0 ? value : withNested(isMap(old) ? old : {}, rest, value)
  return Object.fromEntries([...Object.entries(object).filter(([other]) => other !== key), [key, inner]]) as T
}
