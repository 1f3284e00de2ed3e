import { goJson } from '../go-json.ts'

/** What a Go value looks like, so that it can be printed as Go prints it: `%#v` of Go syntax, or encoding/json in the order of the struct's fields. */
export type GoType =
  | { readonly go: 'string' | 'int' | 'bool'; /** The type's own name, as `int64`. */ readonly name?: string }
  | { readonly go: 'int-or-string' }
  | { readonly go: 'pointer'; readonly to: GoType }
  | { readonly go: 'list'; readonly of: GoType }
  | { readonly go: 'map'; readonly of: GoType }
  | { readonly go: 'struct'; readonly name: string; readonly fields: readonly GoField[] }

export interface GoField {
  readonly go: string
  readonly json: string
  /** The name that encoding/json prints, where it is not the manifest's. */
  readonly printed?: string
  readonly type: GoType
  /** Printed by encoding/json even when it is the zero value. */
  readonly always?: true
}

/** Go's strconv.Quote, which `%q` prints too. */
export function goQuote(text: string): string {
  return `"${Array.from(text, quoteRune).join('')}"`
}

const short = new Map([['\x07', '\\a'], ['\b', '\\b'], ['\f', '\\f'], ['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t'], ['\v', '\\v'], ['"', '\\"'], ['\\', '\\\\']])

function quoteRune(rune: string): string {
  const escaped = short.get(rune)
  if (escaped !== undefined) return escaped
  const code = rune.codePointAt(0) as number
  if (rune === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(rune)) return rune
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}

/** encoding/json of a value that is `type` in Go: fields in the struct's order, zero values of omitempty fields left out, maps sorted. */
export function printJson(value: unknown, type: GoType): string {
  if (value === undefined || value === null) return jsonZero(type)
  switch (type.go) {
    case 'string': return goJson(String(value))
    case 'int': case 'bool': return String(value)
    case 'int-or-string': return typeof value === 'string' ? goJson(value) : String(value)
    case 'pointer': return printJson(value, type.to)
    case 'list': return `[${(value as unknown[]).map((entry) => printJson(entry, type.of)).join(',')}]`
    case 'map': return `{${sortedEntries(value).map(([key, entry]) => `${goJson(key)}:${printJson(entry, type.of)}`).join(',')}}`
    case 'struct': return `{${type.fields.filter((field) => field.always === true || !isZero(own(value, field.json), field.type))
      .map((field) => `${goJson(field.printed ?? field.json)}:${printJson(own(value, field.json), field.type)}`).join(',')}}`
    default: return type satisfies never
  }
}

/** `%#v` of a value that is `type` in Go. A pointer below the top prints as its address, which no one can foretell: `(*T)(0xADDRESS)`. */
export function printGoSyntax(value: unknown, type: GoType): string {
  switch (type.go) {
    case 'string': return goQuote(value === undefined || value === null ? '' : String(value))
    case 'int': return value === undefined || value === null ? '0' : String(value)
    case 'bool': return value === true ? 'true' : 'false'
    case 'int-or-string': return goIntOrString(value)
    case 'pointer': return `(*${goTypeName(type.to)})(${value === undefined || value === null ? 'nil' : '0xADDRESS'})`
    case 'list': return braced(type, value, (list) => (list as unknown[]).map((entry) => printGoSyntax(entry, type.of)))
    case 'map': return braced(type, value, (map) => sortedEntries(map).map(([key, entry]) => `${goQuote(key)}:${printGoSyntax(entry, type.of)}`))
    case 'struct': return `${type.name}{${type.fields.map((field) => `${field.go}:${printGoSyntax(kept(value, field), field.type)}`).join(', ')}}`
    default: return type satisfies never
  }
}

function braced(type: GoType, value: unknown, parts: (value: object) => readonly string[]): string {
  return value === undefined || value === null ? `${goTypeName(type)}(nil)` : `${goTypeName(type)}{${parts(value).join(', ')}}`
}

function goIntOrString(value: unknown): string {
  const [kind, number, text] = typeof value === 'string' ? [1, 0, value] : [0, typeof value === 'number' ? value : 0, '']
  return `intstr.IntOrString{Type:${kind}, IntVal:${number}, StrVal:${goQuote(text)}}`
}

function goTypeName(type: GoType): string {
  switch (type.go) {
    case 'string': case 'bool': return type.name ?? type.go
    case 'int': return type.name ?? 'int32'
    case 'int-or-string': return 'intstr.IntOrString'
    case 'pointer': return `*${goTypeName(type.to)}`
    case 'list': return `[]${goTypeName(type.of)}`
    case 'map': return `map[string]${goTypeName(type.of)}`
    case 'struct': return type.name
    default: return type satisfies never
  }
}

function jsonZero(type: GoType): string {
  switch (type.go) {
    case 'string': return '""'
    case 'int': case 'int-or-string': return '0'
    case 'bool': return 'false'
    case 'pointer': case 'list': case 'map': return 'null'
    case 'struct': return printJson({}, type)
    default: return type satisfies never
  }
}

function isZero(value: unknown, type: GoType): boolean {
  if (value === undefined || value === null) return true
  switch (type.go) {
    case 'string': return value === ''
    case 'int': return value === 0
    case 'bool': return value === false
    case 'list': return (value as unknown[]).length === 0
    case 'map': return Object.keys(value).length === 0
    case 'int-or-string': case 'pointer': case 'struct': return false
    default: return type satisfies never
  }
}

/** What is left of a field after the controller's re-marshalling: an empty list or map is nil. */
function kept(value: unknown, field: GoField): unknown {
  const inner = own(value, field.json)
  return field.always !== true && isZero(inner, field.type) ? undefined : inner
}

function sortedEntries(value: unknown): [string, unknown][] {
  return Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
}
