/** An error that the controller's own code returns, or a panic in it (`in` is the Go function). Thrown inside one sync and caught at its end, as utils/controller does. */
export class ControllerFailure extends Error {
  readonly kind: 'error' | 'panic'
  readonly in: string | undefined
  constructor(kind: 'error' | 'panic', message: string, goFunction?: string) {
    super(message)
    this.name = 'ControllerFailure'
    this.kind = kind
    this.in = goFunction
  }
}

export const NIL_POINTER = 'runtime error: invalid memory address or nil pointer dereference'
export const NIL_MAP = 'assignment to entry in nil map'

/** A panic with the Go function it happens in, recovered by utils/controller/controller.go:148; what was written before it stays. */
export function panic(message: string, goFunction: string): never {
  throw new ControllerFailure('panic', message, goFunction)
}

export function fail(message: string): never {
  throw new ControllerFailure('error', message)
}
