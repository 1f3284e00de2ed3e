/** 0 clean or done; 1 findings, drift, or a file that would change; 2 usage, unreadable input, environment. `gate` alone has more: docs/gate.md. */
export type ExitCode = 0 | 1 | 2 | 3 | 4

/** What a person did or gave that the command cannot go on with; printed as one line, with the hint below it. */
export class CliError extends Error {
  readonly code: string
  readonly hint: string | undefined

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'CliError'
    this.code = code
    this.hint = options.hint
  }
}
