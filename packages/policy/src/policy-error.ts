export type PolicyErrorCode = 'BAD_RULE' | 'UNKNOWN_RULE' | 'UNKNOWN_VERSION'

/** What a caller gave that no check can start from. */
export class PolicyError extends Error {
  readonly code: PolicyErrorCode
  readonly hint: string | undefined

  constructor(code: PolicyErrorCode, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'PolicyError'
    this.code = code
    this.hint = options.hint
  }
}
