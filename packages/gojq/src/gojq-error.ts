/** What can go wrong around gojq itself, never what an expression answers. */
export class GojqError extends Error {
  readonly code: 'not-built' | 'stopped'
  readonly hint: string
  constructor(code: 'not-built' | 'stopped', message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'GojqError'
    this.code = code
    this.hint = hint
  }
}
