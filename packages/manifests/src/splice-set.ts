import { isMap, isScalar, isSeq, type Pair, type Scalar } from 'yaml'
import { renderInFlow } from './flow-style.ts'
import { columnOf, lineEnd, lineStart, nextLine } from './layout.ts'
import { isPlainSafe, isEmptyOrScalar, quoteDouble, renderBlock, renderFlow, renderScalar } from './render.ts'
import { contentEnd, type Syntax } from './syntax.ts'
import type { TextEdit } from './text-edit.ts'
import { endOf, isInFlow, pointerOf, type Step, type Trail } from './trail.ts'

/** Writes a value where one stands already, whatever the kinds of the two. */
export function replaceValue(trail: Trail, value: unknown): readonly TextEdit[] {
  const step = trail.steps.at(-1)
  const old = step === undefined ? trail.tree.root : step.node
  const edit = (start: number, end: number, text: string): TextEdit => ({ file: trail.file, start, end, text })
  if (isInFlow(trail) && step !== undefined) return [replaceInFlow(trail, step, value)]
  const range = rangeOf(old)
  if (step === undefined) return [edit(...range, isEmptyOrScalar(value) ? oneLine(trail, old, value) : renderBlock(value, columnOf(trail.tree.text, range[0]), trail.layout, '').join(trail.layout.eol))]
  const blockOld = (isMap(old) || isSeq(old)) && old.flow !== true
  if (isEmptyOrScalar(value)) {
    const text = oneLine(trail, old, value)
    if (isEmptyNode(old)) return [insertAfterMark(trail, step, text)]
    return blockOld && step.pair !== undefined ? collapse(trail, step, text) : [edit(...range, text)]
  }
  if (step.pair === undefined) return isEmptyNode(old) ? [insertAfterMark(trail, step, blockFor(trail, step, value))] : [edit(...range, blockFor(trail, step, value))]
  return blockOld ? [replaceBlock(trail, step, range, value)] : openBlock(trail, step, range, value)
}

function isEmptyNode(node: Syntax): boolean {
  return node === null || (isScalar(node) && node.type === 'PLAIN' && node.source === '')
}

function rangeOf(node: Syntax): readonly [number, number] {
  const start = node?.range?.[0] ?? 0
  return [start, Math.max(start, contentEnd(node))]
}

/** A scalar or empty collection in the style of what it replaces: single quotes stay, double quotes stay, plain stays where it reads the same. */
function oneLine(trail: Trail, old: Syntax, value: unknown): string {
  const text = textLike(trail, old, value)
  // A block scalar's range reaches over its line break, which must stay.
  const range = rangeOf(old)
  const tail = isScalar(old) || isMap(old) || isSeq(old) ? /[\r\n][\s]*$/.exec(trail.tree.text.slice(...range))?.[0] ?? '' : ''
  return text + tail
}

function textLike(trail: Trail, old: Syntax, value: unknown): string {
  if (typeof value !== 'string') return renderFlow(value, trail.layout, pointerOf(trail))
  const wanted = trail.layout.quotes(value, pointerOf(trail))
  if (wanted === 'when-needed' && isScalar(old)) return scalarLike(old, value, isInFlow(trail) ? 'flow' : 'block')
  return renderScalar(value, wanted, isInFlow(trail) ? 'flow' : 'block')
}

function scalarLike(old: Scalar, value: string, around: 'block' | 'flow'): string {
  if (old.type === 'QUOTE_DOUBLE') return quoteDouble(value)
  if (old.type === 'QUOTE_SINGLE') return renderScalar(value, 'single', around)
  return isPlainSafe(value, around) ? value : old.source === '' ? renderScalar(value, 'when-needed', around) : quoteDouble(value)
}

function replaceInFlow(trail: Trail, step: Step, value: unknown): TextEdit {
  const { node: old, container } = step
  const quoted = typeof value === 'string' && isScalar(old) && old.source !== ''
  const text = quoted ? textLike(trail, old, value) : renderInFlow(trail, container, value, pointerOf(trail))
  if (!isEmptyNode(old)) return { file: trail.file, start: rangeOf(old)[0], end: rangeOf(old)[1], text }
  return insertAfterMark(trail, step, text)
}

