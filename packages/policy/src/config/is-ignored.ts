import { globMatcher } from '../glob.ts'

/** Whether a path, `/`-separated and counted from the configuration's folder, or a folder that it lies in, is matched by one of the globs. */
export function isIgnored(path: string, globs: readonly string[]): boolean {
  if (globs.length === 0) return false
  const matches = globMatcher(globs.map((glob) => glob.replace(/^(\.\/)+/, '').replace(/\/+$/, '')), { dot: true })
  const parts = path.split('/')
  return parts.some((_, index) => matches(parts.slice(0, index + 1).join('/')))
}
