import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar } from 'yaml'
import type { SourcePosition } from './diagnostic.ts'
import { type Pointer, pointerTokens, toPointer } from './pointer.ts'
import { lineAndColumn } from './source-text.ts'
import { contentEnd, followed, pairEnd, pairOf, type Syntax, type SyntaxTree } from './syntax.ts'

/** One document of a YAML or JSON file, of whatever content. `text` is the whole file's; `value` is what Kubernetes would read (sigs.k8s.io/yaml). */
export interface SourceDocument {
  readonly file: string
  readonly documentIndex: number
  readonly text: string
  readonly value: unknown
  /** Where the value stands; at a pointer that leads nowhere, its nearest existing ancestor. Behind an alias or a merge: where the anchor stands. */
  at(pointer: Pointer): SourcePosition
  /** Where the key of a value stands; for list items and the root, the value itself. */
  keyAt(pointer: Pointer): SourcePosition
  /** The scalar as it is written, or undefined where the pointer leads to no scalar. */
  scalarAt(pointer: Pointer): SourceScalar | undefined
}

/** A scalar as it is written. `text` is its content before it is read as number or truth value (`1.10` stays `1.10`), `raw` the characters in the file. */
export interface SourceScalar {
  readonly text: string
  readonly raw: string
  readonly style: 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded'
  /** UTF-16 offsets into the file's text. */
  readonly start: number
  readonly end: number
  /** The rest of the line behind a scalar on one line, where it is a comment: `{"$imagepolicy": "…"}` without its `#`; else `''`. */
  readonly comment: string
  /** The anchor on this scalar or on anything around it, by which other places may use it too. */
  readonly anchor?: string
  readonly through: 'direct' | 'alias' | 'merge'
}

/** Where a walk along a pointer ended. `depth` tokens were found. */
export interface Place {
  readonly node: Syntax
  readonly pair?: Pair
  readonly depth: number
  readonly through: 'direct' | 'alias' | 'merge'
  readonly anchor?: string
}

export function placeAt(tree: SyntaxTree, tokens: readonly string[]): Place {
  let place: Place = { node: tree.root, depth: 0, through: 'direct' }
  for (const token of tokens) {
    const step = stepInto(tree, place, token)
    if (step === undefined) return place
    place = step
  }
  return place
}

function stepInto(tree: SyntaxTree, from: Place, token: string): Place | undefined {
  const node = followed(tree, from.node)
  const via = isAlias(from.node) ? 'alias' : from.through
  const anchor = (node === null || isAlias(node) ? undefined : node.anchor) ?? from.anchor
  const rest = { depth: from.depth + 1, ...(anchor === undefined ? {} : { anchor }) }
  if (isSeq(node)) {
    const index = /^(0|[1-9]\d*)$/.test(token) ? Number(token) : -1
    return index >= 0 && index < node.items.length ? { node: node.items[index] as Syntax, through: via, ...rest } : undefined
  }
  if (!isMap(node)) return undefined
  const found = pairOf(tree, node, token)
  if (found === undefined) return undefined
  const merged = found.anchor === undefined ? {} : { anchor: found.anchor }
  return { node: found.pair.value as Syntax, pair: found.pair, through: found.through === 'merge' ? 'merge' : via, ...rest, ...merged }
}

