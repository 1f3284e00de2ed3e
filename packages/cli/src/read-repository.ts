import { discover, type DiscoverSettings, type Repository, type Root } from '@rollsync/policy'
import type { Io } from './io.ts'
import { type InputFile, type OtherFile, readFiles, type Unread } from './read-files.ts'

/** The files of a repository, named from the working directory, their texts, and where the repository's root may lie. */
export interface RepositoryFiles {
  readonly files: readonly InputFile[]
  readonly sources: ReadonlyMap<string, string>
  /** Where the repository's root may lie, and what kustomize and helm make of its overlays and charts. */
  readonly settings: DiscoverSettings
  /** The files, paired. */
  readonly repository: Repository
}

/** Reads the given paths. `spec.source.path` of an Application counts from the folder given, and else from the root of the git checkout around it. */
export async function readRepository(paths: readonly string[], io: Io): Promise<RepositoryFiles> {
  return rendered(await readSources(paths, io), io)
}

/** What was read, before anything is rendered. */
export interface RepositorySources {
  readonly files: readonly InputFile[]
  readonly sources: ReadonlyMap<string, string>
  readonly roots: readonly Root[]
  /** What else lies there: ApplicationSets are made of it too. */
  readonly others: readonly OtherFile[]
}

export async function readSources(paths: readonly string[], io: Io, unread?: Unread): Promise<RepositorySources> {
  const others: OtherFile[] = []
  const files = await readFiles(paths, io, { ...(unread === undefined ? {} : { unread }), other: (one) => void others.push(one) })
  // As the parser decodes it: a byte order mark is part of the text, so that a file is compared with itself.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return { files, sources: new Map(files.map(({ file, bytes }) => [file, decoder.decode(bytes)])), roots: await rootsOf(paths, io), others }
}

/** Renders the overlays and charts that the Applications name. */
export async function rendered({ files, sources, roots, others }: RepositorySources, io: Io): Promise<RepositoryFiles> {
  const asWritten = discover(files, { roots, others })
  if (asWritten.needs.length === 0) return { files, sources, settings: { roots, others }, repository: asWritten }
  const settings = { roots, others, rendered: await (await import('./render/render-all.ts')).renderAll(asWritten.needs, io.cwd) }
  return { files, sources, settings, repository: discover(files, settings) }
}

async function rootsOf(paths: readonly string[], io: Io): Promise<readonly Root[]> {
  const [only] = paths
  const folder = paths.length === 1 && only !== undefined && only !== '-' && (await io.list(only)) !== undefined ? clean(only) : ''
  const above = await checkoutAbove(io)
  return [{ above: '', below: folder }, ...(folder === '' ? [] : [{ above: '', below: '' }]), ...(above === undefined || above === '' ? [] : [{ above, below: '' }])]
}

/** The working directory below the root of the git checkout that it lies in. */
async function checkoutAbove(io: Io): Promise<string | undefined> {
  const parts = io.cwd.split(/[\\/]/).filter((part) => part !== '')
  for (let depth = 0; depth <= parts.length; depth += 1) {
    if (await hasGit(depth === 0 ? '.' : Array.from({ length: depth }, () => '..').join('/'), io)) return parts.slice(parts.length - depth).join('/')
  }
  return undefined
}

async function hasGit(folder: string, io: Io): Promise<boolean> {
  try {
    return (await io.list(folder))?.some(({ name }) => name === '.git') ?? false
  } catch {
    return false
  }
}

function clean(path: string): string {
  const normal = path.replaceAll('\\', '/').replace(/^(\.\/)+/, '').replace(/\/+$/, '')
  return normal === '.' ? '' : normal
}
