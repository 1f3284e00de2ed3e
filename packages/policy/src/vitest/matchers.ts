import type { AlbRequest } from '@rollsync/lbc'
import { PolicyError } from '../policy-error.ts'
import type { Rule } from '../rule.ts'
import type { MatcherAnswer } from './answer.ts'
import { judgeLaw, type Releases } from './judge-law.ts'
import type { LoadedRepository } from './load-repository.ts'
import { passPolicy } from './pass-policy.ts'
import { reachCanary, type ReachOptions } from './reach-canary.ts'

/** The matchers as `expect` has them, for a repository that `loadRepository` read. Each is awaited. */
export interface RollsyncMatchers<Result = unknown> {
  /** Every state of every canary compares Synced in Argo CD. */
  toStaySynced: (releases?: Releases) => Promise<Result>
  /** A sync at any state keeps what the Rollouts controller wrote, and lands what Git changed. */
  toSurviveSync: (releases?: Releases) => Promise<Result>
  /** While a header route is live, the request reaches the canary through the ALB, and a pod is there. */
  toReachCanary: (request: AlbRequest, options?: ReachOptions) => Promise<Result>
  /** One rule, by id or itself, or all recommended ones find nothing. */
  toPassPolicy: (rule?: Rule | string, releases?: Releases) => Promise<Result>
}

/** What vitest's `expect.extend` takes. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
  readonly expected?: string
  readonly actual?: string
}

/** The matchers for `expect.extend`, of vitest or of any runner that is compatible with it. */
export const matchers: {
  readonly toStaySynced: (loaded: LoadedRepository, releases?: Releases) => Promise<MatcherResult>
  readonly toSurviveSync: (loaded: LoadedRepository, releases?: Releases) => Promise<MatcherResult>
  readonly toReachCanary: (loaded: LoadedRepository, request: AlbRequest, options?: ReachOptions) => Promise<MatcherResult>
  readonly toPassPolicy: (loaded: LoadedRepository, rule?: Rule | string, releases?: Releases) => Promise<MatcherResult>
} = {
  toStaySynced: (loaded, releases) => resultOf(() => judgeLaw(checked(loaded), 'covering', releases)),
  toSurviveSync: (loaded, releases) => resultOf(() => judgeLaw(checked(loaded), 'sync-safe', releases)),
  toReachCanary: (loaded, request, options) => resultOf(() => reachCanary(checked(loaded), request, options)),
  toPassPolicy: (loaded, rule, releases) => resultOf(() => passPolicy(checked(loaded), rule, releases)),
}

async function resultOf(ask: () => MatcherAnswer | Promise<MatcherAnswer>): Promise<MatcherResult> {
  try {
    const { pass, said, sides } = await ask()
    return { pass, message: () => said, ...sides }
  } catch (error) {
    // A runner prints the message alone.
    throw error instanceof PolicyError && error.hint !== undefined ? new PolicyError(error.code, `${error.message}: ${error.hint}`, { hint: error.hint, cause: error }) : error
  }
}

function checked(loaded: unknown): LoadedRepository {
  const isLoaded = typeof loaded === 'object' && loaded !== null && 'repository' in loaded && 'sources' in loaded
  if (!isLoaded) throw new TypeError('give expect() what loadRepository(folder) returns')
  return loaded as LoadedRepository
}
