import { expect } from 'vitest'
import { matchers, type RollsyncMatchers } from './matchers.ts'

export type { Releases } from './judge-law.ts'
export { type LoadedRepository, loadRepository, type LoadOptions } from './load-repository.ts'
export { matchers, type MatcherResult, type RollsyncMatchers } from './matchers.ts'
export type { ReachOptions } from './reach-canary.ts'

declare module 'vitest' {
  // eslint-disable-next-line typescript/no-explicit-any -- vitest's own declaration, which this one merges with
  interface Matchers<T = any> extends RollsyncMatchers<T> {}
}

// Importing this module is what adds the matchers.
expect.extend(matchers)
