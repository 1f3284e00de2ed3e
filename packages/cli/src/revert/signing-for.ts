import { configuredSigning, type Effects, type RevertOptions, signWith } from '@rollsync/revert'

/** How commits are to be signed, as git's own configuration says; a forge signs with its own key what it commits. */
export async function signingFor(backEnd: string | undefined, effects: Effects, repo: string): Promise<Pick<RevertOptions, 'sign'>> {
  const key = backEnd === 'forge' ? undefined : await configuredSigning(effects, repo)
  return key === undefined || effects.run === undefined ? {} : { sign: signWith(effects.run, key) }
}
