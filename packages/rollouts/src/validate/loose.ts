import { isMap } from '@rollsync/manifests'

// Reading what no type has looked at: the wrong kind of value reads as absent, as the API server would have refused it.

export type Json = Readonly<Record<string, unknown>>

export function mapAt(value: unknown, key: string): Json | undefined {
  const inner = fieldAt(value, key)
  return isMap(inner) ? inner : undefined
}

export function listAt(value: unknown, key: string): readonly unknown[] | undefined {
  const inner = fieldAt(value, key)
  return Array.isArray(inner) ? inner : undefined
}

export function textAt(value: unknown, key: string): string {
  const inner = fieldAt(value, key)
  return typeof inner === 'string' ? inner : ''
}

export function numberAt(value: unknown, key: string): number | undefined {
  const inner = fieldAt(value, key)
  return typeof inner === 'number' ? inner : undefined
}

/** The strings of a map; other values are left out. */
export function textsAt(value: unknown, key: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(mapAt(value, key) ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

export function fieldAt(value: unknown, key: string): unknown {
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined
}
