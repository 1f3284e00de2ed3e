import { isJsonMap, type JsonMap, own } from '../json-map.ts'
import type { Shape } from '../schema.ts'
import { keyElement, type PathElement, valueElement } from './path-element.ts'

/** typed.TypedValue: a value and what the schema says of it. undefined stands for Go's nil: nothing there; null is a value. */
export interface TypedValue { readonly value: unknown; readonly shape: Shape }

/** What structured-merge-diff refuses; the message is the library's, with the path in front. */
export class StructuredMergeError extends Error {}

/** One finding of a walk, with the path to it as error texts write paths. */
export interface Problem { readonly path: string; readonly detail: string }

/** typed.ValidationErrors.Error: one problem on its line, several below each other. */
export function problemsText(problems: readonly Problem[]): string {
  const texts = problems.map(({ path, detail }) => (path === '' ? detail : `${path}: ${detail}`))
  return texts.length === 1 ? texts[0]! : ['errors:', ...texts.map((text) => `  ${text}`)].join('\n')
}

/** Where structured-merge-diff changed between the versions that Argo CD pins, and what its schema knows. */
export interface MergeDialect {
  /** helpers.go: from v6 on an element may omit some of the keys of its list. */
  readonly missingKeys: 'allowed' | 'refused'
  /** remove.go: what becomes of a map or list that loses its last element. */
  readonly emptied: 'kept' | 'null'
  /** Whether the schema holds the defaults of key fields: the static one does, the OpenAPI document that server-side diff uses does not. */
  readonly keyDefaults: 'known' | 'unknown'
}

export type ListShape = Extract<Shape, { is: 'list' }>
export type MapShape = Extract<Shape, { is: 'map' | 'struct' | 'any' }>
const anything: Shape = { is: 'any' }
const deducedList: ListShape = { is: 'list', of: anything, merge: 'atomic' }

/** deduceAtom and handleAtom: whether a value of this shape is walked as a map, a list or a scalar. */
export type Atom =
  | { readonly atom: 'map'; readonly shape: MapShape }
  | { readonly atom: 'list'; readonly shape: ListShape }
  | { readonly atom: 'scalar'; readonly shape: Shape }

export function atomOf(shape: Shape, value: unknown): Atom {
  switch (shape.is) {
    case 'struct': case 'map': return { atom: 'map', shape }
    case 'list': return { atom: 'list', shape }
    case 'any':
      if (Array.isArray(value)) return { atom: 'list', shape: deducedList }
      return value === undefined || value === null || isJsonMap(value) ? { atom: 'map', shape } : { atom: 'scalar', shape }
    default: return { atom: 'scalar', shape }
  }
}

export function isAtomicMap(shape: MapShape): boolean {
  return shape.is !== 'any' && shape.merge === 'atomic'
}

/** Map.FindField with its fallback, the element type; undefined where the schema declares neither. */
export function shapeOfKey(shape: MapShape, key: string): Shape | undefined {
  if (shape.is === 'any') return anything
  if (shape.is === 'map') return shape.of
  const type = shape.type()
  return type.fields.get(key)?.shape ?? (type.open ? anything : undefined)
}

export function declares(shape: MapShape, key: string): boolean {
  return shape.is === 'struct' && shape.type().fields.has(key)
}

/** helpers.go listItemToPathElement. Throws StructuredMergeError without a path. */
export function itemElement(shape: ListShape, item: unknown, dialect: MergeDialect): PathElement {
  if (shape.merge === 'atomic') throw new StructuredMergeError('invalid indexing of non-associative list')
  if (shape.merge === 'set') {
    if (isJsonMap(item)) throw new StructuredMergeError("associative list without keys has an element that's a map type")
    if (Array.isArray(item)) throw new StructuredMergeError('not supported: associative list with lists as elements')
    if (item === null) throw new StructuredMergeError("associative list without keys has an element that's an explicit null")
    return valueElement(item)
  }
  if (item === null) throw new StructuredMergeError('associative list with keys may not have a null element')
  if (!isJsonMap(item)) throw new StructuredMergeError('associative list with keys may not have non-map elements')
  return keyElement(itemKeys(shape, shape.merge, item, dialect))
}

function itemKeys(shape: ListShape, names: readonly string[], item: JsonMap, dialect: MergeDialect): [string, unknown][] {
  const keys: [string, unknown][] = []
  for (const name of names) {
    const fallback = dialect.keyDefaults === 'known' && shape.of.is === 'struct' ? shape.of.type().fields.get(name)?.default : undefined
    if (Object.hasOwn(item, name)) keys.push([name, own(item, name)])
    else if (fallback !== undefined) keys.push([name, fallback])
    else if (dialect.missingKeys === 'refused') {
      throw new StructuredMergeError(`associative list with keys has an element that omits key field ${JSON.stringify(name)} (and doesn't have default value)`)
    }
  }
  if (names.length > 0 && keys.length === 0) {
    const quoted = names.map((name) => JSON.stringify(name)).join(' ')
    throw new StructuredMergeError(`associative list with keys has an element that omits all key fields [${quoted}] (and doesn't have default values for any key fields)`)
  }
  return keys
}
