import type { Effects } from './effects.ts'
import { findSites, textOf } from './found-site.ts'
import type { Oid, Person } from './git-objects.ts'
import { readImage, sameImage } from './image-reference.ts'
import type { Repository } from './repositories/repository.ts'
import type { RevertResult } from './revert.ts'

/** What a watch saw: the restored image stayed, or the bad one came back, by whom and how long after the revert. Nothing is ever done about it. */
export type Watched =
  | { readonly saw: 'nothing'; readonly seconds: number }
  | { readonly saw: 'the bad image back'; readonly image: string; readonly site: string; readonly commit: Oid; readonly author: Person; readonly message: string; readonly seconds: number }

/** Looks at the branch again and again after a revert, for a time in seconds. */
export async function watchRevert(result: RevertResult, repository: Repository, duration: { readonly seconds: number; readonly every?: number }, effects: Pick<Effects, 'now' | 'sleep' | 'progress'>): Promise<Watched> {
  const start = effects.now().getTime()
  const elapsed = (): number => Math.round((effects.now().getTime() - start) / 1000)
  let seen = result.commit
  while (elapsed() < duration.seconds) {
    await effects.sleep(1000 * (duration.every ?? 10))
    const tip = await repository.tip()
    if (tip === seen) continue
    effects.progress?.(`${repository.branch} moved to ${tip.slice(0, 10)}`)
    const back = await badAgain(result, repository, tip)
    if (back !== undefined) return { ...back, ...(await introducedBy(result, repository, tip)), seconds: elapsed() }
    seen = tip
  }
  return { saw: 'nothing', seconds: elapsed() }
}

interface Back {
  readonly saw: 'the bad image back'
  readonly image: string
  readonly site: string
}

async function badAgain(result: RevertResult, repository: Repository, commit: Oid): Promise<Back | undefined> {
  for (const site of result.sites) {
    const file = await repository.fileAt(commit, site.file)
    if (file === undefined) continue
    const bad = readImage(site.before)
    const found = findSites([{ file: site.file, bytes: await repository.read(file.oid) }]).sites.find((one) => one.site.what === site.what && bad !== undefined && isBad(textOf(one.spot.image), bad))
    if (found !== undefined) return { saw: 'the bad image back', image: site.before, site: found.site.id }
  }
  return undefined
}

function isBad(text: string, bad: NonNullable<ReturnType<typeof readImage>>): boolean {
  const image = readImage(text)
  return image !== undefined && sameImage(image, bad)
}

/** The first commit after the revert that holds the bad image again. */
async function introducedBy(result: RevertResult, repository: Repository, tip: Oid): Promise<{ readonly commit: Oid; readonly author: Person; readonly message: string }> {
  let culprit = await repository.info(tip)
  for (let step = 0, current = culprit; step < 100 && current !== undefined && current.oid !== result.commit; step++) {
    if ((await badAgain(result, repository, current.oid)) === undefined) break
    culprit = current
    const [parent] = current.parents
    current = parent === undefined ? undefined : await repository.info(parent)
  }
  return { commit: culprit?.oid ?? tip, author: { name: culprit?.author.name ?? '', email: culprit?.author.email ?? '' }, message: culprit?.message.split('\n')[0] ?? '' }
}
