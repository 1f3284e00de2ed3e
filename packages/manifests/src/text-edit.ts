import { ManifestsError } from './manifests-error.ts'

/** Replaces the characters from `start` to `end` (UTF-16 offsets into the file's text, end exclusive) by `text`. */
export interface TextEdit {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly text: string
}

type Segment = { readonly from: 'original'; readonly start: number; readonly end: number } | { readonly from: 'edit'; readonly text: string }

/** The text with all edits done; offsets mean the text as given. Throws a ManifestsError where two edits overlap or one lies outside. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return segmentsOf(text.length, edits).map((one) => (one.from === 'original' ? text.slice(one.start, one.end) : one.text)).join('')
}

/** The edits that lead from the edited text back to `text`. */
export function invertEdits(text: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  let shift = 0
  return inOrder(edits).map((edit) => {
    const start = edit.start + shift
    shift += edit.text.length - (edit.end - edit.start)
    return { file: edit.file, start, end: start + edit.text.length, text: text.slice(edit.start, edit.end) }
  })
}

/** One set of edits that does what `first` and then `second` (whose offsets mean the text after `first`) do. */
export function composeEdits(file: string, text: string, first: readonly TextEdit[], second: readonly TextEdit[]): readonly TextEdit[] {
  const result: Segment[] = []
  let rest = segmentsOf(text.length, first)
  let offset = 0
  const take = (until: number): readonly Segment[] => {
    const [head, tail] = cut(rest, until - offset)
    rest = tail
    offset = until
    return head
  }
  for (const edit of inOrder(second)) {
    result.push(...take(edit.start), { from: 'edit', text: edit.text })
    take(edit.end)
  }
  return editsOf(file, text, [...result, ...rest])
}

function inOrder(edits: readonly TextEdit[]): readonly TextEdit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end)
}

function segmentsOf(length: number, edits: readonly TextEdit[]): readonly Segment[] {
  const segments: Segment[] = []
  let done = 0
  for (const edit of inOrder(edits)) {
    if (edit.end < edit.start || edit.end > length) throw new ManifestsError('stale-document', `an edit of ${edit.file} reaches outside its text`)
    if (edit.start < done) throw new ManifestsError('overlapping-edits', `two edits of ${edit.file} overlap at offset ${edit.start}`)
    segments.push({ from: 'original', start: done, end: edit.start }, { from: 'edit', text: edit.text })
    done = edit.end
  }
  return [...segments, { from: 'original', start: done, end: length }]
}

function sizeOf(segment: Segment): number {
  return segment.from === 'original' ? segment.end - segment.start : segment.text.length
}

function cut(segments: readonly Segment[], at: number): readonly [readonly Segment[], readonly Segment[]] {
  let left = at
  for (const [index, segment] of segments.entries()) {
    const size = sizeOf(segment)
    if (left < size) {
      const [a, b] = split(segment, left)
      return [[...segments.slice(0, index), a], [b, ...segments.slice(index + 1)]]
    }
    left -= size
  }
  return [segments, []]
}

function split(segment: Segment, at: number): readonly [Segment, Segment] {
  if (segment.from === 'edit') return [{ from: 'edit', text: segment.text.slice(0, at) }, { from: 'edit', text: segment.text.slice(at) }]
  return [{ ...segment, end: segment.start + at }, { ...segment, start: segment.start + at }]
}

function editsOf(file: string, text: string, segments: readonly Segment[]): readonly TextEdit[] {
  const edits: TextEdit[] = []
  let start = 0
  let written = ''
  const flush = (end: number): void => {
    if (text.slice(start, end) !== written) edits.push({ file, start, end, text: written })
    written = ''
  }
  for (const segment of segments) {
    if (segment.from === 'edit') written += segment.text
    else if (segment.end > segment.start) {
      flush(segment.start)
      start = segment.end
    }
  }
  flush(text.length)
  return edits
}
