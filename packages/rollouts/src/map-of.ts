/** `Object.fromEntries` of a list, several times as fast: the engine leaves its fast path for every entry there. */
export function mapOf<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  const map: Record<string, Value> = {}
  for (const [key, value] of entries) {
    if (key === '__proto__') Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
    else map[key] = value
  }
  return map
}
