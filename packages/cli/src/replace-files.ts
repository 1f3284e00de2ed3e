import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { CliError } from './exit.ts'

interface Staged {
  readonly path: string
  /** Where the link, if it is one, leads: the link stays, and what it names is replaced. */
  readonly real: string
  readonly beside: string
  readonly before: Uint8Array | undefined
}

/**
 * Writes the texts by path (relative to `cwd`), all or none: each is written beside its file first, then renamed over it, so that a full disk or a read-only
 * folder leaves every old byte; modes stay. Throws a CliError that names the file.
 */
export async function replaceFiles(texts: ReadonlyMap<string, string>, cwd: string): Promise<void> {
  const staged: Staged[] = []
  const renamed: Staged[] = []
  try {
    for (const [path, text] of texts) await stage(path, text, cwd, staged)
    for (const one of staged) {
      await rename(one.beside, one.real).catch(unwritable(one.path))
      renamed.push(one)
    }
  } catch (error) {
    for (const { real, before } of renamed) await (before === undefined ? rm(real, { force: true }) : writeFile(real, before))
    for (const { beside } of staged) await rm(beside, { force: true }).catch(() => undefined)
    throw error
  }
}

async function stage(path: string, text: string, cwd: string, staged: Staged[]): Promise<void> {
  try {
    const asked = resolve(cwd, path)
    await mkdir(dirname(asked), { recursive: true })
    const real = await realpath(asked).catch(() => asked)
    const found = await stat(real).catch(() => undefined)
    const before = found === undefined ? undefined : await readFile(real)
    const beside = `${real}.rollsync-${process.pid}`
    staged.push({ path, real, beside, before })
    await writeFile(beside, text, { mode: found?.mode ?? 0o644 })
  } catch (cause) {
    unwritable(path)(cause)
  }
}

function unwritable(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new CliError('UNWRITABLE', `${path}: cannot be written (${(cause as { code?: string }).code ?? 'unknown reason'}); no file was changed`, { hint: 'check that it is no folder, and the permissions around it', cause })
  }
}
