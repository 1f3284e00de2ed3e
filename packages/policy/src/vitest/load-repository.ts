import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isIgnored } from '../config/is-ignored.ts'
import { discover, type Repository } from '../discover/repository.ts'

/** The files of a folder, paired, with the texts that failure messages quote. */
export interface LoadedRepository {
  readonly folder: string
  readonly repository: Repository
  readonly sources: ReadonlyMap<string, string>
}

export interface LoadOptions {
  /** Globs of files and folders that are not read, counted from the folder. */
  readonly ignore?: readonly string[]
}

const skipped = new Set(['.git', 'node_modules', '.terraform', 'vendor'])

/** Reads a GitOps repository: every .yaml and .yml file below `folder`, and every .json file that speaks of an apiVersion. Links are not followed. Throws what the file system throws. */
export function loadRepository(folder: string, options: LoadOptions = {}): LoadedRepository {
  const files = filesBelow(folder, '')
    .filter((file) => !isIgnored(file, options.ignore ?? []))
    .map((file) => ({ file, bytes: readFileSync(join(folder, file)) }))
    .filter(({ file, bytes }) => !/\.json$/i.test(file) || bytes.includes('"apiVersion"'))
  return { folder, repository: discover(files), sources: new Map(files.map(({ file, bytes }) => [file, bytes.toString('utf8')])) }
}

function filesBelow(folder: string, inside: string): readonly string[] {
  const entries = readdirSync(join(folder, inside), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(folder, path)
    return entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name) ? [path] : []
  })
}
