import { jsonEqual } from './json-equal.ts'

type JsonMap = Readonly<Record<string, unknown>>

/** A JSON object that is no list and no null. */
export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Applies a JSON merge patch (RFC 7386): maps merge by key, null removes, everything else, lists too, is replaced. Neither input changes. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch
  const result = new Map(Object.entries(isMap(target) ? target : {}))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key)
    else result.set(key, applyMergePatch(result.get(key), value))
  }
  return Object.fromEntries(result)
}

/** The merge patch (RFC 7386) that turns `from` into `to`; `{}` where they are equal. A null inside `to` cannot be expressed and reads as a removal. */
export function createMergePatch(from: JsonMap, to: JsonMap): JsonMap {
  const patch: [string, unknown][] = []
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patch.push([key, null])
  for (const [key, value] of Object.entries(to)) {
    const old = Object.hasOwn(from, key) ? from[key] : undefined
    if (old === value && value !== undefined) continue
    if (isMap(old) && isMap(value)) {
      const inner = createMergePatch(old, value)
      if (Object.keys(inner).length > 0) patch.push([key, inner])
    } else if (!jsonEqual(old, value)) patch.push([key, value])
  }
  return Object.fromEntries(patch)
}
