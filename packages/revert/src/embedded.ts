import { applyEdits, parse, type Pointer, setScalar, type SourceDocument, type TextEdit } from '@rollsync/manifests'

/** A YAML text inside a scalar of another document (Helm values in an Application), read on its own. */
export interface Embedded {
  readonly host: SourceDocument
  readonly pointer: Pointer
}

const hosts = new WeakMap<SourceDocument, Embedded>()

/** Reads the YAML text that a scalar holds; undefined where it is no readable YAML. */
export function embeddedDocument(host: SourceDocument, pointer: Pointer): SourceDocument | undefined {
  const scalar = host.scalarAt(pointer)
  if (scalar === undefined) return undefined
  const { documents, diagnostics } = parse([{ file: host.file, text: scalar.text }])
  const [document] = documents
  if (document === undefined || documents.length > 1 || diagnostics.some((one) => one.severity === 'error' || one.code === 'template')) return undefined
  hosts.set(document, { host, pointer })
  return document
}

/** Where a document that stands inside another one comes from. */
export function hostOf(document: SourceDocument): Embedded | undefined {
  return hosts.get(document)
}

/** Edits of the inner text as edits of the file: inside a literal block line by line, in any other style by writing the whole text anew in its quotes. */
export function hostEdits(inner: SourceDocument, edits: readonly TextEdit[], { host, pointer }: Embedded): readonly TextEdit[] {
  const scalar = host.scalarAt(pointer)
  if (edits.length === 0 || scalar === undefined) return []
  const wanted = applyEdits(inner.text, edits)
  if (scalar.style !== 'literal') return setScalar(host, pointer, wanted)
  const lines = literalLines(scalar.raw)
  const eol = scalar.raw.includes('\r\n') ? '\r\n' : '\n'
  const place = (offset: number): number => {
    const before = inner.text.slice(0, offset)
    const line = before.split('\n').length - 1
    const start = lines.starts[line] ?? scalar.raw.length
    return scalar.start + start + lines.indent + (offset - (before.lastIndexOf('\n') + 1))
  }
  return edits.map((edit) => ({ file: host.file, start: place(edit.start), end: place(edit.end), text: edit.text.replaceAll('\n', eol + ' '.repeat(lines.indent)) }))
}

function literalLines(raw: string): { readonly starts: readonly number[]; readonly indent: number } {
  const starts: number[] = []
  for (let at = raw.indexOf('\n') + 1; at > 0 && at <= raw.length; at = raw.indexOf('\n', at) + 1) starts.push(at)
  const indents = starts.map((start) => raw.slice(start)).filter((line) => /^ *[^\s]/.test(line)).map((line) => /^ */.exec(line)?.[0].length ?? 0)
  const given = /^[|>][+-]?([1-9])/.exec(raw)?.[1]
  return { starts, indent: given === undefined ? (indents[0] ?? 0) : Math.min(...indents, indents[0] ?? 0) }
}
