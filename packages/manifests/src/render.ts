import { isMap } from './merge-patch.ts'
import { ManifestsError } from './manifests-error.ts'
import { readsAsText } from './plain-scalar.ts'
import { type Pointer, toPointer } from './pointer.ts'

/** How a new text is written: unquoted where every reader agrees that it is this text, or always in quotes of one kind. */
export type Quotes = 'when-needed' | 'single' | 'double'

/** The looks of a document that new parts follow. Columns and widths count spaces. */
export interface Layout {
  readonly eol: string
  /** How much deeper the keys of a map stand than their parent's key. */
  readonly indent: number
  /** How much deeper the dashes of a list stand than their parent's key: often 0. */
  readonly dashes: number
  readonly quotes: (text: string, pointer: Pointer) => Quotes
}

/** A scalar as it is written in block (`around: 'block'`) or flow context. */
export function renderScalar(value: unknown, quotes: Quotes, around: 'block' | 'flow'): string {
  if (typeof value !== 'string') return renderToken(value)
  if (quotes === 'double') return quoteDouble(value)
  if (quotes === 'single') return quoteSingle(value)
  return isPlainSafe(value, around) ? value : quoteLightly(value)
}

function renderToken(value: unknown): string {
  if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return JSON.stringify(value)
  throw new ManifestsError('unprintable-value', 'only JSON values can be written')
}

/** Whether a text can stand unquoted and be read as itself by every YAML reader. */
export function isPlainSafe(text: string, around: 'block' | 'flow'): boolean {
  if (text === '' || !readsAsText(text) || text.includes('{{')) return false
  if (/^[\s\-?:,[\]{}#&*!|>'"%@`=<~]/.test(text) || /\s$/.test(text) || /:(\s|$)|\s#/.test(text)) return false
  if (around === 'flow' && /[,[\]{}]/.test(text)) return false
  return !unprintable.test(text) && !text.startsWith('...')
}

// Everything that a YAML reader may reject or fold: controls, line breaks of Unicode, odd spaces, BOM, lone surrogates.
const unprintable = /[^\x20-\x7e\u00a1-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff\u{10000}-\u{10fffd}\uf900-\ufefe]/u

function quoteLightly(text: string): string {
  return text.includes('"') || text.includes('\\') ? quoteSingle(text) : quoteDouble(text)
}

function quoteSingle(text: string): string {
  return unprintable.test(text) ? quoteDouble(text) : `'${text.replaceAll("'", "''")}'`
}

export function quoteDouble(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u00a0\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufff0-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export function isEmptyOrScalar(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : !isMap(value) || entriesOf(value).length === 0
}

function entriesOf(map: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(map).filter(([, value]) => value !== undefined)
}

/** A value on one line: a scalar, `[]`, `{}`, or a whole value in flow style. */
export function renderFlow(value: unknown, layout: Layout, pointer: Pointer, padding: '' | ' ' = ''): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map((item, index) => renderFlow(item, layout, `${pointer}/${index}`, padding)).join(', ')}]`
  if (!isMap(value)) return renderScalar(value, typeof value === 'string' ? layout.quotes(value, pointer) : 'when-needed', 'flow')
  const entries = entriesOf(value)
  if (entries.length === 0) return '{}'
  return `{${padding}${entries.map(([key, inner]) => `${renderScalar(key, 'when-needed', 'flow')}: ${renderFlow(inner, layout, pointer + toPointer([key]), padding)}`).join(', ')}${padding}}`
}

/** A map or list that is not empty as the lines of block style, the first one not indented, all others by `column` and more. */
export function renderBlock(value: unknown, column: number, layout: Layout, pointer: Pointer): readonly string[] {
  if (column > 1000) throw new ManifestsError('unprintable-value', 'the value is nested too deep')
  const margin = ' '.repeat(column)
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const [first, ...rest] = linesOf(item, column + 2, layout, `${pointer}/${index}`)
      return [`${index === 0 ? '' : margin}- ${first ?? ''}`, ...rest]
    })
  }
  return entriesOf(value as Readonly<Record<string, unknown>>).flatMap(([key, inner], index) =>
    renderPair(key, inner, column, layout, pointer + toPointer([key])).map((line, at) => (index === 0 || at > 0 ? line : margin + line)))
}

/** A key with its value in block style, the first line not indented. `column` is the key's. */
export function renderPair(key: string, value: unknown, column: number, layout: Layout, pointer: Pointer): readonly string[] {
  const name = renderScalar(key, 'when-needed', 'block')
  if (isEmptyOrScalar(value)) return [`${name}: ${linesOf(value, column, layout, pointer)[0] ?? ''}`]
  const inner = column + (Array.isArray(value) ? layout.dashes : layout.indent)
  const [first, ...rest] = renderBlock(value, inner, layout, pointer)
  return [`${name}:`, ' '.repeat(inner) + (first ?? ''), ...rest]
}

function linesOf(value: unknown, column: number, layout: Layout, pointer: Pointer): readonly string[] {
  if (!isEmptyOrScalar(value)) return renderBlock(value, column, layout, pointer)
  if (typeof value === 'string') return [renderScalar(value, layout.quotes(value, pointer), 'block')]
  return [Array.isArray(value) ? '[]' : isMap(value) ? '{}' : renderScalar(value, 'when-needed', 'block')]
}
