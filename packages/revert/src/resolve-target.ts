import type { SourceText } from '@rollsync/manifests'
import { type FoundSite, findSites } from './found-site.ts'
import type { Oid } from './git-objects.ts'
import { type Previous, previousImage } from './history.ts'
import { type ImageReference, parseImage, readImage } from './image-reference.ts'
import { imagesToRestore, stableImages } from './live.ts'
import { locate, namesakes, type RolloutName } from './locate.ts'
import { unitOf } from './plan.ts'
import type { Repository } from './repositories/repository.ts'
import { RevertError } from './revert-error.ts'
import { noSuchRollout } from './rollouts-in.ts'
import { screenFiles, screenWords } from './screen-files.ts'

/** How a user says what to go back to, and what is known of the image to leave. */
export interface TargetWish {
  readonly to: string // an image, `previous` or `stable`
  readonly from?: string
  /** In place of `from` where several images go back together: the one that Git must name now, per repository. */
  readonly leaving?: readonly string[]
  readonly image?: string
  readonly rollout?: RolloutName
  readonly live?: string
  readonly sites?: readonly string[]
  readonly paths?: readonly string[]
}

/** What to go back to: fixed once, so that no later state of the branch can change it. */
export type Target =
  | { readonly is: 'to restore'; readonly to: readonly string[]; readonly from?: readonly string[]; readonly rollout?: RolloutName; readonly revertsCommit?: Oid }
  | { readonly is: 'reverted already'; readonly image: string; readonly by: Oid }

/** Finds the images to restore: as given, from the live Rollout, or from the history of the branch. */
export async function resolveTarget(repository: Repository, base: Oid, wish: TargetWish): Promise<Target> {
  if (wish.to === 'stable') return fromLive(wish)
  if (wish.to === 'previous') return fromHistory(repository, base, wish)
  parseImage(wish.to)
  return { is: 'to restore', to: [wish.to], ...leavingOf(wish), ...(wish.rollout === undefined ? {} : { rollout: wish.rollout }) }
}

function leavingOf({ from, leaving }: TargetWish): { readonly from?: readonly string[] } {
  return from !== undefined ? { from: [from] } : leaving === undefined ? {} : { from: leaving }
}

function fromLive(wish: TargetWish): Target {
  if (wish.live === undefined) throw new RevertError('bad-live-state', 'the stable image is known to the cluster only', { hint: 'give its state with --live FILE (kubectl get rollout,replicaset -o json)' })
  const live = stableImages(wish.live, wish.rollout)
  const all = imagesToRestore(live)
  const only = wish.image ?? wish.from
  const named = only === undefined ? all : all.filter((one) => parseImage(one).path === parseImage(only).path)
  if (named.length === 0) throw new RevertError('no-stable', `the stable ReplicaSet runs no image of ${only ?? 'this name'}`, { hint: `it runs ${all.join(', ')}` })
  return { is: 'to restore', to: named, ...leavingOf(wish), rollout: wish.rollout ?? live.rollout }
}

async function fromHistory(repository: Repository, base: Oid, wish: TargetWish): Promise<Target> {
  const tracked = await trackedSites(repository, base, wish)
  const found: { readonly one: FoundSite; readonly previous: Previous }[] = []
  let failure: unknown
  for (const one of tracked) {
    try {
      found.push({ one, previous: await previousImage(repository, base, { site: one.site, key: one.spot.key, image: one.spot.image }) })
    } catch (error) {
      if (!(error instanceof RevertError) || error.code !== 'no-previous') throw error
      failure ??= error
    }
  }
  // Of several containers only those that the last change touched go back: a sidecar of last year stays.
  const newest = found.toSorted((a, b) => a.previous.commitsWalked - b.previous.commitsWalked)[0]
  if (newest === undefined) throw failure
  const together = found.filter((each) => each.previous.changedBy.oid === newest.previous.changedBy.oid)
  const undone = newest.previous.reverted
  if (undone !== undefined && (wish.from === undefined || wish.from === undone.image)) return { is: 'reverted already', image: newest.one.site.before, by: newest.previous.changedBy.oid }
  return {
    is: 'to restore',
    to: [...new Set(together.map((each) => each.previous.image))],
    from: [...new Set(together.map((each) => each.one.site.before))],
    ...(wish.rollout === undefined ? {} : { rollout: wish.rollout }),
    revertsCommit: newest.previous.changedBy.oid,
  }
}

