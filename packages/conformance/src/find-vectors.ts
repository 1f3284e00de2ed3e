import { readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { ConformanceError } from './conformance-error.ts'
import type { VectorFile } from './vector.ts'

/** What a file below a folder of vectors turned out to be. `path` is relative to the folder, `/`-separated. */
export type Found =
  | { readonly found: 'file'; readonly path: string; readonly file: VectorFile }
  | { readonly found: 'unreadable'; readonly path: string; readonly why: string }

const pack = '.json.br'

/** Paths of all JSON files and packs below a folder, sorted; dependencies and hidden folders are not walked. */
export const listVectorPaths = (folder: string): string[] => {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ConformanceError('no-folder', `${folder} is not a folder`, 'name a folder that holds recorded vectors')
  }
  return listBelow(folder, '').sort()
}

const listBelow = (folder: string, prefix: string): string[] =>
  readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}${entry.name}`
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return []
    const target = entry.isSymbolicLink() ? statSync(join(folder, path), { throwIfNoEntry: false }) : entry
    // A linked folder could lead back to where it stands.
    if (target?.isDirectory()) return entry.isSymbolicLink() ? [] : listBelow(folder, `${path}/`)
    return target?.isFile() && (path.endsWith('.json') || path.endsWith(pack)) ? [path] : []
  })

/** Reads every JSON file and every member of every pack below a folder, one path at a time. */
export function* findVectors(folder: string): Generator<Found> {
  for (const path of listVectorPaths(folder)) {
    try {
      yield* path.endsWith(pack) ? readPack(folder, path) : [readLoose(folder, path)]
    } catch (error) {
      yield { found: 'unreadable', path, why: error instanceof Error ? error.message : String(error) }
    }
  }
}

const readLoose = (folder: string, path: string): Found => ({
  found: 'file',
  path,
  file: { path, json: readJson(join(folder, path)), sibling: (name) => readSibling(join(folder, dirname(path)), name) },
})

const readPack = (folder: string, path: string): Found[] => {
  const content: unknown = JSON.parse(brotliDecompressSync(readFileSync(join(folder, path))).toString('utf8'))
  const files = isRecord(content) ? content['files'] : undefined
  if (!isRecord(files)) throw new Error('a pack is `{ "files": { "<path>": <json> } }`')
  const members = new Map(Object.entries(files))
  const prefix = dirname(path) === '.' ? '' : `${dirname(path)}/`
  return [...members].map(([member, json]): Found => {
    const sibling = (name: string): unknown => members.get(dirname(member) === '.' ? name : `${dirname(member)}/${name}`)
    return { found: 'file', path: `${prefix}${member}`, file: { path: `${prefix}${member}`, json, sibling } }
  })
}

const readSibling = (folder: string, name: string): unknown => {
  const path = join(folder, basename(name))
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readJson(path) : undefined
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
