import type { SourceText } from '@rollsync/manifests'
import { applyRevert, pushRevert } from './apply.ts'
import type { Effects } from './effects.ts'
import { findSites, type Skipped } from './found-site.ts'
import { findUpdaters, liveObjects, type Updater } from './hold.ts'
import { holdEdits } from './hold-edits.ts'
import type { Oid, Person, Signature } from './git-objects.ts'
import { commitMessage } from './message.ts'
import { diffOf, type PlannedSite, planRevert, type RevertPlan } from './plan.ts'
import type { Commit, Draft, Publication, Repository } from './repositories/repository.ts'
import { resolveTarget, type Target, type TargetWish } from './resolve-target.ts'
import { RevertError } from './revert-error.ts'
import { screenFiles, screenWords } from './screen-files.ts'

/** What to revert, and what the commit shall say. */
export interface RevertOptions extends TargetWish {
  /** `plan` writes nothing; `commit` moves the branch. */
  readonly until: 'plan' | 'commit'
  readonly author: Person
  readonly committer?: Person
  readonly reason?: string
  readonly requestedBy?: string
  readonly signOff?: 'yes' | 'no'
  readonly messageTemplate?: string
  /** `yes`: the same commit also holds the updaters that Git can hold. */
  readonly hold?: 'yes' | 'no'
  readonly sign?: NonNullable<Draft['sign']>
  /** How often a lost race is tried again; 10 where not given. */
  readonly tries?: number
}

/** What came of it. `--format json` prints this. */
export interface RevertResult {
  readonly version: 1
  readonly state: 'planned' | 'reverted' | 'already there'
  readonly from: string
  readonly to: string
  readonly sites: readonly PlannedSite[]
  readonly diff: string
  readonly skipped: readonly Skipped[]
  /** Programs that would write the bad image again, and what stops each. */
  readonly updaters: readonly Updater[]
  readonly base: Oid
  readonly commit?: Oid
  /** The commit below it where that is not `base`: a forge let another writer in between, whose other files the plan knows nothing of. */
  readonly onto?: Oid
  readonly message?: string
  /** The repository and branch that now hold the commit. */
  readonly landedOn?: { readonly repository: string; readonly branch: string }
  readonly tries: number
  /** The objects of the commit, for a clone that wants them too. Not printed. */
  readonly made?: Commit
}

/**
 * Locates, plans, commits and moves the branch by compare-and-swap; a lost race starts again on the new tip with the same target.
 * Throws a RevertError `image-moved` where another writer moved the image meanwhile, `lost-race` after the last try.
 */
export async function revert(options: RevertOptions, repository: Repository, effects: Pick<Effects, 'now' | 'random' | 'sleep' | 'progress'>): Promise<RevertResult> {
  const attempts: Attempt[] = []
  const tries = options.tries ?? 10
  let target: Target | undefined
  for (let tried = 1; tried <= tries; tried++) {
    effects.progress?.(tried === 1 ? `reading ${repository.name}` : `reading ${repository.name} again, try ${tried}`)
    const base = await repository.tip()
    target ??= await resolveTarget(repository, base, options)
    if (target.is === 'reverted already') return { ...nothing(base, tried), from: target.image, to: target.image, commit: target.by }
    const attempt = await planOn(repository, base, target, options, attempts)
    attempts.push(attempt)
    const result = resultOf(attempt, tried)
    if (options.until === 'plan') return result
    if (attempt.plan.state === 'already there') return { ...result, ...(await landedBefore(repository, base, attempts)) }
    const message = messageFor(attempt.plan, target, options)
    const commit = await applyRevert(attempt.plan, repository, { base, message, ...signatures(options, effects.now()), ...(options.sign === undefined ? {} : { sign: options.sign }) })
    if (commit === undefined) return { ...result, state: 'already there' }
    attempts[attempts.length - 1] = { ...attempt, commit }
    effects.progress?.(`moving ${repository.branch} to ${commit.oid.slice(0, 10)}`)
    const publication = await pushRevert(commit, repository)
    if (publication.outcome === 'landed') return { ...result, ...landed(publication, commit, repository), message }
    effects.progress?.(`another writer was first: ${publication.detail}`)
    if (tried < tries) await effects.sleep(backOff(tried, effects.random()))
  }
  throw new RevertError('lost-race', `other writers were first ${tries} times on ${repository.branch} of ${repository.name}`, { hint: 'run it again; nothing was changed' })
}

function landed({ as, onto }: Publication & { readonly outcome: 'landed' }, commit: Commit, { name, branch }: Repository): Partial<RevertResult> {
  return { state: 'reverted', commit: as ?? commit.oid, landedOn: { repository: name, branch }, ...(onto === undefined ? {} : { onto }), ...(as === undefined ? { made: commit } : {}) }
}

