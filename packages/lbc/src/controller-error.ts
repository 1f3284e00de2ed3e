/** The controller returned an error; where the order of a Go map decides which one, all the texts it can be. Never leaves this package. */
export class ControllerError extends Error {
  readonly texts: readonly string[]

  constructor(texts: readonly string[]) {
    super(texts[0])
    this.texts = texts
  }
}

/** What the controller does depends on something that is not in the input. Never leaves this package. */
export class Unknowable extends Error {}

/** Returns one error with one text, as errors.New and errors.Errorf do. */
export function failure(text: string): ControllerError {
  return new ControllerError([text])
}

/** errors.Wrap: every error of `work` begins with `prefix: `. */
export function wrap<T>(prefix: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ControllerError) throw new ControllerError(error.texts.map((text) => `${prefix}: ${text}`))
    throw error
  }
}

/** Go ranges over a map: any of the works may come first, so any error of theirs may be the one that is told. */
export function inMapOrder<T>(works: readonly (() => T)[]): readonly T[] {
  const texts: string[] = []
  const values: T[] = []
  for (const work of works) {
    try {
      values.push(work())
    } catch (error) {
      if (!(error instanceof ControllerError)) throw error
      texts.push(...error.texts)
    }
  }
  if (texts.length > 0) throw new ControllerError([...new Set(texts)])
  return values
}
