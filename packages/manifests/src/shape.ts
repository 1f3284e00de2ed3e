import { isAlias, isScalar, isSeq, type Pair, type Scalar } from 'yaml'
import { isMergeKey, keyName, scalarValue, type Syntax, type SyntaxTree } from './syntax.ts'
import { resolvePlain } from './plain-scalar.ts'

/*
 * Texts that differ in words alone (letters and digits, with single - _ . / between them) have the same YAML structure: no character that means something to YAML is among them, and a word neither begins nor ends
 * anything by what it says. Of many such texts one is parsed, and the others take its tree with their own words. What a word may mean (true, 012, a key that comes twice) is asked of each text. Where a word may bear
 * on the structure (anchors, tags, directives, block scalars, escapes, texts over several lines) nothing is shared.
 */
const word = /[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)*/g
const mark = '\u0001'
/** YAML takes no key above 1024 characters. */
const longestKey = 1000

/** What is the same of all texts that differ in words alone; undefined for one that cannot be shared. */
export function skeletonOf(text: string): string | undefined {
  return text.includes(mark) || /^%/m.test(text) ? undefined : text.replace(word, mark)
}

/** The offsets at which the words of a text end. */
export function wordEnds(text: string): Int32Array {
  const ends: number[] = []
  word.lastIndex = 0
  while (word.exec(text) !== null) ends.push(word.lastIndex)
  return Int32Array.from(ends)
}

/** A place between characters, as so many characters behind the end of the word before it. */
interface Boundary {
  readonly words: number
  readonly behind: number
}

interface ScalarShape {
  readonly is: 'scalar'
  readonly style: 'plain' | 'single' | 'double'
  readonly start: Boundary
  readonly end: Boundary
}

/** The structure of a value without its words; `node` is where the parsed text has it. */
export type Shape = { readonly node: Syntax } & (
  | ScalarShape
  | { readonly is: 'nothing' }
  | { readonly is: 'list'; readonly items: readonly Shape[] }
  | { readonly is: 'map'; readonly pairs: readonly { readonly key: ScalarShape; readonly pair: Pair; readonly value: Shape }[] }
)

/** A text of a shape: its characters, and where its words end. */
export interface Shaped {
  readonly text: string
  readonly ends: Int32Array
}

export function offsetOf({ ends }: Shaped, { words, behind }: Boundary): number {
  return (words === 0 ? 0 : (ends[words - 1] as number)) + behind
}

export function boundaryOf({ ends }: Shaped, offset: number): Boundary {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ends[middle] as number) <= offset) low = middle + 1
    else high = middle
  }
  return { words: low, behind: offset - (low === 0 ? 0 : (ends[low - 1] as number)) }
}

/** The shape of a parsed document, or undefined where it is none that can be shared. */
export function shapeOf(tree: SyntaxTree, ends: Int32Array): Shape | undefined {
  try {
    return shaped(tree.root, { text: tree.text, ends })
  } catch (error) {
    if (error === unshared) return undefined
    throw error
  }
}

const unshared: unique symbol = Symbol('not to be shared')
const collections = new Set([undefined, 'tag:yaml.org,2002:map', 'tag:yaml.org,2002:seq'])

function shaped(node: Syntax, from: Shaped): Shape {
  if (node === null) return { is: 'nothing', node }
  if (isAlias(node) || node.anchor !== undefined) throw unshared
  if (isScalar(node)) return { ...scalarShape(node, from), node }
  if (!collections.has(node.tag)) throw unshared
  if (isSeq(node)) return { is: 'list', node, items: node.items.map((item) => shaped(item as Syntax, from)) }
  return { is: 'map', node, pairs: node.items.map((pair) => ({ key: keyShape(pair, from), pair, value: shaped(pair.value as Syntax, from) })) }
}

function keyShape({ key }: Pair, from: Shaped): ScalarShape {
  if (!isScalar(key) || key.anchor !== undefined || isMergeKey(key) || keyName(key) === null) throw unshared
  return scalarShape(key, from)
}

const inWord = /^[A-Za-z0-9_./-]{2}$/
const styles: Readonly<Record<string, ScalarShape['style']>> = { PLAIN: 'plain', QUOTE_SINGLE: 'single', QUOTE_DOUBLE: 'double' }

function scalarShape(node: Scalar, from: Shaped): ScalarShape {
  const style = styles[node.type ?? 'PLAIN']
  if (style === undefined || node.tag !== undefined) throw unshared
  const [start, end] = node.range ?? [0, 0]
  const raw = from.text.slice(start, end)
  if ([start, end].some((offset) => inWord.test(from.text.slice(offset - 1, offset + 1)))) throw unshared
  const shape: ScalarShape = { is: 'scalar', style, start: boundaryOf(from, start), end: boundaryOf(from, end) }
  if (raw.includes('\n') || (style === 'double' && raw.includes('\\')) || sourceOf(shape, from) !== (node.source ?? '') || !Object.is(valueOf(shape, from), scalarValue(node))) throw unshared
  return shape
}

function sourceOf({ style, start, end }: ScalarShape, own: Shaped): string {
  const [from, to] = [offsetOf(own, start), offsetOf(own, end)]
  if (style === 'plain') return own.text.slice(from, to)
  const inner = own.text.slice(from + 1, to - 1)
  return style === 'single' && inner.includes("'") ? inner.replaceAll("''", "'") : inner
}

function valueOf(shape: ScalarShape, own: Shaped): string | number | boolean | null {
  const source = sourceOf(shape, own)
  return shape.style === 'plain' ? resolvePlain(source) : source
}

const unreadable = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/

/** The JSON value that a text of the shape holds, or undefined where its words say what only a parse of its own can judge. */
export function valueIn(shape: Shape, own: Shaped): { readonly value: unknown } | undefined {
  try {
    return { value: built(shape, own) }
  } catch (error) {
    if (error === unshared) return undefined
    throw error
  }
}

function built(shape: Shape, own: Shaped): unknown {
  switch (shape.is) {
    case 'nothing': return null
    case 'scalar': {
      if (shape.style !== 'plain') return sourceOf(shape, own)
      const source = sourceOf(shape, own)
      if (unreadable.test(source)) throw unshared
      return resolvePlain(source)
    }
    case 'list': return shape.items.map((item) => built(item, own))
    case 'map': {
      const entries = new Map<string, unknown>()
      for (const { key, value } of shape.pairs) {
        const name = nameIn(key, own)
        if (name === null || name.length > longestKey || entries.has(name)) throw unshared
        entries.set(name, built(value, own))
      }
      return Object.fromEntries(entries)
    }
    default: return shape satisfies never
  }
}

function nameIn(key: ScalarShape, own: Shaped): string | null {
  const value = valueOf(key, own)
  return value === null ? null : String(value)
}

/** A scalar as a text of the shape writes it; the node has no anchor and no alias leads to it. */
export function writtenIn({ style, start, end }: ScalarShape, own: Shaped): { readonly text: string; readonly start: number; readonly end: number } {
  return { text: sourceOf({ is: 'scalar', style, start, end }, own), start: offsetOf(own, start), end: offsetOf(own, end) }
}

/** How far a pointer leads in a text of the shape: the place in the parsed tree, and how many tokens were found. */
export function placeIn(shape: Shape, own: Shaped, tokens: readonly string[]): { readonly shape: Shape; readonly pair?: Pair; readonly depth: number } {
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
