import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { text } from 'node:stream/consumers'

/** Everything a command touches outside itself; tests give their own. Paths are as the person wrote them, relative to `cwd`. */
export interface Io {
  readonly cwd: string
  readonly color: 'on' | 'off'
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly read: (path: string) => Promise<Uint8Array>
  readonly write: (path: string, text: string) => Promise<void>
  /** Names in a folder, or undefined where the path is no folder; throws where there is nothing. */
  readonly list: (path: string) => Promise<readonly { name: string; is: 'file' | 'folder' | 'other' }[] | undefined>
  readonly stdin: () => Promise<string>
}

/** The real thing: the file system, the process's streams. */
export function processIo(cwd: string = process.cwd()): Io {
  const at = (path: string): string => resolve(cwd, path)
  return {
    cwd,
    color: process.env['NO_COLOR'] === undefined && process.stdout.isTTY ? 'on' : 'off',
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    read: async (path) => readFile(at(path)),
    write: async (path, content) => replaceFile(at(path), content),
    list: async (path) => {
      if (!(await stat(at(path))).isDirectory()) return undefined
      const entries = await readdir(at(path), { withFileTypes: true })
      return entries.map((entry) => ({ name: entry.name, is: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other' }))
    },
    stdin: async () => text(process.stdin),
  }
}

/** Whole or not at all: written beside the file and renamed over it, so that a full disk or a kill leaves the old bytes; the mode stays. */
async function replaceFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const beside = `${path}.rollsync-${process.pid}`
  const mode = await stat(path).then((found) => found.mode, () => 0o644)
  try {
    await writeFile(beside, content, { mode })
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}
