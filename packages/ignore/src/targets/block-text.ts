import { applyEdits, changeValue, editDocument, jsonEqual, parse, type SourceDocument } from '@rollsync/manifests'

/** A YAML text in which a text of several lines stands at a pointer, as a literal block where there is room for one; an empty one goes. Every other byte stays. */
export function withBlock(text: string, at: { readonly document: number; readonly pointer: string }, value: string): string {
  const document = documentAt(text, at.document)
  if (document === undefined) return text
  const { pointer } = at
  if (value === '') return withoutBlock(text, document, at)
  const scalar = document.scalarAt(pointer)
  if (scalar?.style === 'literal') {
    const [header = '|', ...lines] = scalar.raw.split('\n')
    const indent = /^ */.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0] ?? ''
    const raw = block(header, value, indent) + (scalar.raw.endsWith('\n') ? '\n' : '')
    return text.slice(0, scalar.start) + raw + text.slice(scalar.start + scalar.raw.length)
  }
  if (scalar !== undefined) return applyEdits(text, editDocument(document, [{ do: 'set', pointer, value }]))
  return withNewBlock(applyEdits(text, editDocument(document, [{ do: 'set', pointer, value: placeholder }])), at, value)
}

/** A key goes with the lines indented below it; where that is not all that changes, the editor finds its own way. */
function withoutBlock(text: string, document: SourceDocument, { document: index, pointer }: { readonly document: number; readonly pointer: string }): string {
  const lines = text.split('\n')
  const first = (document.keyAt(pointer)?.line ?? 0) - 1
  const indentOf = (line: string): number => line.length - line.trimStart().length
  const after = lines.findIndex((line, at) => at > first && line.trim() !== '' && indentOf(line) <= indentOf(lines[first] ?? ''))
  const head = lines.slice(0, Math.max(first, 0)).join('\n')
  // At the end of a text without a last line end, a block that is the last one then needs its own.
  const ways = after < 0 ? (text.endsWith('\n') ? [`${head}\n`] : [head, `${head}\n`]) : [[...lines.slice(0, Math.max(first, 0)), ...lines.slice(after)].join('\n')]
  const wanted = changeValue(document.value, { do: 'remove', pointer })
  const kept = first < 0 ? undefined : ways.find((one) => jsonEqual(documentAt(one, index)?.value, wanted))
  return kept ?? applyEdits(text, editDocument(document, [{ do: 'remove', pointer }]))
}

const placeholder = 'to-be-a-block'

function withNewBlock(text: string, { document: index, pointer }: { readonly document: number; readonly pointer: string }, value: string): string {
  const document = documentAt(text, index)
  const scalar = document?.scalarAt(pointer)
  if (document === undefined || scalar === undefined) return text
  const line = text.slice(text.lastIndexOf('\n', scalar.start - 1) + 1, scalar.start)
  const rest = text.slice(scalar.start + scalar.raw.length)
  // In flow style there is no room for a block.
  if (!/^ *[^ {[,]*: $/.test(line) || !/^\r?(\n|$)/.test(rest)) return applyEdits(text, editDocument(document, [{ do: 'set', pointer, value }]))
  return text.slice(0, scalar.start) + block('|', value, `${/^ */.exec(line)?.[0] ?? ''}  `) + rest
}

function block(header: string, value: string, indent: string): string {
  const eol = header.endsWith('\r') ? '\r\n' : '\n'
  return [header.trimEnd(), ...value.replace(/\n$/, '').split('\n').map((line) => (line === '' ? '' : indent + line))].join(eol)
}

function documentAt(text: string, index: number): SourceDocument | undefined {
  return parse([{ file: 'block', text }]).documents[index]
}
