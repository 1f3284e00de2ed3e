import type { ValidationError } from '../validation-error.ts'

/** What one kind of reference brings: `missing` stops the controller before it looks at any object, `wrong` is what it says of those it found. */
export interface Referenced {
  readonly missing: readonly ValidationError[]
  readonly wrong: readonly ValidationError[]
}
