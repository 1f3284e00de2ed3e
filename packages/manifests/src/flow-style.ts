import { isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { columnOf, lineStart, marginOf } from './layout.ts'
import type { Pointer } from './pointer.ts'
import { quoteDouble, renderFlow, renderScalar } from './render.ts'
import { contentEnd, pairEnd, type Syntax } from './syntax.ts'
import { isInFlow, type Trail } from './trail.ts'

/** A value as it is written inside a container in flow style: as JSON where the container is JSON, else in YAML's own flow style. */
export function renderInFlow(trail: Trail, container: YAMLMap | YAMLSeq, value: unknown, pointer: Pointer): string {
  if (!isJsonStyle(trail, container)) return renderFlow(value, trail.layout, pointer, paddingOf(trail, container))
  const step = itemMargin(trail, container)
  const text = step === undefined ? JSON.stringify(value) : JSON.stringify(value, undefined, step.unit).replaceAll('\n', trail.layout.eol + step.margin)
  return escaped(text)
}

function escaped(json: string): string {
  // JSON may hold U+2028 and the like unescaped, which YAML would read as line breaks.
  return json.replace(/[\u007f-\u00a0\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff0-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A key as the container's other keys are written. */
export function renderKeyInFlow(trail: Trail, container: YAMLMap | YAMLSeq, key: string): string {
  return isJsonStyle(trail, container) ? quoteDouble(key) : renderScalar(key, 'when-needed', 'flow')
}

export function colonIn(trail: Trail, container: YAMLMap): string {
  const first = container.items[0] as Pair | undefined
  if (first === undefined || first.value === null) return ': '
  const between = trail.tree.text.slice(contentEnd(first.key as Syntax), (first.value as Syntax)?.range?.[0] ?? 0)
  return /^\s*:$/.test(between) && isJsonStyle(trail, container) ? ':' : ': '
}

/** What stands between two items of a container: `, `, or a comma and a new line where each item has its own. */
export function separatorIn(trail: Trail, container: YAMLMap | YAMLSeq): string {
  const step = itemMargin(trail, container)
  if (step !== undefined && container.items.length > 0) return `,${trail.layout.eol}${step.margin}`
  const [first, second] = [container.items[0], container.items[1]]
  if (first === undefined || second === undefined) return ', '
  const between = trail.tree.text.slice(itemEnd(first), itemStart(second))
  return /^,\s*$/.test(between) ? between : ', '
}

/** Whether keys and texts of a container are written as JSON: it is a file's root, or its first key is in double quotes. */
function isJsonStyle(trail: Trail, container: YAMLMap | YAMLSeq): boolean {
  const root = trail.tree.root
  if (root !== null && (isMap(root) || isSeq(root)) && root.flow === true) {
    const key = isMap(root) ? (root.items[0] as Pair | undefined)?.key : undefined
    return key === undefined || (isScalar(key) && key.type === 'QUOTE_DOUBLE')
  }
  const key = isMap(container) ? (container.items[0] as Pair | undefined)?.key : undefined
  return isScalar(key) && key.type === 'QUOTE_DOUBLE'
}

function paddingOf(trail: Trail, container: YAMLMap | YAMLSeq): '' | ' ' {
  if (!isMap(container) || container.items.length === 0) return ''
  return trail.tree.text[(container.range?.[0] ?? 0) + 1] === ' ' ? ' ' : ''
}

/** Where each item has a line of its own: the margin of these lines and the unit by which they are deeper than the container. */
function itemMargin(trail: Trail, container: YAMLMap | YAMLSeq): { readonly margin: string; readonly unit: string } | undefined {
  const { text } = trail.tree
  const first = container.items[0]
  const open = container.range?.[0] ?? 0
  if (first === undefined) {
    if (!isInFlow(trail) || !text.slice(0, open).includes('\n')) return undefined
    const outer = marginOf(text, open)
    return { margin: outer + (outer.includes('\t') ? '\t' : '  '), unit: outer.includes('\t') ? '\t' : '  ' }
  }
  const start = itemStart(first)
  if (lineStart(text, start) <= open) return undefined
  const margin = text.slice(lineStart(text, start), start)
  if (!/^[ \t]*$/.test(margin) || columnOf(text, start) !== margin.length) return undefined
  const outer = marginOf(text, open)
  return { margin, unit: margin.startsWith(outer) && margin.length > outer.length ? margin.slice(outer.length) : '  ' }
}

export function itemStart(item: unknown): number {
  const node = isPairLike(item) ? (item.key as Syntax) : (item as Syntax)
  return node?.range?.[0] ?? 0
}

export function itemEnd(item: unknown): number {
  return isPairLike(item) ? pairEnd(item) : contentEnd(item as Syntax)
}

function isPairLike(item: unknown): item is Pair {
  return typeof item === 'object' && item !== null && 'key' in item && !('range' in item)
}
