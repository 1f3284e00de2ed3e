import { isJsonMap, type JsonMap, own, put } from '../json-map.ts'

/** Sets a key where Go's value is the zero value: absent, null, '', 0 or false. */
export function setIfZero(map: JsonMap, key: string, value: unknown): void {
  const before = own(map, key)
  if (before === undefined || before === null || before === '' || before === 0 || before === false) put(map, key, value)
}

/** Sets a key where Go's pointer is nil: absent or null. */
export function setIfNil(map: JsonMap, key: string, value: unknown): void {
  if (own(map, key) === undefined || own(map, key) === null) put(map, key, value)
}

/** The map under a key; an empty one is put there where there is none. */
export function ensureMap(map: JsonMap, key: string): JsonMap {
  const before = own(map, key)
  if (isJsonMap(before)) return before
  const made: JsonMap = {}
  put(map, key, made)
  return made
}

export function mapAt(map: JsonMap, ...path: readonly string[]): JsonMap | undefined {
  let value: unknown = map
  for (const key of path) value = isJsonMap(value) ? own(value, key) : undefined
  return isJsonMap(value) ? value : undefined
}

export function mapsAt(map: JsonMap | undefined, ...path: readonly string[]): JsonMap[] {
  let value: unknown = map
  for (const key of path) value = isJsonMap(value) ? own(value, key) : undefined
  return Array.isArray(value) ? value.filter(isJsonMap) : []
}
