import { isMap } from '@rollsync/manifests'

import { sortedKeys } from './map-of.ts'

/** How Go's encoding/json prints a string: HTML characters and line separators escaped, everything else as it is. `\b` and `\f` have had a short form since Go 1.22. */
function goString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  const json = JSON.stringify(text)
  return UNUSUAL.test(json) ? json.replace(REPLACED, escapeOf) : json
}

// ASCII without controls and without " & < > and the backslash
const PLAIN = /^[ !#-%'-;=?-[\]-~]*$/
const UNUSUAL = /[<>&\u2028\u2029]|\\ud[89a-f]/
const REPLACED = /[<>&\u2028\u2029]|\\\\|\\ud[89a-f][0-9a-f]{2}/g

function escapeOf(found: string): string {
  if (found === '\\\\') return found
  // A lone surrogate is no text: Go reads it as U+FFFD and prints that as it is.
  if (found.length > 1) return '\ufffd'
  return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** JSON as Go prints a struct: keys in the order they have, undefined left out. */
export function goJson(value: unknown): string {
  return typeof value === 'string' ? goString(value) : printed(value, Object.keys, goJson, goJson)
}

/** JSON as Go prints a map: keys sorted by bytes at every depth, undefined left out. Patches are maps. */
export function goMapJson(value: unknown): string {
  return typeof value === 'string' ? goString(value) : printed(value, sortedKeys, goMapJson, printedMap)
}

// Conditions, rules and paths are sent again and again, whole lists at a time.
const items = new WeakMap<object, string>()

function printedMap(item: unknown): string {
  if (!isMap(item)) return goMapJson(item)
  const known = items.get(item)
  if (known !== undefined) return known
  const text = goMapJson(item)
  items.set(item, text)
  return text
}

function printed(value: unknown, keysOf: (map: object) => readonly string[], print: (inner: unknown) => string, printItem: (item: unknown) => string): string {
  if (Array.isArray(value)) return `[${value.map((item) => printItem(item)).join(',')}]`
  if (!isMap(value)) return JSON.stringify(value) ?? 'null'
  const entries: string[] = []
  for (const key of keysOf(value)) {
    const inner = value[key]
    if (inner !== undefined) entries.push(`${goString(key)}:${print(inner)}`)
  }
  return `{${entries.join(',')}}`
}

/** The text with `\b` and `\f` as Go before 1.22 prints them. */
export function withLongEscapes(json: string): string {
  return json.replace(/\\(?:\\|b|f)/g, (found) => (found === '\\b' ? '\\u0008' : found === '\\f' ? '\\u000c' : found))
}
