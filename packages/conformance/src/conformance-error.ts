/** What the caller of the runner did wrongly; the command ends with code 2. */
export class ConformanceError extends Error {
  override readonly name: string = 'ConformanceError'
  readonly code: 'usage' | 'no-folder' | 'no-vectors' | 'worker'
  readonly hint: string

  constructor(code: ConformanceError['code'], message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.hint = hint
  }
}
