import { builtInKinds, builtInTypes } from './schemas.generated.ts'

export type ScalarKind = 'string' | 'bool' | 'int32' | 'int64' | 'uint' | 'float' | 'bytes' | 'quantity' | 'int or string' | 'time' | 'micro time' | 'duration'

/** What a value of the API looks like. `merge` is structured merge's relation: how the elements of two versions are brought together. */
export type Shape =
  /** `goName` is Go's name of a text that has a type of its own. */
  | { readonly is: ScalarKind; readonly goName?: string }
  | { readonly is: 'any' }
  | { readonly is: 'list'; readonly of: Shape; readonly merge: 'atomic' | 'set' | readonly string[] }
  | { readonly is: 'map'; readonly of: Shape; readonly merge: 'atomic' | 'separable' }
  | { readonly is: 'struct'; readonly type: () => StructType; readonly merge: 'atomic' | 'separable' }

export interface Field {
  readonly name: string
  /** Go's names of the embedded structs that it comes from, outermost first. */
  readonly embedded: readonly string[]
  readonly shape: Shape
  readonly pointer: boolean
  /** Go's omitempty and omitzero. */
  readonly omit: 'never' | 'empty' | 'zero'
  /** Strategic merge: `merge`, `replace`, `retainKeys`. */
  readonly strategies: readonly string[]
  readonly mergeKey: string
  /** The default that the published schema declares; undefined where it declares none. */
  readonly default: unknown
}

export interface StructType {
  /** Go's name of the type, as in its error texts. */
  readonly name: string
  /** Go's name of its package. */
  readonly packageName: string
  readonly fields: ReadonlyMap<string, Field>
  /** Whether fields that are not declared are kept and merged (x-kubernetes-preserve-unknown-fields). */
  readonly open: boolean
  /** Where it is read from: a Go struct, or a schema that a cluster publishes. */
  readonly origin: 'Go' | 'published'
}

const scalars: Readonly<Record<string, ScalarKind | 'any'>> = {
  s: 'string', b: 'bool', i: 'int32', I: 'int64', u: 'uint', f: 'float', B: 'bytes', q: 'quantity', n: 'int or string', t: 'time', T: 'micro time', d: 'duration', a: 'any',
}
/** The types of one set of schemas, read from their notation when they are asked for. */
export type TypeLookup = (name: string) => { readonly type: StructType; readonly atomic: boolean }

/** Types by name from generated notation; a name that is not among them is looked for in `fallback`. */
export function typeLookup(types: Readonly<Record<string, string>>, fallback?: TypeLookup): TypeLookup {
  const parsed = new Map<string, { type: StructType; atomic: boolean }>()
  const lookUp: TypeLookup = (name) => {
    if (fallback && !Object.hasOwn(types, name)) return fallback(name)
    let found = parsed.get(name)
    if (!found) {
      const texts = (types[name] ?? '').split(' ').filter((text) => text !== '')
      const marks = texts.filter((text) => text.startsWith('~'))
      const fields = new Map(texts.filter((text) => !text.startsWith('~')).map((text) => parseField(text, lookUp)).map((field) => [field.name, field]))
      const [packageName, short] = [name.slice(name.lastIndexOf('/') + 1, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)]
      found = { type: { name: short, packageName, fields, open: marks.includes('~o'), origin: fallback ? 'published' : 'Go' }, atomic: marks.includes('~a') }
      parsed.set(name, found)
    }
    return found
  }
  return lookUp
}

/** What Go writes of a creationTimestamp that is not set: nothing, or, before Kubernetes 0.34, null. */
export type EmptyTimes = 'left out' | 'null'

/** A built-in type by the name the generated data gives it, such as `core/v1.PodSpec`. */
export const namedType: TypeLookup = typeLookup(builtInTypes)
const olderType: TypeLookup = typeLookup(Object.fromEntries(Object.entries(builtInTypes).map(([name, text]) => [name, text.replace(/\b(creationTimestamp:t)\?+/, '$1?')])))

/** The same, as the libraries of an older release have it. */
export function typesWith(emptyTimes: EmptyTimes): TypeLookup {
  return emptyTimes === 'null' ? olderType : namedType
}

/** The type of a kind that the Go scheme has registered; undefined for custom resources. */
export function builtInType(apiVersion: string, kind: string, emptyTimes: EmptyTimes = 'left out'): StructType | undefined {
  const name = Object.hasOwn(builtInKinds, `${apiVersion}/${kind}`) ? builtInKinds[`${apiVersion}/${kind}`] : undefined
  return name === undefined ? undefined : typesWith(emptyTimes)(name).type
}

// name@embedded:shape, then in this order: ? or ?? (omitempty, omitzero), !strategies, (mergeKey), ~relation, =default
const notation = /^([^:]*):([^?!(~=]+)(\?*)(?:!([^(~=]+))?(?:\(([^)]*)\))?(?:~([^=]+))?(?:=(.*))?$/

function parseField(text: string, lookUp: TypeLookup): Field {
  const match = notation.exec(text)
  if (!match) throw new Error(`the generated schema holds a field that cannot be read: ${text}`)
  const [, names = '', shapeText = '', marks = '', strategies, mergeKey = '', relation, fallback] = match
  const [name = '', ...embedded] = names.split('@')
  return {
    name,
    embedded,
    shape: parseShape(shapeText.replace(/^\*/, ''), relation, lookUp),
    pointer: shapeText.startsWith('*'),
    omit: marks === '' ? 'never' : marks === '?' ? 'empty' : 'zero',
    strategies: strategies === undefined ? [] : strategies.split(','),
    mergeKey,
    default: fallback === undefined ? undefined : (JSON.parse(fallback) as unknown),
  }
}

function parseShape(text: string, relation: string | undefined, lookUp: TypeLookup): Shape {
  const inner = text.replace(/^\*/, '')
  if (inner.startsWith('[]')) {
    const merge = relation === undefined || relation === 'a' ? 'atomic' : relation === 's' ? 'set' : relation.split(',')
    return { is: 'list', of: parseShape(inner.slice(2), undefined, lookUp), merge }
  }
  if (inner.startsWith('{}')) return { is: 'map', of: parseShape(inner.slice(2), undefined, lookUp), merge: relation === 'a' ? 'atomic' : 'separable' }
  const [bare = '', goName] = inner.split('^')
  const scalar = Object.hasOwn(scalars, bare) ? scalars[bare] : undefined
  if (scalar === 'any') return { is: 'any' }
  if (scalar !== undefined) return goName === undefined ? { is: scalar } : { is: scalar, goName }
  const atomic = relation === 'a'
  return {
    is: 'struct',
    type: () => lookUp(inner).type,
    get merge() { return atomic || lookUp(inner).atomic ? 'atomic' : 'separable' },
  }
}
