/** Go is not there, or does not build what it is asked for; in words for a person. */
export class GoError extends Error {
  override readonly name: string = 'GoError'
  readonly code = 'go'
  readonly hint = 'Go 1.24 or newer and the Go module proxy are needed: https://go.dev/dl'
}
