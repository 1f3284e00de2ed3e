import type { Oid } from './git-objects.ts'
import { findSites, type Site } from './found-site.ts'
import { trailersOf } from './message.ts'
import { textOf } from './found-site.ts'
import type { NamedImage } from './sites/site.ts'
import type { CommitInfo, Repository } from './repositories/repository.ts'
import { RevertError } from './revert-error.ts'

/** The image that a place named before the one it names now. */
export interface Previous {
  readonly image: string
  /** The commit that brought in the image of now. */
  readonly changedBy: CommitInfo
  /** Set where that commit is itself a revert: going back further would bring the bad image back. */
  readonly reverted?: { readonly image: string }
  readonly commitsWalked: number
}

/** How far back is looked. */
export const longestWalk = 500

/** A place, by the key that it has in every version of its file. */
export interface Tracked {
  readonly site: Site
  readonly key: string
  readonly image: NamedImage
}

/**
 * Walks the first parents from a commit until the place names another image; comments, moved lines and other edits of the file are passed over.
 * Throws a RevertError `no-previous` where the history ends, the file begins, or 500 commits were seen.
 */
export async function previousImage(repository: Repository, from: Oid, tracked: Tracked): Promise<Previous> {
  const { file } = tracked.site
  const now = textOf(tracked.image)
  let current = await repository.info(from)
  let blob = (await repository.fileAt(from, file))?.oid
  for (let walked = 1; current !== undefined && walked <= longestWalk; walked++) {
    const [parent] = current.parents
    const before = parent === undefined ? undefined : await repository.info(parent)
    if (before === undefined) throw nothingBefore(tracked, walked, parent === undefined ? 'the history begins there' : 'the history that the server gives ends there')
    const older = before.tree === current.tree ? blob : (await repository.fileAt(before.oid, file))?.oid
    if (older === undefined) throw nothingBefore(tracked, walked, `${file} begins with commit ${current.oid.slice(0, 10)}`)
    if (older !== blob) {
      const image = await imageIn(repository, older, tracked)
      if (image === undefined) throw nothingBefore(tracked, walked, `before commit ${current.oid.slice(0, 10)} it stood elsewhere`)
      if (image !== now) return { image, changedBy: current, commitsWalked: walked, ...revertedBy(current, now) }
      blob = older
    }
    current = before
  }
  throw nothingBefore(tracked, longestWalk, 'looking further back would take too long')
}

async function imageIn(repository: Repository, blob: Oid, tracked: Tracked): Promise<string | undefined> {
  const bytes = await repository.read(blob)
  const found = findSites([{ file: tracked.site.file, bytes }]).sites.find((one) => one.spot.key === tracked.key)
  // A tag alone is read with the repository of now: it stands in another file.
  return found === undefined ? undefined : textOf({ ...(tracked.image.name === undefined ? {} : { name: tracked.image.name }), ...found.spot.image })
}

function revertedBy(commit: CommitInfo, now: string): { readonly reverted?: { readonly image: string } } {
  const trailers = trailersOf(commit.message)
  const restored = trailers.some(([key, value]) => key === 'Restored-Image' && value === now)
  const image = trailers.find(([key]) => key === 'Reverted-Image')?.[1]
  return restored && image !== undefined ? { reverted: { image } } : {}
}

function nothingBefore({ site }: Tracked, walked: number, why: string): RevertError {
  return new RevertError('no-previous', `${site.id} names ${site.before} in all ${walked} commits looked at; ${why}`, { hint: 'give the image with --to IMAGE' })
}
