import type { Pointer } from './pointer.ts'

/** A range of a source text. Lines and columns are 1-based, columns count UTF-16 units, the end is exclusive. `pointer` leads from the document's root. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly pointer: Pointer
}

/** What can be wrong with a text before anything is known of its meaning. */
export type DiagnosticCode =
  | 'alias-bomb' // aliases that unfold to more than 100,000 values, or into themselves
  | 'bad-alias' // an alias without its anchor, or a merge of something that is no map
  | 'bad-key' // a key that is a list, a map or null
  | 'bad-yaml'
  | 'binary-file'
  | 'duplicate-key'
  | 'file-too-large' // above 10 MB
  | 'missing-name' // an object of Kubernetes without metadata.name
  | 'not-utf-8'
  | 'removed-api-version' // no supported Kubernetes serves it any more
  | 'template' // `{{ … }}` that only Helm or another renderer can read
  | 'too-deep' // nested more than 500 levels
  | 'unreadable-file' // the operating system does not give it
  | 'unknown-api-version' // a known group that has no such version of this kind
  | 'wrong-type'

/** What a user wrote that cannot be read, or reads other than it looks. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
  readonly hint?: string
  readonly at?: SourcePosition
}

/** What to do about a fault whose message says only what is wrong. Internal to this package. */
export const usualHints: Readonly<Partial<Record<DiagnosticCode, string>>> = {
  'alias-bomb': 'write the values out, or leave the file out of the given paths',
  'bad-alias': 'what it names must stand before it in the same document, as &name',
  'bad-key': 'quote the key',
  'missing-name': 'add it',
  'too-deep': 'leave the file out of the given paths',
}
