import { isMap, isPair, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { colonIn, itemEnd, itemStart, renderInFlow, renderKeyInFlow, separatorIn } from './flow-style.ts'
import { columnOf, lineEnd } from './layout.ts'
import { ManifestsError } from './manifests-error.ts'
import { toPointer } from './pointer.ts'
import { isEmptyOrScalar, renderBlock, renderFlow, renderPair, renderScalar } from './render.ts'
import { replaceValue, trimBreaks } from './splice-set.ts'
import type { Syntax } from './syntax.ts'
import type { TextEdit } from './text-edit.ts'
import { endOf, isInFlow, pointerOf, type Trail } from './trail.ts'

/** Adds what the trail's rest names to the container at its end, with the parents that are missing. */
export function addValue(trail: Trail, value: unknown): readonly TextEdit[] {
  const [token, ...more] = trail.rest
  const container = endOf(trail)
  if (token === undefined) return replaceValue(trail, value)
  const wrapped = wrap(more, value)
  if (isMap(container)) return addKey(trail, container, token, wrapped)
  if (isSeq(container)) return insertItem(trail, container, container.items.length, wrapped)
  if (container === null || (isScalar(container) && container.type === 'PLAIN' && /^(~|null|Null|NULL)?$/.test(container.source ?? ''))) {
    return replaceValue(trail, wrap(trail.rest, value))
  }
  throw new ManifestsError('not-a-container', `${pointerOf(trail)} is a scalar`)
}

function wrap(tokens: readonly string[], value: unknown): unknown {
  return tokens.reduceRight((inner, token) => (token === '-' ? [inner] : Object.fromEntries([[token, inner]])), value)
}

function addKey(trail: Trail, map: YAMLMap, key: string, value: unknown): readonly TextEdit[] {
  const pointer = pointerOf(trail) + toPointer([key])
  if (map.flow === true) {
    if (map.items.length === 0 && trail.steps.length > 0 && !isInFlow(trail)) return replaceValue(trail, Object.fromEntries([[key, value]]))
    const text = `${renderKeyInFlow(trail, map, key)}${colonIn(trail, map)}${renderInFlow(trail, map, value, pointer)}`
    return [insertInFlow(trail, map, map.items.length, text)]
  }
  const last = map.items.at(-1) as Pair
  const column = columnOf(trail.tree.text, (map.items[0]?.key as Syntax)?.range?.[0] ?? 0)
  const lines = isEmptyOrScalar(value) ? [`${renderScalar(key, 'when-needed', 'block')}: ${oneLine(trail, value, pointer)}`] : renderPair(key, value, column, trail.layout, pointer)
  return [...chompedEnd(trail, last), insertAfter(trail, itemEnd(last), column, lines)]
}

function oneLine(trail: Trail, value: unknown, pointer: string): string {
  return typeof value === 'string' ? renderScalar(value, trail.layout.quotes(value, pointer), 'block') : renderFlow(value, trail.layout, pointer)
}

/** A block scalar that ends the file without a line break would gain one: its header then says that it has none (`|` becomes `|-`). */
function chompedEnd(trail: Trail, item: unknown): readonly TextEdit[] {
  const { text } = trail.tree
  const leaf = lastLeaf(item)
  if (!isScalar(leaf) || (leaf.type !== 'BLOCK_LITERAL' && leaf.type !== 'BLOCK_FOLDED') || leaf.range?.[1] !== text.length || (leaf.source ?? '').endsWith('\n')) return []
  const start = leaf.range[0] + 1
  const [, before = '', chomp = ''] = /^([1-9]?)([+-]?)/.exec(text.slice(start, start + 3)) ?? []
  const at = start + before.length
  return chomp === '-' ? [] : [{ file: trail.file, start: at, end: at + chomp.length, text: '-' }]
}

function lastLeaf(item: unknown): unknown {
  if (isPair(item)) return lastLeaf(item.value)
  return (isMap(item) || isSeq(item)) && item.flow !== true && item.items.length > 0 ? lastLeaf(item.items.at(-1)) : item
}

/** New lines after the line on which something ends, before that line's own break. */
function insertAfter(trail: Trail, end: number, column: number, lines: readonly string[]): TextEdit {
  const { text } = trail.tree
  const at = lineEnd(text, endOfLastLine(text, end))
  const margin = ' '.repeat(column)
  return { file: trail.file, start: at, end: at, text: trail.layout.eol + margin + lines.join(trail.layout.eol) }
}

function endOfLastLine(text: string, end: number): number {
  if (text[end - 1] !== '\n') return end
  // A block scalar that keeps its last line breaks (`|+`) must keep them all: only the last one moves behind the new lines.
  const trimmed = trimBreaks(text, 0, end)
  const header = text.slice(Math.max(0, trimmed - 20_000), trimmed).match(/[|>]\d?\+\d?[^\S\n]*(#[^\n]*)?\r?$/gm)
  return header === null ? trimmed : end - (text[end - 2] === '\r' ? 2 : 1)
}

/** Puts an item before the one at `index`, or at the end. */
export function insertItem(trail: Trail, list: YAMLSeq, index: number, value: unknown): readonly TextEdit[] {
  const pointer = `${pointerOf(trail)}/${index}`
  if (list.flow === true) {
    if (list.items.length === 0 && trail.steps.length > 0 && !isInFlow(trail)) return replaceValue(trail, [value])
    return [insertInFlow(trail, list, index, renderInFlow(trail, list, value, pointer))]
  }
  const { text } = trail.tree
  const first = list.range?.[0] ?? 0
  const column = columnOf(text, first)
  const gap = gapOf(trail, list)
  const [head, ...rest] = isEmptyOrScalar(value) ? [oneLine(trail, value, pointer)] : renderBlock(value, column + gap, trail.layout, pointer)
  const lines = [`-${' '.repeat(gap - 1)}${head ?? ''}`, ...rest]
  if (index > 0) return [...chompedEnd(trail, list.items[index - 1]), insertAfter(trail, itemEnd(list.items[index - 1]), column, lines)]
  const eol = trail.layout.eol
  return [{ file: trail.file, start: first, end: first, text: `${lines.join(eol)}${eol}${' '.repeat(column)}` }]
}

/** How far behind its dash an item begins, after the list's own items. */
function gapOf(trail: Trail, list: YAMLSeq): number {
  const { text } = trail.tree
  const start = list.range?.[0] ?? 0
  const item = list.items[0] as Syntax
  const between = text.slice(start, item?.range?.[0] ?? start)
  return /^- +$/.test(between) ? between.length : 2
}

function insertInFlow(trail: Trail, container: YAMLMap | YAMLSeq, index: number, text: string): TextEdit {
  const at = (start: number, inserted: string): TextEdit => ({ file: trail.file, start, end: start, text: inserted })
  const separator = separatorIn(trail, container)
  const before = container.items[index]
  if (before !== undefined) return at(itemStart(before), text + separator)
  const last = container.items.at(-1)
  if (last !== undefined) return at(itemEnd(last), separator + text)
  return at((container.range?.[0] ?? 0) + 1, text)
}
