/** Something that the cluster needs is not there, or did not come up; `hint` says what to do. */
export class ClusterError extends Error {
  override readonly name: string = 'ClusterError'
  readonly code: 'missing-program' | 'not-ready' | 'refused' | 'not-quiet' | 'too-quiet'
  readonly hint: string

  constructor(code: ClusterError['code'], message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.hint = hint
  }
}
