import { isMap } from '@rollsync/manifests'

import { fail } from './controller-failure.ts'

/**
 * utils/ingress/ingress.go NewManagedALBAnnotations: '' is an empty map, `null` a nil one (null here), a null list stays null. A text that Go's JSON does not take as
 * map[string][]string fails with Go's message as far as it is known.
 */
export function goUnmarshalManaged(text: string): Map<string, readonly string[] | null> | null {
  if (text === '') return new Map()
  const value = parse(text)
  if (value === null) return null
  if (!isMap(value)) return fail(`json: cannot unmarshal ${goKind(value)} into Go value of type ingress.ManagedALBAnnotations`)
  return new Map(Object.entries(value).map(([rollout, list]) => [rollout, listOf(list)]))
}

function listOf(value: unknown): readonly string[] | null {
  if (value === null) return null
  if (!Array.isArray(value)) return fail(`json: cannot unmarshal ${goKind(value)} into Go value of type ingress.ManagedALBAnnotation`)
  return value.map((item) => (item === null ? '' : typeof item === 'string' ? item : fail(`json: cannot unmarshal ${goKind(item)} into Go value of type string`)))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return fail(syntaxError(text))
  }
}

// encoding/json scanner.go: the two commonest of its messages
function syntaxError(text: string): string {
  const start = text.search(/[^ \t\r\n]/)
  const first = start < 0 ? '' : (text[start] as string)
  if (first !== '' && !/[{["\-0-9tfn]/.test(first)) return `invalid character ${goQuote(first)} looking for beginning of value`
  return 'unexpected end of JSON input'
}

function goQuote(character: string): string {
  return character === "'" ? `'\\''` : `'${character}'`
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'bool' : 'object'
}
