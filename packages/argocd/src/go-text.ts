import { isJsonMap } from './json-map.ts'

/** A JSON value as fmt prints it with %v: `map[a:1 b:[x y]]`, `<nil>`, texts bare. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (isJsonMap(value)) return `map[${Object.keys(value).toSorted().map((key) => `${key}:${goText(value[key])}`).join(' ')}]`
  return String(value as string | number | boolean)
}
