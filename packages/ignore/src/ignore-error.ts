export type IgnoreErrorCode = 'BROKEN_EXPRESSION' | 'UNKNOWN_VERSION'

/** What a caller gave that nothing can be derived from. */
export class IgnoreError extends Error {
  readonly code: IgnoreErrorCode
  readonly hint: string | undefined

  constructor(code: IgnoreErrorCode, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'IgnoreError'
    this.code = code
    this.hint = options.hint
  }
}
