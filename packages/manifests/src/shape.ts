import { isAlias, isScalar, isSeq, type Pair, type Scalar } from 'yaml'
import { isMergeKey, keyName, scalarValue, type Syntax, type SyntaxTree } from './syntax.ts'
import { resolvePlain } from './plain-scalar.ts'
import { type Boundary, boundaryOf, type ComparedText, offsetOf, type WordedText } from './words.ts'

/*
 * The structure that texts which differ in words alone share (words.ts). What a word may mean (true, 012, a key that comes twice) is asked of each text. Where a word may bear on the structure (anchors, tags,
 * directives, block scalars, escapes, texts over several lines) nothing is shared.
 */

/** YAML takes no key above 1024 characters. */
const longestKey = 1000

interface ScalarShape {
  readonly is: 'scalar'
  readonly style: 'plain' | 'single' | 'double'
  readonly start: Boundary
  readonly end: Boundary
}

/**
 * The structure of a value without its words; `node` is where the parsed text has it. `held` is the value there and the words that it is made of, the first one and the one behind the last: a text with the same ones has
 * the very same value. Objects of Kubernetes are each their own, and so is what holds one.
 */
export type Shape = { readonly node: Syntax; readonly held?: Held } & (
  | ScalarShape
  | { readonly is: 'nothing' }
  | { readonly is: 'list'; readonly items: readonly Shape[] }
  | { readonly is: 'map'; readonly pairs: readonly PairShape[] }
)

interface Held {
  readonly value: unknown
  readonly from: number
  readonly to: number
}

interface PairShape {
  readonly key: ScalarShape
  /** The key in the parsed text. */
  readonly name: string
  readonly pair: Pair
  readonly value: Shape
}

/** The shape of a parsed document, whose text it is given in words, or undefined where it is none that can be shared. */
export function shapeOf(tree: SyntaxTree, from: WordedText): Shape | undefined {
  try {
    return shaped(tree.root, from)
  } catch (error) {
    if (error === unshared) return undefined
    throw error
  }
}

const unshared: unique symbol = Symbol('not to be shared')
const collections = new Set([undefined, 'tag:yaml.org,2002:map', 'tag:yaml.org,2002:seq'])

function shaped(node: Syntax, from: WordedText): Shape {
  if (node === null) return { is: 'nothing', node, held: { value: null, from: 0, to: 0 } }
  if (isAlias(node) || node.anchor !== undefined) throw unshared
  if (isScalar(node)) return scalarWithValue(node, from)
  if (!collections.has(node.tag)) throw unshared
  if (isSeq(node)) {
    const items = node.items.map((item) => shaped(item as Syntax, from))
    const held = heldOf(items, () => items.map((item) => item.held?.value))
    return { is: 'list', node, items, ...(held === undefined ? {} : { held }) }
  }
  const pairs = node.items.map((pair) => pairShape(pair, from))
  const names = new Set(pairs.map(({ name }) => name))
  const held = names.has('kind') || names.size < pairs.length ? undefined : heldOf(pairs.flatMap(({ key, value }) => [heldKey(key), value]), () => mapOf(pairs.map(({ name, value }) => [name, value.held?.value])))
  return { is: 'map', node, pairs, ...(held === undefined ? {} : { held }) }
}

function scalarWithValue(node: Scalar, from: WordedText): Shape {
  const shape = scalarShape(node, from)
  const value = unreadable.test(sourceOf(shape, from)) ? undefined : { value: valueOf(shape, from), from: shape.start.words, to: shape.end.words }
  return { ...shape, node, ...(value === undefined ? {} : { held: value }) }
}

function heldKey({ start, end }: ScalarShape): { readonly held: Held } {
  return { held: { value: undefined, from: start.words, to: end.words } }
}

/** What a collection holds, where all its parts can be held; empty collections are no less than what is made anew. */
function heldOf(parts: readonly { readonly held?: Held }[], value: () => unknown): Held | undefined {
  const worded = parts.map(({ held }) => held)
  if (worded.includes(undefined)) return undefined
  const some = worded.filter((held) => held !== undefined && held.to > held.from)
  return { value: value(), from: some[0]?.from ?? 0, to: some.at(-1)?.to ?? 0 }
}

function mapOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const map: Record<string, unknown> = {}
  for (const [name, value] of entries) put(map, name, value)
  return map
}

function put(map: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true })
  else map[name] = value
}

function pairShape(pair: Pair, from: WordedText): PairShape {
  const key = keyShape(pair, from)
  return { key, name: nameIn(key, from) ?? '', pair, value: shaped(pair.value as Syntax, from) }
}

