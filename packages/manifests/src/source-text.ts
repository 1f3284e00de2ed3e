import type { Diagnostic, SourcePosition } from './diagnostic.ts'

/** A file as it was read: its name, as diagnostics shall print it, and its bytes or its already decoded text (a BOM included). */
export type SourceText = { readonly file: string; readonly bytes: Uint8Array } | { readonly file: string; readonly text: string }

/** Files above this many bytes (10 MB) are refused: no manifest is that large, and YAML is slow to read. */
export const largestFile: number = 10 * 1024 * 1024

const bom = '\ufeff'
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of a file, BOM and line ends kept, or the reason why it is none. */
export function decode(source: SourceText): { readonly text: string } | { readonly refused: Diagnostic } {
  const size = 'bytes' in source ? source.bytes.length : source.text.length
  const refuse = (code: Diagnostic['code'], message: string, hint: string): { readonly refused: Diagnostic } =>
    ({ refused: { code, severity: 'error', message, hint, at: startOf(source.file) } })
  if (size > largestFile) {
    return refuse('file-too-large', `the file has ${size} bytes, more than ${largestFile}`, 'split it, or leave it out of the given paths')
  }
  if ('bytes' in source && isUtf16(source.bytes)) return refuse('not-utf-8', 'the file is UTF-16', 'save it as UTF-8')
  if ('bytes' in source && source.bytes.subarray(0, 8192).includes(0)) {
    return refuse('binary-file', 'the file is binary', 'leave it out of the given paths')
  }
  if ('text' in source) return { text: source.text }
  try {
    return { text: utf8.decode(source.bytes) }
  } catch {
    return refuse('not-utf-8', 'the file is not UTF-8', 'save it as UTF-8')
  }
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
}

function startOf(file: string): SourcePosition {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1, pointer: '' }
}

/** The offset at which each line of a text begins; a BOM belongs to no column. */
export function lineStarts(text: string): readonly number[] {
  const starts = [text.startsWith(bom) ? 1 : 0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Counted from 1. */
export interface LineAndColumn {
  readonly line: number
  readonly column: number
}

/** The column of an offset, without the lines before it. */
export function columnOf(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
  return Math.max(0, offset - (start === 0 && text.startsWith(bom) ? 1 : start)) + 1
}

/** The line and column of an offset. */
export function lineAndColumn(starts: readonly number[], offset: number): LineAndColumn {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: Math.max(0, offset - (starts[low] ?? 0)) + 1 }
}
