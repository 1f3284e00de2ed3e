/** What went wrong before or beside the simulation: an unknown version, a malformed object or event. What the controller itself runs into is part of a State, never thrown. */
export class RolloutsError extends Error {
  readonly code: RolloutsErrorCode
  readonly hint: string | undefined
  constructor(code: RolloutsErrorCode, message: string, options?: { readonly hint?: string; readonly cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'RolloutsError'
    this.code = code
    this.hint = options?.hint
  }
}

export type RolloutsErrorCode = 'unknown-version' | 'malformed-object' | 'malformed-event' | 'no-rollout'
