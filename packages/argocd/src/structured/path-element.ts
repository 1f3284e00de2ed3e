import { isJsonMap, type JsonMap } from '../json-map.ts'

/** One step of a field path as managedFields writes it: `f:name`, `k:{"name":"app"}` (keys sorted), `v:"value"`, `i:0`. Equal steps are equal texts. */
export type PathElement = string

export function fieldElement(name: string): PathElement {
  return `f:${name}`
}

export function keyElement(keys: readonly (readonly [string, unknown])[]): PathElement {
  return `k:${JSON.stringify(Object.fromEntries(keys.toSorted(([a], [b]) => (a < b ? -1 : 1))))}`
}

export function valueElement(value: unknown): PathElement {
  return `v:${JSON.stringify(value)}`
}

/** A step as it stands in managedFields, in the one form that is compared. Undefined where it cannot be read. */
export function readElement(text: string): PathElement | undefined {
  try {
    if (text.startsWith('f:') || /^i:-?\d+$/.test(text)) return text
    if (text.startsWith('v:')) return valueElement(JSON.parse(text.slice(2)))
    if (!text.startsWith('k:')) return undefined
    const keys: unknown = JSON.parse(text.slice(2))
    return isJsonMap(keys) ? keyElement(Object.entries(keys)) : undefined
  } catch {
    return undefined
  }
}

/** The keys of a `k:` step; undefined for other steps. */
export function keysOf(element: PathElement): JsonMap | undefined {
  return element.startsWith('k:') ? (JSON.parse(element.slice(2)) as JsonMap) : undefined
}

/** A step as error texts write it: `.name`, `[name="app"]`, `[="value"]`, `[0]`. */
export function elementText(element: PathElement): string {
  const rest = element.slice(2)
  if (element.startsWith('f:')) return `.${rest}`
  if (element.startsWith('v:')) return `[=${rest}]`
  if (element.startsWith('i:')) return `[${rest}]`
  return `[${Object.entries(keysOf(element)!).map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
}
