import { isAlias, isMap, isScalar, isSeq, type Pair } from 'yaml'
import type { SourcePosition } from './diagnostic.ts'
import { type Pointer, pointerTokens, toPointer } from './pointer.ts'
import { type LineAndColumn, lineAndColumn } from './source-text.ts'
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

/** What a document is made of. The tree and the lines may be made when they are first asked for. */
export interface DocumentParts {
  readonly file: string
  readonly documentIndex: number
  readonly text: string
  readonly value: unknown
  readonly tree: () => SyntaxTree
  readonly find: (tokens: readonly string[], part: Part) => FoundPlace
  readonly scalar: (tokens: readonly string[]) => SourceScalar | undefined
}

/** The characters of a value, or those of the key before it. */
export type Part = 'value' | 'key'

/** How far a pointer leads, and where what is there begins and ends. */
export interface FoundPlace {
  readonly depth: number
  readonly from: LineAndColumn
  readonly to: LineAndColumn
}

/** Makes the document value that callers see; the tree stays behind `syntaxOf`. */
export function makeDocument({ file, documentIndex, text, value, tree, find, scalar }: DocumentParts): SourceDocument {
  const position = (pointer: Pointer, part: Part): SourcePosition => {
    const tokens = pointerTokens(pointer)
    const { depth, from, to } = find(tokens, part)
    return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column, pointer: toPointer(tokens.slice(0, depth)) }
  }
  const document: SourceDocument = {
    file,
    documentIndex,
    text,
    value,
    at: (pointer) => position(pointer, 'value'),
    keyAt: (pointer) => position(pointer, 'key'),
    scalarAt: (pointer) => scalar(pointerTokens(pointer)),
  }
  trees.set(document, tree)
  return document
}

/** Where a pointer leads in a tree of the document's own. */
export function findIn(tree: SyntaxTree, starts: readonly number[], tokens: readonly string[], part: Part): FoundPlace {
  const place = placeAt(tree, tokens)
  const [start, end] = partOf(tree, place, part)
  return { depth: place.depth, from: lineAndColumn(starts, start), to: lineAndColumn(starts, end) }
}

/** The scalar to which a pointer leads in a tree of the document's own. */
export function scalarIn(tree: SyntaxTree, tokens: readonly string[]): SourceScalar | undefined {
  const place = placeAt(tree, tokens)
  return place.depth === tokens.length ? scalarOf(tree, place) : undefined
}

/** The offsets of a place of a tree. List items and the root have no key: there it is the value. */
export function partOf(tree: SyntaxTree, place: Pick<Place, 'node' | 'pair'>, part: Part): readonly [number, number] {
  const key = part === 'key' ? (place.pair?.key as Syntax | undefined) : undefined
  return key === undefined || key === null ? rangeOf(tree, place) : [key.range?.[0] ?? 0, key.range?.[1] ?? 0]
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

function rangeOf(tree: SyntaxTree, place: Pick<Place, 'node' | 'pair'>): readonly [number, number] {
  const node = followed(tree, place.node)
  if (node === null) return place.pair === undefined ? [0, 0] : [pairEnd(place.pair), pairEnd(place.pair)]
  const start = node.range?.[0] ?? 0
  return [start, trimmedEnd(tree.text, start, contentEnd(node))]
}

const trees = new WeakMap<SourceDocument, () => SyntaxTree>()

/** The tree of a document that `parse` made. Internal to this package. */
export function syntaxOf(document: SourceDocument): SyntaxTree {
  const tree = trees.get(document)
  if (tree === undefined) throw new TypeError('not a document that parse() returned')
  return tree()
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
    comment: node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? '' : commentAfter(tree.text, end),
    ...(anchor === undefined ? {} : { anchor }),
    through: isAlias(place.node) ? 'alias' : place.through,
  }
}

/** The comment on the line on which a scalar ends. */
export function commentAfter(text: string, end: number): string {
  const match = /^[^\S\n]*[,}\]]*[^\S\n]+#([^\n\r]*)/.exec(text.slice(end, end + 2000))
  return match === null ? '' : (match[1] ?? '').trim()
}
