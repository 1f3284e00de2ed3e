import { dirname, relative, resolve } from 'node:path'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'

/** The names that a configuration may have. */
const configNames: readonly string[] = ['rollsync.config.yaml', 'rollsync.config.yml', 'rollsync.config.json', 'rollsync.config.js', 'rollsync.config.mjs', 'rollsync.config.ts']

/** The configuration nearest to a folder: in it, or above it up to the root of the git checkout (or of the disk). Paths are relative to the working directory. Throws a CliError where one folder holds two. */
export async function findConfig(start: string, io: Io): Promise<string | undefined> {
  for (let folder = resolve(io.cwd, start); ; folder = dirname(folder)) {
    const shown = relative(io.cwd, folder).replaceAll('\\', '/') || '.'
    const names = await namesIn(shown, io)
    const found = configNames.filter((name) => names.has(name))
    if (found.length > 1) throw new CliError('TWO_CONFIGS', `${shown} holds ${found.join(' and ')}`, { hint: 'keep one of them, or name one with --config' })
    if (found[0] !== undefined) return shown === '.' ? found[0] : `${shown}/${found[0]}`
    if (names.has('.git') || folder === dirname(folder)) return undefined
  }
}

async function namesIn(folder: string, io: Io): Promise<ReadonlySet<string>> {
  try {
    return new Set((await io.list(folder))?.map(({ name }) => name))
  } catch {
    return new Set() // a folder above that may not be read
  }
}
