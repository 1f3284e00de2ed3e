import { isJsonMap, type JsonMap, nested, own, withKey, without } from './json-map.ts'
import { setAnnotation } from './tracking.ts'

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration'

/** diff.go GetLastAppliedConfigAnnotation: the configuration of the last client-side apply; undefined where there is none that can be read. */
export function lastAppliedOf(live: JsonMap | null): JsonMap | undefined {
  const annotations = nested(live, ['metadata', 'annotations'])
  if (!isJsonMap(annotations) || !Object.values(annotations).every((value) => typeof value === 'string' || value === null)) return undefined
  const text = own(annotations, lastAppliedAnnotation)
  if (typeof text !== 'string') return undefined
  try {
    const object: unknown = JSON.parse(text)
    return isJsonMap(object) && typeof own(object, 'kind') === 'string' && own(object, 'kind') !== '' ? object : undefined
  } catch {
    return undefined
  }
}

/** kubectl GetModifiedConfiguration: the manifest with itself, without that annotation, as its last applied configuration. */
export function withLastApplied(manifest: JsonMap): JsonMap {
  const bare = withTexts(withoutLastApplied(manifest))
  return setAnnotation(bare, lastAppliedAnnotation, `${goJson(bare)}\n`)
}

/** unstructured GetAnnotations: null is read as an empty text, and kubectl writes all of them back. */
function withTexts(object: JsonMap): JsonMap {
  const annotations = nested(object, ['metadata', 'annotations'])
  if (!isJsonMap(annotations) || !Object.values(annotations).includes(null)) return object
  const texts = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key, value ?? '']))
  return withKey(object, 'metadata', withKey(own(object, 'metadata') as JsonMap, 'annotations', texts))
}

export function withoutLastApplied(object: JsonMap): JsonMap {
  return without(object, ['metadata', 'annotations', lastAppliedAnnotation])
}

/** encoding/json: keys sorted by bytes, `<`, `>`, `&` and the two line separators escaped. */
function goJson(value: unknown): string {
  const sorted = (map: JsonMap): JsonMap => Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  const text = JSON.stringify(value, (_, inner: unknown) => (isJsonMap(inner) ? sorted(inner) : inner))
  return text.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
