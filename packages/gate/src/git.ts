import { type Effects, type Opened, type Person, parseImage, readImage, resolveTarget, revert, RevertError, type RevertOptions, type RevertResult, sameImage } from '@rollsync/revert'
import type { ObjectName } from './cluster.ts'
import { imagesOf, liveText, type Release } from './release.ts'

/** How to write the revert. Everything that `revert` takes, the target aside. */
export interface GitOptions extends Pick<RevertOptions, 'committer' | 'sites' | 'paths' | 'reason' | 'requestedBy' | 'signOff' | 'messageTemplate' | 'hold' | 'sign'> {
  readonly author: Person
}

export interface GitEffects extends Pick<Effects, 'now' | 'random' | 'sleep' | 'progress'> {
  /** Opened for each look anew: half an hour may lie between two. */
  readonly openRepository: () => Promise<Opened>
}

/** Runs some work on the repository and closes it again. */
export async function withRepository<T>(effects: GitEffects, work: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = await effects.openRepository()
  try {
    return await work(opened)
  } finally {
    await opened.repository.close?.()
  }
}

/** Plans (`plan`) or makes (`commit`) the commit that puts the stable images of a release back. */
export async function revertRelease(name: ObjectName, release: Release, options: GitOptions & { readonly until: 'plan' | 'commit' }, effects: GitEffects): Promise<RevertResult> {
  const { from } = imagesOf(release)
  return withRepository(effects, async (opened) => {
    const result = await revert({ ...options, to: 'stable', live: liveText(name, release), leaving: from, rollout: name }, opened.repository, effects)
    if (options.until === 'commit') await opened.settle(result).catch(() => undefined) // the checkout of a person: a courtesy, and the commit has landed
    return result
  })
}

/** Whether Git says that the image of this release was itself put there by a revert. `unknown` where the history cannot tell. */
export async function broughtBy(name: ObjectName, release: Omit<Release, 'broughtBy'>, options: Pick<GitOptions, 'sites' | 'paths'>, effects: GitEffects): Promise<Release['broughtBy']> {
  const { from } = imagesOf(release)
  return withRepository(effects, async ({ repository }) => {
    const tip = await repository.tip()
    let known: Release['broughtBy'] = 'unknown'
    for (const image of from) {
      const { domain, path } = parseImage(image)
      const wish = { to: 'previous', rollout: name, image: `${domain}/${path}`, ...(options.sites === undefined ? {} : { sites: options.sites }), ...(options.paths === undefined ? {} : { paths: options.paths }) }
      const target = await resolveTarget(repository, tip, wish).catch((error: unknown) => {
        if (!(error instanceof RevertError) || isPassing(error)) throw error
        return undefined
      })
      if (target?.is === 'reverted already' && isSame(target.image, image)) return 'a revert'
      if (target !== undefined) known = 'a change'
    }
    return known
  })
}

/** Whether a commit is, or has among its 200 nearest first parents, another one. */
export async function holds(revision: string, commit: string, effects: GitEffects): Promise<'yes' | 'no'> {
  if (revision === commit) return 'yes'
  return withRepository(effects, async ({ repository }) => {
    let current = (await repository.info(revision))?.parents ?? []
    for (let step = 0; step < 200 && current[0] !== undefined; step++) {
      if (current[0] === commit) return 'yes'
      current = (await repository.info(current[0]))?.parents ?? []
    }
    return 'no'
  })
}

/** Failures that the same work may survive when it is done again. */
export function isPassing(error: RevertError): boolean {
  return error.code === 'network' || error.code === 'server-error' || error.code === 'lost-race' || error.code === 'landed-unsure'
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [readImage(one), readImage(other)]
  return a !== undefined && b !== undefined && sameImage(a, b)
}
