/** One file of recorded truth: its path below the folder it was found in, `/`-separated, and its parsed JSON. */
export interface VectorFile {
  readonly path: string
  readonly json: unknown
  /** Another file of the same folder, e.g. gojq's objects.json beside pairs.json; undefined where there is none. */
  readonly sibling: (name: string) => unknown
}

/** One thing the real code was asked, in one version, and what we answer to it. `run` computes our answer from the inputs alone and only then looks at the recorded one. */
export interface VectorCase {
  readonly group: string
  readonly version: string
  readonly name: string
  readonly run: () => Outcome | Promise<Outcome>
}

/** `difference` is for a person: recorded against ours. `reason` of a skip is a sentence that names the limit or the upstream line. */
export type Outcome =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly difference: string }
  | { readonly outcome: 'skipped'; readonly reason: string }

/** One kind of vectors, recognised by its `format` field (gojq: pairs.json beside objects.json). */
export interface VectorKind {
  readonly kind: string
  readonly recognise: (file: VectorFile) => boolean
  readonly cases: (file: VectorFile) => Iterable<VectorCase>
  /** Called once after the last case: ends workers. */
  readonly close?: () => Promise<void>
}
