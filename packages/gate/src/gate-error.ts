/** Why a gate ended without an answer. The state file is as it was: the same command goes on where this one stopped. */
export type GateErrorCode =
  | 'bad-state' // the state file is not one of ours
  | 'bad-wish' // an option that cannot be meant
  | 'denied' // the cluster refuses the reader
  | 'no-kubectl'
  | 'not-found' // no such Rollout, or no such resource
  | 'other-gate' // the state file is of another Rollout or another release
  | 'state-unwritable'
  | 'unreachable' // the API server does not answer

/** What a caller or the environment did wrongly. */
export class GateError extends Error {
  readonly code: GateErrorCode
  readonly hint: string | undefined

  constructor(code: GateErrorCode, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'GateError'
    this.code = code
    this.hint = options.hint
  }
}
