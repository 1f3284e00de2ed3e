import type { IntegerBits } from './parse-number.ts'

/** A Go type as encoding/json sees it: what it accepts, and how its errors name it. */
export type JsonType =
  | { readonly kind: 'string'; readonly name: string }
  | { readonly kind: 'bool' }
  | { readonly kind: 'int'; readonly bits: IntegerBits }
  /** intstr.IntOrString: a type with an UnmarshalJSON of its own. */
  | { readonly kind: 'int-or-string' }
  | { readonly kind: 'pointer'; readonly to: JsonType }
  | { readonly kind: 'slice'; readonly of: JsonType }
  | { readonly kind: 'map'; readonly of: JsonType }
  | { readonly kind: 'struct'; readonly name: string; readonly fields: ReadonlyMap<string, JsonType> }

export const text: JsonType = { kind: 'string', name: 'string' }
export const bool: JsonType = { kind: 'bool' }
export const intOrString: JsonType = { kind: 'int-or-string' }

/** A string type of the package ingress, e.g. `ingress.ActionType`. */
export function namedText(name: string): JsonType {
  return { kind: 'string', name: `ingress.${name}` }
}

export function int(bits: IntegerBits): JsonType {
  return { kind: 'int', bits }
}

export function pointer(to: JsonType): JsonType {
  return { kind: 'pointer', to }
}

export function slice(of: JsonType): JsonType {
  return { kind: 'slice', of }
}

export function map(of: JsonType): JsonType {
  return { kind: 'map', of }
}

/** A struct of the package ingress; the keys are the names in its json tags. */
export function struct(name: string, fields: Readonly<Record<string, JsonType>>): JsonType {
  return { kind: 'struct', name, fields: new Map(Object.entries(fields)) }
}

/** The type as reflect.Type prints it. */
export function typeName(type: JsonType): string {
  switch (type.kind) {
    case 'string': return type.name
    case 'bool': return 'bool'
    case 'int': return `int${type.bits}`
    case 'int-or-string': return 'intstr.IntOrString'
    case 'pointer': return `*${typeName(type.to)}`
    case 'slice': return `[]${typeName(type.of)}`
    case 'map': return `map[string]${typeName(type.of)}`
    case 'struct': return `ingress.${type.name}`
    default: return type satisfies never
  }
}