/** Makes the document value that callers see; the tree stays behind `syntaxOf`. */
export function makeDocument(given: { readonly file: string; readonly documentIndex: number; readonly value: unknown; readonly tree: SyntaxTree; readonly starts: readonly number[] }): SourceDocument {
  const { file, documentIndex, value, tree, starts } = given
  const position = (start: number, end: number, pointer: Pointer): SourcePosition => positionOf(file, starts, start, end, pointer)
  const find = (pointer: Pointer): { readonly place: Place; readonly found: Pointer } => {
    const tokens = pointerTokens(pointer)
    const place = placeAt(tree, tokens)
    return { place, found: toPointer(tokens.slice(0, place.depth)) }
  }
  const document: SourceDocument = {
    file,
    documentIndex,
    text: tree.text,
    value,
    at: (pointer) => {
      const { place, found } = find(pointer)
      return position(...rangeOf(tree, place), found)
    },
    keyAt: (pointer) => {
      const { place, found } = find(pointer)
      const key = place.pair?.key as Syntax | undefined
      const range = key === undefined || key === null ? rangeOf(tree, place) : ([key.range?.[0] ?? 0, key.range?.[1] ?? 0] as const)
      return position(...range, found)
    },
    scalarAt: (pointer) => {
      const { place, found } = find(pointer)
      return found === pointer ? scalarOf(tree, place) : undefined
    },
  }
  trees.set(document, tree)
  return document
}

/** All pointers whose scalar is the very same text as the one at `pointer`: itself, and every alias or merge that leads to it; the one that owns the text first. */
export function usersOf(document: SourceDocument, pointer: Pointer): readonly Pointer[] {
  const start = document.scalarAt(pointer)?.start
  if (start === undefined) return []
  const users: { readonly pointer: Pointer; readonly through: SourceScalar['through'] }[] = []
  const visit = (value: unknown, at: Pointer): void => {
    if (typeof value !== 'object' || value === null) {
      const scalar = document.scalarAt(at)
      if (scalar?.start === start) users.push({ pointer: at, through: scalar.through })
      return
    }
    for (const [key, inner] of Object.entries(value)) visit(inner, at + toPointer([key]))
  }
  visit(document.value, '')
  return users.toSorted((a, b) => (a.through === 'direct' ? 0 : 1) - (b.through === 'direct' ? 0 : 1)).map((one) => one.pointer)
}

function rangeOf(tree: SyntaxTree, place: Place): readonly [number, number] {
  const node = followed(tree, place.node)
  if (node === null) return place.pair === undefined ? [0, 0] : [pairEnd(place.pair), pairEnd(place.pair)]
  const start = node.range?.[0] ?? 0
  return [start, trimmedEnd(tree.text, start, contentEnd(node))]
}

const trees = new WeakMap<SourceDocument, SyntaxTree>()

/** The tree of a document that `parse` made. Internal to this package. */
export function syntaxOf(document: SourceDocument): SyntaxTree {
  const tree = trees.get(document)
  if (tree === undefined) throw new TypeError('not a document that parse() returned')
  return tree
}

export function positionOf(file: string, starts: readonly number[], start: number, end: number, pointer: Pointer): SourcePosition {
  const from = lineAndColumn(starts, start)
  const to = lineAndColumn(starts, end)
  return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column, pointer }
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && (text[at - 1] === '\n' || text[at - 1] === '\r')) at--
  return at
}

const styles = { PLAIN: 'plain', QUOTE_SINGLE: 'single-quoted', QUOTE_DOUBLE: 'double-quoted', BLOCK_LITERAL: 'literal', BLOCK_FOLDED: 'folded' } as const

function scalarOf(tree: SyntaxTree, place: Place): SourceScalar | undefined {
  const node = followed(tree, place.node)
  if (!isScalar(node)) return undefined
  const [start, end] = node.range ?? [0, 0]
  const anchor = node.anchor ?? place.anchor
  return {
    text: node.source ?? '',
    raw: tree.text.slice(start, end),
    style: styles[(node.type ?? 'PLAIN') as keyof typeof styles],
    start,
    end,
    comment: commentAfter(tree.text, node, end),
    ...(anchor === undefined ? {} : { anchor }),
    through: isAlias(place.node) ? 'alias' : place.through,
  }
}

function commentAfter(text: string, node: Scalar, end: number): string {
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') return ''
  const match = /^[^\S\n]*[,}\]]*[^\S\n]+#([^\n\r]*)/.exec(text.slice(end, end + 2000))
  return match === null ? '' : (match[1] ?? '').trim()
}
