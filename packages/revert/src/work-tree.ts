import git from 'isomorphic-git'
import type { Effects } from './effects.ts'
import { type Oid, readCommit } from './git-objects.ts'
import { currentBranch, type LocalPaths, openLocal } from './repositories/local.ts'
import { writeLooseObjects } from './repositories/loose-objects.ts'
import { readRef, swapRef } from './repositories/refs.ts'
import type { Commit } from './repositories/repository.ts'
import { RevertError } from './revert-error.ts'

/** What became of a checkout after its branch got the commit: brought up to it, or left alone and why. */
export type Settled = { readonly checkout: 'updated' } | { readonly checkout: 'left'; readonly why: string }

/** Where the commit is by now, seen from the checkout. */
export interface Landing {
  readonly commit: Commit
  readonly files: readonly string[]
  readonly branch: string
  /** The commit is on the checkout's own branch already, or only on the remote that it tracks. */
  readonly on: 'branch' | 'remote'
  readonly remote?: string
}

type Io = Pick<Effects, 'fs' | 'now' | 'sleep' | 'random'>

/**
 * Brings a checkout up to a commit that changed a few files, as `git merge --ff-only` would: only where the branch stands at the commit's parent (or at the commit)
 * and those files are untouched in index and work tree. Anything else is left exactly as it is, and said.
 */
export async function settleCheckout(io: Io, paths: LocalPaths, landing: Landing): Promise<Settled> {
  const { worktree } = paths
  if (worktree === undefined) return { checkout: 'updated' }
  const { branch, commit } = landing
  if ((await currentBranch(io, paths)) !== branch) return left(`another branch than ${branch} is checked out`)
  if (landing.on === 'remote' && !commit.objects.some((one) => one.type === 'tree')) return left('git pull brings the commit')
  const ref = `refs/heads/${branch}`
  const at = await readRef(io.fs, paths.gitdir, ref)
  if (at !== (landing.on === 'branch' ? commit.oid : commit.parent)) return left(`the branch ${branch} here is not where the remote was; git pull brings the commit`)
  const lock = `${paths.headdir}/index.lock`
  const taken = await io.fs.promises.open(lock, 'wx').then(async (file) => file.close().then(() => true), () => false)
  if (!taken) return left(`${lock} exists: another Git program is at work`)
  try {
    const dirty = await changedHere(io, { ...paths, worktree }, commit.parent, landing.files)
    if (dirty !== undefined) return left(`${dirty} has changes of its own here`)
    if (landing.on === 'remote') await forward(io, paths, landing)
    await writeFiles(io, { ...paths, worktree }, landing)
    return { checkout: 'updated' }
  } catch (error) {
    if (!(error instanceof RevertError) || error.code !== 'unsupported-repository') throw error
    return left(`${error.message}; git restore --source=HEAD --staged --worktree ${landing.files.join(' ')} brings the files`)
  } finally {
    await io.fs.promises.unlink(lock).catch(() => undefined)
  }
}

function left(why: string): Settled {
  return { checkout: 'left', why }
}

type Tree = LocalPaths & { readonly worktree: string }

/** The first of the files that differs from the commit's parent, in the work tree or in the index. */
async function changedHere(io: Io, paths: Tree, parent: Oid, files: readonly string[]): Promise<string | undefined> {
  const repository = await openLocal(io, paths, '')
  for (const path of files) {
    const before = await repository.fileAt(parent, path)
    if (before === undefined) return path
    const [wanted, here] = await Promise.all([repository.read(before.oid), io.fs.promises.readFile(`${paths.worktree}/${path}`).catch(() => undefined)])
    if (here === undefined || !Buffer.from(wanted).equals(here) || (await indexOid(io, paths, path)) !== before.oid) return path
  }
  return undefined
}

async function indexOid({ fs }: Io, paths: Tree, path: string): Promise<Oid | undefined> {
  let found: Oid | undefined
  await git.walk({
    fs, dir: paths.worktree, gitdir: paths.headdir, trees: [git.STAGE()],
    map: async (name, [entry]) => {
      if (name === path) found = await entry?.oid()
      return name === '.' || path === name || path.startsWith(`${name}/`) ? undefined : null
    },
  })
  return found
}

async function forward(io: Io, paths: LocalPaths, { branch, commit, remote }: Landing): Promise<void> {
  await writeLooseObjects(io, paths.gitdir, commit.objects)
  const { committer } = readCommit(commit.objects.at(-1)?.data ?? new Uint8Array())
  const swap = { from: commit.parent, to: commit.oid, by: committer, message: 'rollsync revert: fast-forward' }
  await swapRef(io, paths.gitdir, { ...swap, ref: `refs/heads/${branch}`, headLog: `${paths.headdir}/logs/HEAD` })
  const tracking = `refs/remotes/${remote ?? 'origin'}/${branch}`
  if ((await readRef(io.fs, paths.gitdir, tracking)) === commit.parent) await swapRef(io, paths.gitdir, { ...swap, ref: tracking })
}

async function writeFiles(io: Io, paths: Tree, { commit, files }: Landing): Promise<void> {
  const repository = await openLocal(io, paths, '')
  for (const path of files) {
    const file = await repository.fileAt(commit.oid, path)
    if (file === undefined) continue
    const target = `${paths.worktree}/${path}`
    const { mode } = await io.fs.promises.stat(target)
    const temporary = `${target}.rollsync-${Math.trunc(io.random() * 1e12).toString(36)}`
    await io.fs.promises.writeFile(temporary, await repository.read(file.oid), { mode })
    await io.fs.promises.rename(temporary, target)
    await git.updateIndex({ fs: io.fs, dir: paths.worktree, gitdir: paths.headdir, filepath: path, oid: file.oid, mode: Number.parseInt(file.mode, 8), force: true })
  }
}
