import { createHash } from 'node:crypto'
import type { ChangedFile, Report } from '@rollsync/policy'
import type { LoadedConfig } from '../config/load-config.ts'
import type { Io } from '../io.ts'
import { buildId, packageVersion } from '../package-version.ts'
import type { InputFile, OtherFile } from '../read-files.ts'

/** Everything that an answer of `check` depends on; what is not here (the paint, the format, --fail-on) is applied to the answer. */
export interface CacheKey {
  readonly files: readonly InputFile[]
  /** Files that are no manifests: ApplicationSets are made of them too. */
  readonly others: readonly OtherFile[]
  readonly roots: unknown
  readonly versions: unknown
  readonly loaded: LoadedConfig
  readonly changed: readonly ChangedFile[] | undefined
  /** What was given of a cluster, file by file. */
  readonly live: readonly Uint8Array[] | undefined
}

/** Where answers are kept unless --cache-location says otherwise. */
export const defaultLocation = 'node_modules/.cache/rollsync'

/** The file of an answer: the hash of every byte that was read, the versions, the configuration, and rollsync itself, version and build. */
export function cacheFile(location: string, { files, others, roots, versions, loaded, changed, live }: CacheKey): string {
  const hash = createHash('sha256')
  const { file, folder, config, rules } = loaded
  hash.update(JSON.stringify([packageVersion(), buildId(), process.version, roots, versions, { file, folder, config, rules: rules.map((rule) => rule.meta) }, changed ?? null, live?.map((bytes) => bytes.length) ?? null, files.length]))
  for (const bytes of live ?? []) hash.update(bytes)
  for (const { file: name, bytes } of others) hash.update(`\0${name}\0${bytes?.length ?? ''}\0`).update(bytes ?? '')
  hash.update('\0\0')
  for (const { file: name, bytes } of files) hash.update(`\0${name}\0${bytes.length}\0`).update(bytes)
  return `${location.replace(/\/+$/, '')}/check-${hash.digest('hex')}`
}

/** Why an answer cannot be kept: it depends on something that the hash does not cover. */
export function notCached({ config }: LoadedConfig): string | undefined {
  return (config.rulesFrom ?? []).length === 0 ? undefined : 'the rules of your own may read anything'
}

/** The answer in a file, where there is a whole one. */
export async function cachedReport(file: string, io: Io): Promise<Report | undefined> {
  try {
    const kept = JSON.parse(new TextDecoder().decode(await io.read(file))) as { readonly file?: unknown; readonly report?: Report }
    return kept.file === file && kept.report?.version === 1 ? kept.report : undefined
  } catch {
    return undefined
  }
}

/** Keeps an answer. One that cannot be written is said, and changes nothing else. */
export async function keepReport(file: string, report: Report, io: Io): Promise<void> {
  try {
    await io.write(new Map([[file, JSON.stringify({ file, report })]]))
  } catch (error) {
    io.err(`the answer could not be kept: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}
