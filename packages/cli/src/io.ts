import { readdirSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

/** Everything a command touches outside itself; tests give their own. Paths are as the person wrote them, relative to `cwd`. */
export interface Io {
  readonly cwd: string
  readonly color: 'on' | 'off'
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly read: (path: string) => Promise<Uint8Array>
  /** Writes texts by path, all of them or none; throws a CliError that names the file. */
  readonly write: (texts: ReadonlyMap<string, string>) => Promise<void>
  /** Names in a folder, or undefined where the path is no folder; throws where there is nothing. */
  readonly list: (path: string) => Promise<readonly { name: string; is: 'file' | 'folder' | 'other' }[] | undefined>
  readonly stdin: () => Promise<string>
  /** Whether somebody watches standard error; hidden where left out. */
  readonly progress?: 'shown' | 'hidden'
}

/** The real thing: the file system, the process's streams. */
export function processIo(cwd: string = process.cwd()): Io {
  const at = (path: string): string => resolve(cwd, path)
  return {
    cwd,
    color: process.env['NO_COLOR'] === undefined && process.stdout.isTTY ? 'on' : 'off',
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    // Thousands of small files and folders: the thread pool costs more than it saves.
    read: async (path) => readFileSync(at(path)),
    write: async (texts) => (await import('./replace-files.ts')).replaceFiles(texts, cwd),
    list: async (path) => {
      if (!statSync(at(path)).isDirectory()) return undefined
      const entries = readdirSync(at(path), { withFileTypes: true })
      return entries.map((entry) => ({ name: entry.name, is: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other' }))
    },
    stdin: async () => (await import('node:stream/consumers')).text(process.stdin),
    progress: process.stderr.isTTY ? 'shown' : 'hidden',
  }
}
