import { CliError } from './exit.ts'
import type { Io } from './io.ts'

export interface InputFile {
  /** As printed in messages: relative to the working directory, `/`-separated. */
  readonly file: string
  readonly bytes: Uint8Array
}

/** A JSON or jsonnet file below the given paths that is no manifest: its name, and what a JSON file holds. */
export interface OtherFile {
  readonly file: string
  readonly bytes?: Uint8Array
}

/** Told of what lies below the given paths and cannot be read; where nobody is told, it is an error of its own. */
export type Unread = (path: string, error: CliError) => void

export interface ReadOptions {
  readonly unread?: Unread
  /** Told of each file that is no manifest. */
  readonly other?: (file: OtherFile) => void
}

const skippedFolders = new Set(['.git', 'node_modules', '.terraform', 'vendor'])

/**
 * The manifests below the given paths, in order of name: every .yaml and .yml file, and every .json file that speaks of an apiVersion. A path that is
 * a file is read whatever its name; `-` is standard input. Links are not followed. Throws a CliError for a path that does not exist and for paths without any manifest.
 */
export async function readFiles(paths: readonly string[], io: Io, { unread, other }: ReadOptions = {}): Promise<readonly InputFile[]> {
  const files = new Map<string, InputFile>()
  const told = { ...(unread === undefined ? {} : { unread }), ...(other === undefined ? {} : { other }) }
  for (const path of paths.length === 0 ? ['.'] : paths) {
    for (const input of path === '-' ? [await readStdin(io)] : await readPath(path, io, told)) files.set(input.file, input)
  }
  if (files.size === 0) {
    throw new CliError('NO_MANIFESTS', `no .yaml, .yml or .json manifest in ${paths.length === 0 ? '.' : paths.join(', ')}`, {
      hint: 'give the folder that holds the Rollout, its Services and Ingress, and the Argo CD Application',
    })
  }
  return [...files.values()].sort((a, b) => (a.file < b.file ? -1 : 1))
}

async function readStdin(io: Io): Promise<InputFile> {
  return { file: '<stdin>', bytes: new TextEncoder().encode(await io.stdin()) }
}

/** `below`: the path itself was found in a folder. */
async function readPath(path: string, io: Io, { unread, below, other }: ReadOptions & { readonly below?: Unread } = {}): Promise<readonly InputFile[]> {
  const normal = path.replaceAll('\\', '/').replace(/^(\.\/)+(?=.)/, '').replace(/(?<=.)\/+$/, '')
  let entries: Awaited<ReturnType<Io['list']>>
  try {
    entries = await io.list(normal)
  } catch (cause) {
    if (below !== undefined) return left(path, unreadable(path, cause), below)
    if (!isMissing(cause)) throw unreadable(path, cause)
    throw new CliError('NO_SUCH_PATH', `${path}: no such file or folder`, { hint: 'paths are relative to the working directory', cause })
  }
  if (entries === undefined) return readOne(normal, io)
  const found: InputFile[] = []
  for (const { name, is } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = normal === '.' ? name : `${normal}/${name}`
    if (is === 'folder' && !skippedFolders.has(name)) found.push(...(await readPath(inner, io, { ...(unread === undefined ? {} : { unread, below: unread }), ...(other === undefined ? {} : { other }) })))
    if (is !== 'file') continue
    if (/\.ya?ml$/i.test(name)) found.push(...(await readOne(inner, io, unread)))
    else if (/\.json$/i.test(name)) {
      for (const input of await readOne(inner, io, unread)) {
        if (Buffer.from(input.bytes).includes('"apiVersion"')) found.push(input)
        else other?.(input.bytes.length > largestData ? { file: inner } : input)
      }
    } else if (/\.(?:jsonnet|libsonnet)$/.test(name)) other?.({ file: inner })
  }
  return found
}

/** What a generator of an ApplicationSet reads is small. */
const largestData = 1024 * 1024

async function readOne(file: string, io: Io, unread?: Unread): Promise<readonly InputFile[]> {
  try {
    return [{ file, bytes: await io.read(file) }]
  } catch (cause) {
    if (unread === undefined) throw unreadable(file, cause)
    return left(file, unreadable(file, cause), unread)
  }
}

function left(path: string, error: CliError, unread: Unread): readonly InputFile[] {
  unread(path, error)
  return []
}

function unreadable(path: string, cause: unknown): CliError {
  const hint = isMissing(cause) ? 'it was there a moment ago; or its name is not UTF-8' : 'check the permissions of it'
  return new CliError('UNREADABLE', `${path}: cannot be read (${(cause as { code?: string }).code ?? 'unknown reason'})`, { hint, cause })
}

function isMissing(cause: unknown): boolean {
  const { code } = cause as { code?: string }
  return code === 'ENOENT' || code === 'ENOTDIR'
}
