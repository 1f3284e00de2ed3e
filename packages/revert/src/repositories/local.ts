import git from 'isomorphic-git'
import type { Effects } from '../effects.ts'
import { type Oid, readCommit } from '../git-objects.ts'
import { RevertError } from '../revert-error.ts'
import { draftObjects } from './draft-objects.ts'
import { writeLooseObjects } from './loose-objects.ts'
import { readRef, type Swap, swapRef, textOf } from './refs.ts'
import type { Commit, CommitInfo, Repository } from './repository.ts'
import { fileBelow, filesBelow } from './walk-tree.ts'

/** Where the parts of a repository on this disk are; a linked work tree has its own HEAD and shares the rest. */
export interface LocalPaths {
  /** Objects, refs, config. */
  readonly gitdir: string
  /** HEAD and index. */
  readonly headdir: string
  /** The checked-out files, unless the repository is bare. */
  readonly worktree?: string
}

/** Finds the repository in or above a folder, as Git does; undefined where there is none. */
export async function findLocal({ fs }: Pick<Effects, 'fs'>, folder: string): Promise<LocalPaths | undefined> {
  const start = folder.replace(/(?<=.)\/+$/, '')
  if (await isGitdir(fs, start)) return { gitdir: start, headdir: start }
  for (let at = start; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const dot = `${at}/.git`
    if (await isGitdir(fs, dot)) return { gitdir: dot, headdir: dot, worktree: at === '' ? '/' : at }
    const link = /^gitdir: (.+?)\s*$/.exec((await textOf(fs, dot)) ?? '')?.[1]
    if (link !== undefined) return linked(fs, at, link.startsWith('/') ? link : `${at}/${link}`)
    if (!at.includes('/') || at === '') return undefined
  }
}

async function linked(fs: Effects['fs'], worktree: string, headdir: string): Promise<LocalPaths> {
  const common = (await textOf(fs, `${headdir}/commondir`))?.trim()
  const gitdir = common === undefined ? headdir : common.startsWith('/') ? common : `${headdir}/${common}`
  return { gitdir, headdir, worktree }
}

async function isGitdir(fs: Effects['fs'], path: string): Promise<boolean> {
  const [head, objects] = await Promise.all([textOf(fs, `${path}/HEAD`), fs.promises.stat(`${path}/objects`).then((stat) => stat.isDirectory(), () => false)])
  return head !== undefined && objects
}

/** The branch that HEAD names, or undefined where a commit itself is checked out. */
export async function currentBranch({ fs }: Pick<Effects, 'fs'>, paths: LocalPaths): Promise<string | undefined> {
  return /^ref: refs\/heads\/(.+?)\s*$/.exec((await textOf(fs, `${paths.headdir}/HEAD`)) ?? '')?.[1]
}

/** A branch of a repository on this disk. Commits are written straight into it: objects first, then the branch under Git's own lock. */
export async function openLocal(effects: Pick<Effects, 'fs' | 'now' | 'sleep' | 'random'>, paths: LocalPaths, branch: string): Promise<Repository> {
  const { fs } = effects
  const { gitdir } = paths
  await refuseForeign(effects, gitdir)
  const cache = {}
  const readObject = async (oid: Oid): Promise<Uint8Array> => {
    try {
      const { object } = await git.readObject({ fs, gitdir, oid, format: 'content', cache })
      return object as Uint8Array
    } catch (cause) {
      throw new RevertError('not-found', `${gitdir} lacks the object ${oid}`, { cause, hint: 'is the clone partial or damaged? git fsck tells' })
    }
  }
  const ref = `refs/heads/${branch}`
  return {
    name: paths.worktree ?? gitdir,
    branch,
    tip: async () => {
      const oid = await readRef(fs, gitdir, ref)
      if (oid === undefined) {
        const others = await git.listBranches({ fs, gitdir }).catch(() => [])
        throw new RevertError('branch-missing', `${gitdir} has no branch ${branch}`, { hint: others.length === 0 ? 'it has no commit on any branch yet' : `it has ${others.slice(0, 5).join(', ')}` })
      }
      return oid
    },
    files: async (commit) => filesBelow(readCommit(await readObject(commit)).tree, readObject),
    read: readObject,
    fileAt: async (commit, path) => fileBelow(readCommit(await readObject(commit)).tree, path, readObject),
    info: async (commit) => infoOf(commit, await readObject(commit).catch(() => undefined)),
    commit: async (draft) => draftObjects(draft, readCommit(await readObject(draft.parent)).tree, readObject),
    publish: async (commit) => {
      const headLog = (await currentBranch(effects, paths)) === branch ? { headLog: `${paths.headdir}/logs/HEAD` } : {}
      const result = await moveTo(effects, gitdir, commit, { ref, from: commit.parent, ...headLog })
      return result === 'swapped' ? { outcome: 'landed' } : { outcome: 'lost race', detail: result === 'moved' ? 'the branch moved' : `${gitdir}/${ref}.lock is held by another program` }
    },
    branchOff: async (commit, wanted) => ((await moveTo(effects, gitdir, commit, { ref: `refs/heads/${wanted}`, from: undefined })) === 'swapped' ? 'created' : 'exists'),
  }
}

/** Points a branch to a commit; its objects are written under the branch's lock, so that a lost race leaves none behind. */
async function moveTo(effects: Pick<Effects, 'fs' | 'now' | 'sleep' | 'random'>, gitdir: string, commit: Commit, swap: Pick<Swap, 'ref' | 'from' | 'headLog'>): ReturnType<typeof swapRef> {
  const { committer, message } = readCommit(commit.objects.at(-1)?.data ?? new Uint8Array())
  return swapRef(effects, gitdir, { ...swap, to: commit.oid, by: committer, message: `commit: ${message}`, prepare: async () => writeLooseObjects(effects, gitdir, commit.objects) })
}

/** A commit's data, or undefined where the object is not to be had. */
export function infoOf(oid: Oid, data: Uint8Array | undefined): CommitInfo | undefined {
  if (data === undefined) return undefined
  const { tree, parents, author, message } = readCommit(data)
  return { oid, tree, parents, author, message }
}

/** What isomorphic-git cannot read is said before anything is tried. */
async function refuseForeign({ fs }: Pick<Effects, 'fs'>, gitdir: string): Promise<void> {
  const config = (await textOf(fs, `${gitdir}/config`)) ?? ''
  const foreign = /objectformat\s*=\s*sha256/i.test(config) ? 'SHA-256 objects' : /refstorage\s*=\s*reftable/i.test(config) ? 'reftable' : /partialclone\s*=/i.test(config) ? 'a partial clone' : undefined
  const borrowed = foreign ?? ((await textOf(fs, `${gitdir}/objects/info/alternates`)) === undefined ? undefined : 'borrowed objects (alternates)')
  if (borrowed !== undefined) throw new RevertError('unsupported-repository', `${gitdir} has ${borrowed}`, { hint: 'use the native back-end: it runs your own git' })
}

