/** A JSON object under construction or inspection; only own keys count. */
export type JsonMap = Record<string, unknown>

export function isJsonMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Sets an own key, `__proto__` too. */
export function put(map: JsonMap, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
  else map[key] = value
}

/** Reads an own key; undefined where the map does not hold it. */
export function own(map: JsonMap, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined
}

/** The text under a key; '' where there is none, or something else. */
export function textAt(map: JsonMap, key: string): string {
  const value = own(map, key)
  return typeof value === 'string' ? value : ''
}

/** The text along a path of keys; '' where there is none. */
export function nestedText(value: unknown, path: readonly string[]): string {
  const found = nested(value, path)
  return typeof found === 'string' ? found : ''
}

export function copyJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyJson) as T
  if (!isJsonMap(value)) return value
  const result: JsonMap = {}
  for (const key of Object.keys(value)) put(result, key, copyJson(value[key]))
  return result as T
}

/** The value along a path of keys, or undefined. */
export function nested(value: unknown, path: readonly string[]): unknown {
  for (const key of path) {
    if (!isJsonMap(value)) return undefined
    value = own(value, key)
  }
  return value
}

/** The map with the key at `path` taken out; the maps on the way are copied, and stay even when they become empty. */
export function without(map: JsonMap, path: readonly string[]): JsonMap {
  const [key, ...rest] = path as [string, ...string[]]
  if (!Object.hasOwn(map, key)) return map
  if (rest.length === 0) {
    const result: JsonMap = {}
    for (const other of Object.keys(map)) if (other !== key) put(result, other, map[other])
    return result
  }
  const inner = map[key]
  if (!isJsonMap(inner)) return map
  const changed = without(inner, rest)
  return changed === inner ? map : withKey(map, key, changed)
}

export function withKey(map: JsonMap, key: string, value: unknown): JsonMap {
  const result: JsonMap = { ...map }
  put(result, key, value)
  return result
}
