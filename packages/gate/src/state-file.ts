import { dirname } from 'node:path'
import type { FileSystem } from '@rollsync/revert'
import { GateError } from './gate-error.ts'

/** Where the state of a gate is kept: a row of texts, each written once. `write` to a generation that is there already changes nothing and says so: the first writer wins. */
export interface StateStore {
  /** For messages. */
  readonly name: string
  /** The newest generation, from 1 on; undefined where there is none yet. */
  readonly read: () => Promise<{ readonly generation: number; readonly text: string } | undefined>
  readonly write: (generation: number, text: string) => Promise<'written' | 'another was first'>
}

/** A row of files: PATH, PATH.2, PATH.3 and so on. Each appears whole or not at all, by a hard link to a finished file, and is never changed. */
export function stateFile(path: string, fs: FileSystem['promises'], unique: () => string): StateStore {
  const file = (generation: number): string => (generation === 1 ? path : `${path}.${generation}`)
  return {
    name: path,
    read: async () => {
      let newest: { readonly generation: number; readonly text: string } | undefined
      for (let generation = 1; generation <= most; generation++) {
        const text = await fs.readFile(file(generation), 'utf8').catch((cause: NodeJS.ErrnoException) => {
          if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined
          throw new GateError('bad-state', `${file(generation)} cannot be read: ${cause.message}`, { hint: 'give another file with --state', cause })
        })
        if (text === undefined) break
        newest = { generation, text }
      }
      return newest
    },
    write: async (generation, text) => {
      try {
        await fs.mkdir(dirname(path), { recursive: true })
        return await createWhole(file(generation), `${path}.new-${unique()}`, text, fs)
      } catch (cause) {
        throw new GateError('state-unwritable', `${file(generation)} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'a gate needs a state file that outlives it; name one with --state', cause })
      }
    },
  }
}

/** A gate writes fewer than ten. */
const most = 1000

async function createWhole(path: string, beside: string, text: string, fs: FileSystem['promises']): Promise<'written' | 'another was first'> {
  const handle = await fs.open(beside, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    await fs.link(beside, path)
    return 'written'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return 'another was first'
    // A file system without hard links: exclusive all the same, though not whole at once.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    return await fs.writeFile(path, text, { flag: 'wx', mode: 0o600 }).then(() => 'written' as const, (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EEXIST') return 'another was first' as const
      throw cause
    })
  } finally {
    await fs.rm(beside, { force: true })
  }
}
