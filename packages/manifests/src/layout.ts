import { isMap, isSeq } from 'yaml'
import { type Layout, type Quotes } from './render.ts'
import type { Syntax, SyntaxTree } from './syntax.ts'

/** Reads off a document how it indents maps and lists: what most of its values do; two spaces and dashes not indented where it shows nothing. */
export function layoutOf(tree: SyntaxTree, quotes: Layout['quotes'] | Quotes | undefined): Layout {
  const indents = new Map<number, number>()
  const dashes = new Map<number, number>()
  const look = (node: Syntax): void => {
    if (isSeq(node)) for (const item of node.items) look(item as Syntax)
    if (!isMap(node)) return
    for (const pair of node.items) {
      const key = pair.key as Syntax
      const value = pair.value as Syntax
      if (key !== null && value !== null && (isMap(value) || isSeq(value)) && value.flow !== true && node.flow !== true && value.items.length > 0) {
        const deeper = columnOf(tree.text, value.range?.[0] ?? 0) - columnOf(tree.text, key.range?.[0] ?? 0)
        const counts = isMap(value) ? indents : dashes
        counts.set(deeper, (counts.get(deeper) ?? 0) + 1)
      }
      look(value)
    }
  }
  look(tree.root)
  return {
    eol: /\r\n/.test(tree.text) && !/[^\r]\n/.test(tree.text) ? '\r\n' : firstEol(tree.text),
    indent: Math.max(1, mostFrequent(indents, 2)),
    dashes: mostFrequent(dashes, 0),
    quotes: typeof quotes === 'function' ? quotes : (): Quotes => quotes ?? 'when-needed',
  }
}

function firstEol(text: string): string {
  const at = text.indexOf('\n')
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n'
}

function mostFrequent(counts: ReadonlyMap<number, number>, otherwise: number): number {
  let best: readonly [number, number] = [otherwise, 0]
  for (const entry of counts) if (entry[0] >= 0 && entry[1] > best[1]) best = entry
  return best[0]
}

/** The column (0-based) of an offset in its line. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}

export function lineStart(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
  return start === 0 && text.startsWith('\ufeff') ? 1 : start
}

/** Where the line of an offset ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset)
  if (at < 0) return text.length
  return at > offset && text[at - 1] === '\r' ? at - 1 : at
}

/** Where the next line begins, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset)
  return at < 0 ? text.length : at + 1
}

/** The whitespace with which the line of an offset begins. */
export function marginOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? ''
}

