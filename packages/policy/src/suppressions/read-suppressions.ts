import { type SourceDocument, toPointer } from '@rollsync/manifests'

/** One rule that a comment silences: on the next line that is no comment, or in the whole file. `line` and the columns are the comment's. */
export interface Suppression {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endColumn: number
  readonly scope: 'next-line' | 'file'
  /** The line whose findings are meant; 0 for the whole file. */
  readonly target: number
  readonly rule: string
  readonly reason: string
}

/** A comment that means to silence something and cannot. */
export interface SuppressionFault extends Pick<Suppression, 'file' | 'line' | 'column' | 'endColumn'> {
  readonly fault: 'no-reason' | 'unreadable'
}

export interface Suppressions {
  readonly suppressions: readonly Suppression[]
  readonly faults: readonly SuppressionFault[]
}

const word = 'rollsync-disable'
const form = /^rollsync-disable-(next-line|file)\s+([\w/.@-]+(?:\s*,\s*[\w/.@-]+)*)(?:\s+--(?:\s+(.*))?)?$/

/** The suppressions of one file, from the documents it holds: `# rollsync-disable-next-line RULE[, RULE] -- reason` and `# rollsync-disable-file RULE -- reason`. A `#` inside a text is no comment. */
export function readSuppressions(documents: readonly SourceDocument[]): Suppressions {
  const [first] = documents
  if (first === undefined || !first.text.includes(word)) return { suppressions: [], faults: [] }
  const texts = documents.flatMap((document) => textsAround(document, word))
  const lines = first.text.split('\n')
  const suppressions: Suppression[] = []
  const faults: SuppressionFault[] = []
  let offset = 0
  lines.forEach((text, index) => {
    const start = offset + text.search(/\S|$/)
    offset += text.length + 1
    const comment = /^\s*#+\s*(rollsync-disable.*?)\s*$/.exec(text)?.[1]
    if (comment === undefined || texts.some((range) => range.start <= start && start < range.end)) return
    const place = { file: first.file, line: index + 1, column: text.indexOf('#') + 1, endColumn: text.trimEnd().length + 1 }
    const [, scope, rules, reason = ''] = form.exec(comment) ?? []
    if (scope === undefined || rules === undefined) faults.push({ ...place, fault: 'unreadable' })
    else if (reason === '') faults.push({ ...place, fault: 'no-reason' })
    else {
      const meant = scope === 'file' ? ({ scope: 'file', target: 0 } as const) : ({ scope: 'next-line', target: lineAfter(lines, index) } as const)
      for (const rule of new Set(rules.split(/\s*,\s*/))) suppressions.push({ ...place, ...meant, rule, reason })
    }
  })
  return { suppressions, faults }
}

/** The number of the next line that is neither empty nor a comment. */
function lineAfter(lines: readonly string[], index: number): number {
  const found = lines.findIndex((text, at) => at > index && /^\s*[^\s#]/.test(text))
  return found < 0 ? lines.length + 1 : found + 1
}

/** Where the texts stand that hold the word. */
function textsAround(document: SourceDocument, wanted: string, value: unknown = document.value, tokens: readonly string[] = []): readonly { readonly start: number; readonly end: number }[] {
  if (typeof value === 'string') {
    const scalar = value.includes(wanted) ? document.scalarAt(toPointer(tokens)) : undefined
    return scalar === undefined ? [] : [scalar]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => textsAround(document, wanted, inner, [...tokens, key]))
}