/** Where the colon or dash before a value stands, plus one. */
function afterMark(trail: Trail, step: Step): number {
  const { text } = trail.tree
  if (step.pair === undefined) {
    const start = step.node?.range?.[0] ?? 0
    return text.lastIndexOf('-', start) + 1
  }
  const end = contentEnd(step.pair.key as Syntax)
  return /^\s*:/.exec(text.slice(end, end + 1024))?.[0].length === undefined ? end : end + (/^\s*:/.exec(text.slice(end, end + 1024))?.[0].length ?? 0)
}

function insertAfterMark(trail: Trail, step: Step, text: string): TextEdit {
  const at = afterMark(trail, step)
  const colon = trail.tree.text[at - 1] === ':' || trail.tree.text[at - 1] === '-' ? '' : ':'
  return { file: trail.file, start: at, end: at, text: `${colon} ${text}` }
}

/** A block collection becomes a value on the key's own line; comments between the key and the collection stay. */
function collapse(trail: Trail, step: Step, text: string): readonly TextEdit[] {
  const { text: source } = trail.tree
  const [start, end] = rangeOf(step.node)
  const from = lineStart(source, start)
  const to = trimBreaks(source, start, end)
  const insert = insertAfterMark(trail, step, text)
  const untilNext = nextLine(source, to)
  const atEnd = untilNext === source.length && source[untilNext - 1] !== '\n'
  return [insert, atEnd ? { file: trail.file, start: breakBefore(source, from), end: untilNext, text: '' } : { file: trail.file, start: from, end: untilNext, text: '' }]
}

/** The end of a value without the line breaks that a block scalar at its end carries. */
export function trimBreaks(text: string, start: number, end: number): number {
  let at = end
  while (at > start && (text[at - 1] === '\n' || text[at - 1] === '\r')) at--
  return at
}

/** The start of the line break before an offset that begins a line. */
export function breakBefore(text: string, offset: number): number {
  if (offset > 1 && text[offset - 1] === '\n' && text[offset - 2] === '\r') return offset - 2
  return offset > 0 && text[offset - 1] === '\n' ? offset - 1 : offset
}

/** The lines of an item, the first to stand right after its dash. */
function blockFor(trail: Trail, step: Step, value: unknown): string {
  const start = isEmptyNode(step.node) ? afterMark(trail, step) + 1 : rangeOf(step.node)[0]
  const tail = /[\r\n]\s*$/.exec(trail.tree.text.slice(...rangeOf(step.node)))?.[0] ?? ''
  return renderBlock(value, columnOf(trail.tree.text, start), trail.layout, pointerOf(trail)).join(trail.layout.eol) + tail
}

function linesUnder(trail: Trail, pair: Pair, value: unknown, like: Syntax): string {
  const { text } = trail.tree
  const key = columnOf(text, (pair.key as Syntax)?.range?.[0] ?? 0)
  const old = like !== null && !isEmptyNode(like) ? columnOf(text, like.range?.[0] ?? 0) : -1
  const keep = old >= 0 && (Array.isArray(value) ? isSeq(like) : isMap(like)) && !isScalar(like) && (like as { flow?: boolean }).flow !== true
  const column = keep ? old : key + (Array.isArray(value) ? trail.layout.dashes : trail.layout.indent)
  const [first, ...rest] = renderBlock(value, column, trail.layout, pointerOf(trail))
  return [' '.repeat(column) + (first ?? ''), ...rest].join(trail.layout.eol)
}

function replaceBlock(trail: Trail, step: Step, range: readonly [number, number], value: unknown): TextEdit {
  const { text } = trail.tree
  const lines = linesUnder(trail, step.pair as Pair, value, endOf(trail))
  return { file: trail.file, start: lineStart(text, range[0]), end: trimBreaks(text, range[0], range[1]), text: lines }
}

/** A scalar, `[]`, `{}` or nothing becomes a block under the key; a comment behind the old value stays on the key's line. */
function openBlock(trail: Trail, step: Step, range: readonly [number, number], value: unknown): readonly TextEdit[] {
  const { text } = trail.tree
  const mark = afterMark(trail, step)
  const end = isEmptyNode(step.node) ? mark : trimBreaks(text, range[0], range[1])
  const lines = trail.layout.eol + linesUnder(trail, step.pair as Pair, value, null)
  const line = lineEnd(text, end)
  const gone = { file: trail.file, start: mark, end, text: '' }
  return line === end ? [{ ...gone, text: lines }] : [gone, { file: trail.file, start: line, end: line, text: lines }]
}
