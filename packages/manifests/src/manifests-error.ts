/** Why an edit of a manifest was refused. */
export type ManifestsErrorCode =
  | 'behind-alias' // the value stands at an anchor that other places use too
  | 'edit-not-proven' // the text after the edit does not read as wanted
  | 'no-such-item'
  | 'no-such-value'
  | 'not-a-container' // a scalar stands where a map or list would be needed
  | 'not-a-scalar'
  | 'overlapping-edits'
  | 'stale-document' // an edit whose range lies outside the text
  | 'unprintable-value' // not JSON, or nested too deep

/** What a caller asked of a manifest that cannot be done without changing something else. Nothing was changed. */
export class ManifestsError extends Error {
  readonly code: ManifestsErrorCode
  readonly hint: string | undefined

  constructor(code: ManifestsErrorCode, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {})
    this.name = 'ManifestsError'
    this.code = code
    this.hint = options.hint
  }
}
