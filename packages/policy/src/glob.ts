import picomatch from 'picomatch'

/** Whether a path is matched by one of the globs. One that no expression can be made of (it is empty, or has tens of thousands of letters) matches nothing. */
export function globMatcher(globs: readonly string[], options: { readonly dot?: boolean } = {}): (path: string) => boolean {
  const matchers = globs.filter((glob) => glob !== '').map((glob) => oneMatcher(glob, options))
  return (path) => matchers.some((matches) => matches(path))
}

function oneMatcher(glob: string, options: { readonly dot?: boolean }): (path: string) => boolean {
  try {
    const matches = picomatch(glob, options)
    matches('x') // V8 refuses an expression that is too large only when it is used
    return (path) => matches(path)
  } catch (error) {
    if (error instanceof SyntaxError) return () => false
    throw error
  }
}
