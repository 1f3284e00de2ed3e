import { builtInKinds, builtInTypes } from './schemas.generated.ts'

export type ScalarKind = 'string' | 'bool' | 'int32' | 'int64' | 'uint' | 'float' | 'bytes' | 'quantity' | 'int or string' | 'time' | 'micro time' | 'duration'

/** What a value of the API looks like. `merge` is structured merge's relation: how the elements of two versions are brought together. */
export type Shape =
  | { readonly is: ScalarKind }
  | { readonly is: 'any' }
  | { readonly is: 'list'; readonly of: Shape; readonly merge: 'atomic' | 'set' | readonly string[] }
  | { readonly is: 'map'; readonly of: Shape; readonly merge: 'atomic' | 'separable' }
  | { readonly is: 'struct'; readonly type: () => StructType; readonly merge: 'atomic' | 'separable' }

export interface Field {
  readonly name: string
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
  readonly fields: ReadonlyMap<string, Field>
  /** Whether fields that are not declared are kept and merged (x-kubernetes-preserve-unknown-fields). */
  readonly open: boolean
}

const scalars: Readonly<Record<string, ScalarKind | 'any'>> = {
  s: 'string', b: 'bool', i: 'int32', I: 'int64', u: 'uint', f: 'float', B: 'bytes', q: 'quantity', n: 'int or string', t: 'time', T: 'micro time', d: 'duration', a: 'any',
}
const parsed = new Map<string, { type: StructType; atomic: boolean }>()

/** The type of a kind that the Go scheme has registered; undefined for custom resources. */
export function builtInType(apiVersion: string, kind: string): StructType | undefined {
  const name = Object.hasOwn(builtInKinds, `${apiVersion}/${kind}`) ? builtInKinds[`${apiVersion}/${kind}`] : undefined
  return name === undefined ? undefined : namedType(name).type
}

/** A built-in type by the name the generated data gives it, such as `core/v1.PodSpec`. */
export function namedType(name: string): { readonly type: StructType; readonly atomic: boolean } {
  let found = parsed.get(name)
  if (!found) {
    const texts = (builtInTypes[name] ?? '').split(' ').filter((text) => text !== '')
    const marks = texts.filter((text) => text.startsWith('~'))
    const fields = new Map(texts.filter((text) => !text.startsWith('~')).map(parseField).map((field) => [field.name, field]))
    found = { type: { name: name.slice(name.lastIndexOf('.') + 1), fields, open: false }, atomic: marks.includes('~a') }
    parsed.set(name, found)
  }
  return found
}

// name:shape, then in this order: ? or ?? (omitempty, omitzero), !strategies, (mergeKey), ~relation, =default
const notation = /^([^:]*):([^?!(~=]+)(\?*)(?:!([^(~=]+))?(?:\(([^)]*)\))?(?:~([^=]+))?(?:=(.*))?$/

function parseField(text: string): Field {
  const match = notation.exec(text)
  if (!match) throw new Error(`the generated schema holds a field that cannot be read: ${text}`)
  const [, name = '', shapeText = '', marks = '', strategies, mergeKey = '', relation, fallback] = match
  return {
    name,
    shape: parseShape(shapeText.replace(/^\*/, ''), relation),
    pointer: shapeText.startsWith('*'),
    omit: marks === '' ? 'never' : marks === '?' ? 'empty' : 'zero',
    strategies: strategies === undefined ? [] : strategies.split(','),
    mergeKey,
    default: fallback === undefined ? undefined : (JSON.parse(fallback) as unknown),
  }
}

function parseShape(text: string, relation: string | undefined): Shape {
  const inner = text.replace(/^\*/, '')
  if (inner.startsWith('[]')) {
    const merge = relation === undefined || relation === 'a' ? 'atomic' : relation === 's' ? 'set' : relation.split(',')
    return { is: 'list', of: parseShape(inner.slice(2), undefined), merge }
  }
  if (inner.startsWith('{}')) return { is: 'map', of: parseShape(inner.slice(2), undefined), merge: relation === 'a' ? 'atomic' : 'separable' }
  const scalar = Object.hasOwn(scalars, inner) ? scalars[inner] : undefined
  if (scalar === 'any') return { is: 'any' }
  if (scalar !== undefined) return { is: scalar }
  const atomic = relation === 'a'
  return {
    is: 'struct',
    type: () => namedType(inner).type,
    get merge() { return atomic || namedType(inner).atomic ? 'atomic' : 'separable' },
  }
}
