import type { Pointer } from '@rollsync/manifests'

/** What went wrong before or beside the simulation: an unknown version, a malformed object or event. What the controller itself runs into is part of a State, never thrown. */
export class RolloutsError extends Error {
  readonly code: RolloutsErrorCode
  readonly hint: string | undefined
  /** Of a malformed object: the value that is of the wrong type. */
  readonly place: { readonly pointer: Pointer; readonly fault: string } | undefined
  constructor(code: RolloutsErrorCode, message: string, options?: { readonly hint?: string; readonly cause?: unknown; readonly place?: { readonly pointer: Pointer; readonly fault: string } }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'RolloutsError'
    this.code = code
    this.hint = options?.hint
    this.place = options?.place
  }
}

export type RolloutsErrorCode = 'unknown-version' | 'malformed-object' | 'malformed-event' | 'no-rollout'