function keyShape({ key }: Pair, from: WordedText): ScalarShape {
  if (!isScalar(key) || key.anchor !== undefined || isMergeKey(key) || keyName(key) === null) throw unshared
  return scalarShape(key, from)
}

const inWord = /^[A-Za-z0-9_./-]{2}$/
const styles: Readonly<Record<string, ScalarShape['style']>> = { PLAIN: 'plain', QUOTE_SINGLE: 'single', QUOTE_DOUBLE: 'double' }

function scalarShape(node: Scalar, from: WordedText): ScalarShape {
  const style = styles[node.type ?? 'PLAIN']
  if (style === undefined || node.tag !== undefined) throw unshared
  const [start, end] = node.range ?? [0, 0]
  const raw = from.text.slice(start, end)
  if ([start, end].some((offset) => inWord.test(from.text.slice(offset - 1, offset + 1)))) throw unshared
  const shape: ScalarShape = { is: 'scalar', style, start: boundaryOf(from, start), end: boundaryOf(from, end) }
  if (raw.includes('\n') || (style === 'double' && raw.includes('\\')) || sourceOf(shape, from) !== (node.source ?? '') || !Object.is(valueOf(shape, from), scalarValue(node))) throw unshared
  return shape
}

function sourceOf({ style, start, end }: ScalarShape, own: WordedText): string {
  const [from, to] = [offsetOf(own, start), offsetOf(own, end)]
  if (style === 'plain') return own.text.slice(from, to)
  const inner = own.text.slice(from + 1, to - 1)
  return style === 'single' && inner.includes("'") ? inner.replaceAll("''", "'") : inner
}

function valueOf(shape: ScalarShape, own: WordedText): string | number | boolean | null {
  const source = sourceOf(shape, own)
  return shape.style === 'plain' ? resolvePlain(source) : source
}

const unreadable = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/

/** The JSON value that a text of the shape holds, or undefined where its words say what only a parse of its own can judge. */
export function valueIn(shape: Shape, own: ComparedText): { readonly value: unknown } | undefined {
  try {
    return { value: built(shape, own) }
  } catch (error) {
    if (error === unshared) return undefined
    throw error
  }
}

function built(shape: Shape, own: ComparedText): unknown {
  if (shape.held !== undefined && own.differing[shape.held.from] === own.differing[shape.held.to]) return shape.held.value
  switch (shape.is) {
    case 'nothing': return null
    case 'scalar': {
      if (shape.style !== 'plain') return sourceOf(shape, own)
      const source = sourceOf(shape, own)
      if (unreadable.test(source)) throw unshared
      return resolvePlain(source)
    }
    case 'list': return shape.items.map((item) => built(item, own))
    case 'map': return builtMap(shape.pairs, own)
    default: return shape satisfies never
  }
}

function builtMap(pairs: readonly PairShape[], own: ComparedText): unknown {
  const map: Record<string, unknown> = {}
  for (const pair of pairs) {
    const name = nameOf(pair, own)
    if (name === null || name.length > longestKey || Object.hasOwn(map, name)) throw unshared
    put(map, name, built(pair.value, own))
  }
  return map
}

function nameOf({ key, name }: PairShape, own: ComparedText): string | null {
  return own.differing[key.start.words] === own.differing[key.end.words] ? name : nameIn(key, own)
}

function nameIn(key: ScalarShape, own: WordedText): string | null {
  const value = valueOf(key, own)
  return value === null ? null : String(value)
}

/** A scalar as a text of the shape writes it; the node has no anchor and no alias leads to it. */
export function writtenIn({ style, start, end }: ScalarShape, own: WordedText): { readonly text: string; readonly start: number; readonly end: number } {
  return { text: sourceOf({ is: 'scalar', style, start, end }, own), start: offsetOf(own, start), end: offsetOf(own, end) }
}

/** How far a pointer leads in a text of the shape: the place in the parsed tree, and how many tokens were found. */
export function placeIn(shape: Shape, own: WordedText, tokens: readonly string[]): { readonly shape: Shape; readonly pair?: Pair; readonly depth: number } {
  let at: Shape = shape
  let pair: Pair | undefined
  for (const [depth, token] of tokens.entries()) {
    const step = at.is === 'map' ? at.pairs.find(({ key }) => nameIn(key, own) === token) : undefined
    const item: Shape | undefined = at.is === 'list' && /^(0|[1-9]\d*)$/.test(token) ? at.items[Number(token)] : undefined
    const next = step?.value ?? item
    if (next === undefined) return { shape: at, depth, ...(pair === undefined ? {} : { pair }) }
    at = next
    pair = step?.pair
  }
  return { shape: at, depth: tokens.length, ...(pair === undefined ? {} : { pair }) }
}