interface Attempt {
  readonly base: Oid
  readonly plan: RevertPlan
  readonly updaters: readonly Updater[]
  /** The places chosen, by what stays the same when lines move. */
  readonly keys: readonly string[]
  readonly commit?: Commit
}

/** 1 s, half as long again each time, at most 30 s; half of it up to chance. */
export function backOff(tried: number, chance: number): number {
  return Math.min(30_000, 1000 * 1.5 ** (tried - 1)) * (0.5 + chance)
}

async function planOn(repository: Repository, base: Oid, target: Target & { readonly is: 'to restore' }, options: RevertOptions, attempts: readonly Attempt[]): Promise<Attempt> {
  const words = screenWords([...target.to, ...(target.from ?? [])])
  const screened = await screenFiles(repository, base, options.paths ?? [], words)
  const before = attempts[0]
  // After a lost race the image must still be the one that the first plan took out, at the places that it chose.
  const from = target.from ?? before?.plan.images.map((one) => one.from)
  const keyed = findSites(screened.files).sites.map((one) => ({ id: one.site.id, key: `${one.site.file} ${one.spot.key}` }))
  const sites = before === undefined ? options.sites : keyed.filter((one) => before.keys.includes(one.key)).map((one) => one.id)
  const plan = planRevert({ files: screened.files, to: target.to, ...(from === undefined ? {} : { from }), ...(target.rollout === undefined ? {} : { rollout: target.rollout }), ...(sites === undefined ? {} : { sites }) })
  const chosen = new Set(plan.sites.map((one) => one.id))
  const updaters = plan.sites.length === 0 ? [] : findUpdaters([...screened.updaters, ...liveFile(options)], plan.sites, plan.images)
  const held = options.hold === 'yes' ? holdEdits([...screened.files, ...screened.updaters], updaters) : []
  const edits = [...plan.edits, ...held]
  const diff = held.length === 0 ? plan.diff : diffOf([...screened.files, ...screened.updaters], edits)
  return { base, updaters, plan: { ...plan, edits, diff, skipped: [...screened.skipped, ...plan.skipped] }, keys: keyed.filter((one) => chosen.has(one.id)).map((one) => one.key) }
}

function liveFile({ live }: RevertOptions): readonly SourceText[] {
  return live === undefined ? [] : [{ file: liveObjects, text: live }]
}

function resultOf({ plan, base, updaters }: Attempt, tries: number): RevertResult {
  const join = (images: readonly string[]): string => [...new Set(images)].join(', ')
  return {
    version: 1,
    state: plan.state,
    from: join(plan.images.map((one) => one.from)),
    to: join(plan.images.map((one) => one.to)),
    sites: plan.sites,
    diff: plan.diff,
    skipped: plan.skipped,
    updaters,
    base,
    tries,
  }
}

function nothing(base: Oid, tries: number): Omit<RevertResult, 'from' | 'to'> {
  return { version: 1, state: 'already there', sites: [], diff: '', skipped: [], updaters: [], base, tries }
}

/** A push whose answer was lost may have landed all the same: then its commit is among the newest. */
async function landedBefore(repository: Repository, base: Oid, attempts: readonly Attempt[]): Promise<Partial<RevertResult>> {
  const ours = attempts.flatMap((one) => (one.commit === undefined ? [] : [{ commit: one.commit, plan: one.plan }]))
  let current: Oid | undefined = ours.length === 0 ? undefined : base
  for (let step = 0; step < 50 && current !== undefined; step++) {
    const oid: Oid = current
    const mine = ours.find((one) => one.commit.oid === oid)
    if (mine !== undefined) return { state: 'reverted', commit: oid, sites: mine.plan.sites, diff: mine.plan.diff, landedOn: { repository: repository.name, branch: repository.branch }, made: mine.commit }
    current = (await repository.info(oid))?.parents[0]
  }
  return {}
}

function messageFor(plan: RevertPlan, target: Target & { readonly is: 'to restore' }, options: RevertOptions): string {
  const { rollout } = target
  const optional = {
    ...(rollout === undefined ? {} : { rollout: rollout.namespace === undefined || rollout.namespace === '' ? rollout.name : `${rollout.namespace}/${rollout.name}` }),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(options.requestedBy === undefined ? {} : { requestedBy: options.requestedBy }),
    ...(target.revertsCommit === undefined ? {} : { revertsCommit: target.revertsCommit }),
    ...(options.signOff === 'yes' ? { signedOffBy: `${options.author.name} <${options.author.email}>` } : {}),
    ...(options.messageTemplate === undefined ? {} : { template: options.messageTemplate }),
  }
  return commitMessage({ images: plan.images, ...optional })
}

function signatures({ author, committer }: RevertOptions, now: Date): { readonly author: Signature; readonly committer: Signature } {
  const when = { timestamp: Math.floor(now.getTime() / 1000), offset: -now.getTimezoneOffset() }
  return { author: { ...author, ...when }, committer: { ...(committer ?? author), ...when } }
}