/** The places whose history is asked for: those of one workload or one value; several are an error that lists them. */
async function trackedSites(repository: Repository, base: Oid, wish: TargetWish): Promise<readonly FoundSite[]> {
  const repositories = await imageNames(repository, base, wish)
  const { files } = await screenFiles(repository, base, wish.paths ?? [], screenWords(repositories.map((one) => one.name)))
  const sites = repositories.flatMap((to) => {
    const located = locate(files, { to, ...(wish.rollout === undefined ? {} : { rollout: wish.rollout }) })
    return [...located.bad, ...located.good]
  })
  const meant = wish.sites === undefined || wish.sites.length === 0 ? sites : sites.filter((one) => wish.sites?.includes(one.site.id))
  const candidates = meant.map(({ site }) => ({ id: site.id, what: site.what, image: site.before }))
  if (sites.length === 0 && wish.rollout !== undefined) throw await noSuchRollout(repository, base, wish.paths ?? [], wish.rollout)
  if (sites.length === 0) throw noSuchImage(repositories, repositories.flatMap((one) => namesakes(files, one)))
  if (meant.length === 0) throw new RevertError('unknown-site', `no place that names the image is called ${wish.sites?.join(' or ')}`, { hint: 'take one of the ids listed', candidates: sites.map(({ site }) => ({ id: site.id, what: site.what, image: site.before })) })
  const perImage = repositories.map((to) => new Set(meant.filter((one) => readImage(one.spot.image.name ?? '')?.path === to.path).map(unitOf)))
  if (perImage.some((units) => units.size > 1) && (wish.sites === undefined || wish.sites.length === 0)) {
    throw new RevertError('ambiguous', `${meant.length} places name the image`, { hint: 'choose with --site ID (repeatable), --path or --rollout', candidates })
  }
  return meant
}

function noSuchImage(wanted: readonly ImageReference[], alike: readonly string[]): RevertError {
  const hint = alike.length === 0 ? 'check --image, --path and --branch' : `there is ${alike.join(', ')}: give the name with its registry`
  return new RevertError('no-site', `no file names an image of ${wanted.map((one) => one.name).join(' or ')}`, { hint })
}

async function imageNames(repository: Repository, base: Oid, wish: TargetWish): Promise<readonly ImageReference[]> {
  const given = wish.from ?? wish.image
  if (given !== undefined) return [parseImage(given)]
  const { rollout } = wish
  if (rollout === undefined) throw new RevertError('bad-image', 'which image or which Rollout?', { hint: 'give --rollout NAME or --image NAME' })
  const { files } = await screenFiles(repository, base, wish.paths ?? [], [rollout.name])
  const names = containersOf(files, rollout)
  if (names.length === 0) throw await noSuchRollout(repository, base, wish.paths ?? [], rollout)
  return [...new Map(names.map((one) => [`${one.domain}/${one.path}`, one])).values()]
}

function containersOf(files: readonly SourceText[], rollout: RolloutName): readonly ImageReference[] {
  const all = findSites(files).sites.flatMap(({ spot }) => readImage(spot.image.name ?? '') ?? [])
  const unique = [...new Map(all.map((one) => [`${one.domain}/${one.path}`, one])).values()]
  return unique.filter((to) => {
    const { bad, good } = locate(files, { to, rollout })
    return [...bad, ...good].some((one) => one.spot.in === 'container' || one.spot.in === 'kustomize')
  })
}

