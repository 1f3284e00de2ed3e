import { CliError } from './exit.ts'
import type { Io } from './io.ts'

export interface InputFile {
  /** As printed in messages: relative to the working directory, `/`-separated. */
  readonly file: string
  readonly bytes: Uint8Array
}

const skippedFolders = new Set(['.git', 'node_modules', '.terraform', 'vendor'])

/**
 * The manifests below the given paths, in order of name: every .yaml and .yml file, and every .json file that speaks of an apiVersion. A path that is
 * a file is read whatever its name; `-` is standard input. Links are not followed. Throws a CliError for a path that does not exist and for paths without any manifest.
 */
export async function readFiles(paths: readonly string[], io: Io): Promise<readonly InputFile[]> {
  const files = new Map<string, InputFile>()
  for (const path of paths.length === 0 ? ['.'] : paths) {
    for (const input of path === '-' ? [await readStdin(io)] : await readPath(path, io)) files.set(input.file, input)
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

async function readPath(path: string, io: Io): Promise<readonly InputFile[]> {
  const normal = path.replaceAll('\\', '/').replace(/^(\.\/)+(?=.)/, '').replace(/(?<=.)\/+$/, '')
  let entries: Awaited<ReturnType<Io['list']>>
  try {
    entries = await io.list(normal)
  } catch (cause) {
    if (!isMissing(cause)) throw unreadable(path, cause)
    throw new CliError('NO_SUCH_PATH', `${path}: no such file or folder`, { hint: 'paths are relative to the working directory', cause })
  }
  if (entries === undefined) return [await readOne(normal, io)]
  const found: InputFile[] = []
  for (const { name, is } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = normal === '.' ? name : `${normal}/${name}`
    if (is === 'folder' && !skippedFolders.has(name)) found.push(...(await readPath(inner, io)))
    if (is === 'file' && /\.ya?ml$/i.test(name)) found.push(await readOne(inner, io))
    if (is === 'file' && /\.json$/i.test(name)) {
      const input = await readOne(inner, io)
      if (Buffer.from(input.bytes).includes('"apiVersion"')) found.push(input)
    }
  }
  return found
}

async function readOne(file: string, io: Io): Promise<InputFile> {
  try {
    return { file, bytes: await io.read(file) }
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

function unreadable(path: string, cause: unknown): CliError {
  const hint = isMissing(cause) ? 'it was there a moment ago; or its name is not UTF-8' : 'check the permissions of it'
  return new CliError('UNREADABLE', `${path}: cannot be read (${(cause as { code?: string }).code ?? 'unknown reason'})`, { hint, cause })
}

function isMissing(cause: unknown): boolean {
  const { code } = cause as { code?: string }
  return code === 'ENOENT' || code === 'ENOTDIR'
}
