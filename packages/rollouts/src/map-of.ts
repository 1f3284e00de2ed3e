/** `Object.fromEntries` of a list, several times as fast: the engine leaves its fast path for every entry there. */
export function mapOf<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  const map: Record<string, Value> = {}
  for (const [key, value] of entries) {
    if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
    else map[key] = value
  }
  return map
}

/** The keys of a map by UTF-16 units, which for keys is Go's order by bytes. Most are in order already, and sorting copies. */
export function sortedKeys(map: object): readonly string[] {
  const keys = Object.keys(map)
  return keys.every((key, i) => i === 0 || (keys[i - 1] as string) < key) ? keys : keys.sort()
}
