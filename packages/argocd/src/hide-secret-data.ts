import { isJsonMap, type JsonMap, own, put, withKey } from './json-map.ts'
import { normalizeSecret } from './normalize-object.ts'
import type { Sides } from './three-way.ts'

/** diff.go HideSecretData: values of `data` become plus signs; equal values the same number, different ones a different number. */
export function hideSecretData(sides: Sides): Sides {
  const [live, predicted] = [sides.live && normalizeSecret(sides.live), sides.predicted && normalizeSecret(sides.predicted)]
  const masked = { live: dataOf(live), predicted: dataOf(predicted) }
  for (const key of new Set([...Object.keys(masked.predicted ?? {}), ...Object.keys(masked.live ?? {})])) {
    const placeholders = new Map<unknown, string>()
    for (const data of [masked.predicted, masked.live]) {
      if (!data || !Object.hasOwn(data, key)) continue
      const value = data[key] ?? ''
      if (!placeholders.has(value)) placeholders.set(value, '+'.repeat(8 + 4 * placeholders.size))
      put(data, key, placeholders.get(value))
    }
  }
  const withData = (secret: JsonMap | null, data: JsonMap | undefined): JsonMap | null => (secret && data ? withKey(secret, 'data', data) : secret)
  return { live: withData(live, masked.live), predicted: withData(predicted, masked.predicted) }
}

function dataOf(secret: JsonMap | null): JsonMap | undefined {
  const data = secret && own(secret, 'data')
  return isJsonMap(data) ? { ...data } : undefined
}
