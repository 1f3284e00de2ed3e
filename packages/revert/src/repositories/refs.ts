import type { Effects, FileSystem } from '../effects.ts'
import type { Oid, Signature } from '../git-objects.ts'

type Io = Pick<Effects, 'fs' | 'now' | 'sleep' | 'random'>

const staleAfter = 60_000

/** What a branch points to, from its own file or from `packed-refs`; undefined where it does not exist. */
export async function readRef(fs: FileSystem, gitdir: string, ref: string): Promise<Oid | undefined> {
  const loose = await textOf(fs, `${gitdir}/${ref}`)
  const symbolic = /^ref: (refs\/\S+)/.exec(loose ?? '')?.[1]
  if (symbolic !== undefined) return readRef(fs, gitdir, symbolic)
  if (loose !== undefined && /^[0-9a-f]{40}\s*$/.test(loose)) return loose.trim()
  const packed = await textOf(fs, `${gitdir}/packed-refs`)
  return packed?.split('\n').find((line) => line.slice(41).trimEnd() === ref && /^[0-9a-f]{40} /.test(line))?.slice(0, 40)
}

export async function textOf(fs: FileSystem, path: string): Promise<string | undefined> {
  try {
    return await fs.promises.readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

export function isMissing(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | undefined)?.code
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR'
}

/** A branch to be moved, what it must stand at, and what its reflog shall say; `prepare` runs under the lock, once it is sure that the move will be done. */
export interface Swap {
  readonly ref: string
  /** Undefined: the branch must not exist yet. */
  readonly from: Oid | undefined
  readonly to: Oid
  readonly by: Signature
  readonly message: string
  readonly prepare?: () => Promise<void>
  /** The reflog of the HEAD that names this branch, which moves with it. */
  readonly headLog?: string
}

/** Moves a branch from one commit to the next under Git's own lock file, so that `git` itself takes part in the race. */
export async function swapRef(io: Io, gitdir: string, swap: Swap): Promise<'swapped' | 'moved' | 'locked'> {
  const { ref, from, to } = swap
  const path = `${gitdir}/${ref}`
  const lock = `${path}.lock`
  if (!(await takeLock(io, lock, to))) return 'locked'
  let held = true
  try {
    if ((await readRef(io.fs, gitdir, ref)) !== from) return 'moved'
    await swap.prepare?.()
    await io.fs.promises.rename(lock, path)
    held = false
  } finally {
    if (held) await io.fs.promises.unlink(lock).catch(() => undefined)
  }
  for (const log of [`${gitdir}/logs/${ref}`, ...(swap.headLog === undefined ? [] : [swap.headLog])]) await appendLog(io.fs, log, swap)
  return 'swapped'
}

async function takeLock(io: Io, lock: string, content: Oid): Promise<boolean> {
  const { fs } = io
  await fs.promises.mkdir(lock.slice(0, lock.lastIndexOf('/')), { recursive: true })
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      const file = await fs.promises.open(lock, 'wx', 0o644)
      try {
        await file.writeFile(`${content}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
      return true
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== 'EEXIST') throw error
      await removeStale(io, lock)
      await io.sleep(5 + io.random() * 20)
    }
  }
  return false
}

/** A lock that outlived its writer: Git holds one for milliseconds. It is moved aside first, so that only one of several writers removes it. */
async function removeStale({ fs, now, random }: Io, lock: string): Promise<void> {
  const age = await fs.promises.stat(lock).then((stat) => now().getTime() - stat.mtimeMs, () => 0)
  if (age < staleAfter) return
  const aside = `${lock}.stale-${Math.trunc(random() * 1e9)}`
  await fs.promises.rename(lock, aside).then(() => fs.promises.unlink(aside), () => undefined)
}

/** Adds to the branch's reflog where it has one. */
async function appendLog(fs: FileSystem, path: string, { from, to, by, message }: Swap): Promise<void> {
  const zone = `${by.offset < 0 ? '-' : '+'}${String(Math.trunc(Math.abs(by.offset) / 60)).padStart(2, '0')}${String(Math.abs(by.offset) % 60).padStart(2, '0')}`
  const line = `${from ?? '0'.repeat(40)} ${to} ${by.name} <${by.email}> ${by.timestamp} ${zone}\t${message.split('\n')[0] ?? ''}\n`
  if ((await textOf(fs, path)) !== undefined) await fs.promises.appendFile(path, line)
}
