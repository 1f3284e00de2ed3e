import { isJsonMap, withKey, without } from './json-map.ts'

/** What a JSON Patch remove did. `missing` is what Argo CD does not even log; `failed` it logs at debug level. Either way the patch is skipped. */
export type Removal =
  | { readonly removal: 'done'; readonly object: unknown }
  | { readonly removal: 'missing' }
  | { readonly removal: 'failed'; readonly error: string }

/** A pointer read once for many objects; `keys` is undefined for one that leads nowhere. */
export interface ReadPointer { readonly pointer: string; readonly keys: readonly string[] | undefined }

/** evanphx/json-patch v4 findObject: what stands before the first slash is not looked at. */
export function readPointer(pointer: string): ReadPointer {
  const tokens = pointer.split('/')
  const keys = tokens.slice(1).map((token) => token.replace(/~[01]/g, (escape) => (escape === '~1' ? '/' : '~')))
  return { pointer, keys: tokens.length < 2 ? undefined : keys }
}

/** evanphx/json-patch v4 `remove`: a negative index counts from the end of a list. */
export function removePointer(document: unknown, { pointer, keys }: ReadPointer): Removal {
  if (!keys) return { removal: 'missing' }
  const outcome = removeAt(document, keys)
  if (outcome === undefined) return { removal: 'missing' }
  if ('error' in outcome) return { removal: 'failed', error: `error in remove for path: '${pointer}': ${outcome.error}` }
  return { removal: 'done', object: outcome.value }
}

type Outcome = { readonly value: unknown } | { readonly error: string } | undefined

function removeAt(value: unknown, keys: readonly string[]): Outcome {
  const [key, ...rest] = keys as [string, ...string[]]
  if (Array.isArray(value)) return removeFromList(value, key, rest)
  if (!isJsonMap(value) || !Object.hasOwn(value, key)) return undefined
  if (rest.length === 0) return { value: without(value, [key]) }
  const inner = removeAt(value[key], rest)
  return inner === undefined || 'error' in inner ? inner : { value: withKey(value, key, inner.value) }
}

function removeFromList(list: readonly unknown[], key: string, rest: readonly string[]): Outcome {
  const index = atoi(key)
  if (typeof index !== 'number') return rest.length === 0 ? index : undefined
  const at = index < 0 ? index + list.length : index
  if (at < 0 || at >= list.length) return rest.length === 0 ? { error: `Unable to access invalid index: ${index}: invalid index referenced` } : undefined
  if (rest.length === 0) return { value: list.toSpliced(at, 1) }
  const inner = removeAt(list[at], rest)
  return inner === undefined || 'error' in inner ? inner : { value: list.toSpliced(at, 1, inner.value) }
}

function atoi(text: string): number | { readonly error: string } {
  if (!/^[+-]?\d+$/.test(text)) return { error: `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax` }
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : { error: `strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range` }
}
