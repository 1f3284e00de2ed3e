import { readLiveObjects } from '@rollsync/policy'
import type { KubeObject } from '@rollsync/manifests'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'

/** The objects of a cluster, and the bytes that they were read from. */
export interface LiveInput {
  readonly objects: readonly KubeObject[]
  readonly bytes: readonly Uint8Array[]
}

const hint = 'the output of kubectl get -o json, such as: kubectl get rollouts,ingresses,services -A -o json > live.json'

/** Reads --live FILE...: throws a CliError that names the file and the line of what cannot be read. Nothing of a Secret is kept or printed. */
export async function readLive(names: readonly string[], paths: readonly string[], io: Io): Promise<LiveInput> {
  if ([...names, ...paths].filter((name) => name === '-').length > 1) throw new CliError('USAGE', 'standard input can be read once', { hint: 'give one - only, and the other as a file' })
  const files: { readonly file: string; readonly bytes: Uint8Array }[] = []
  for (const name of names) files.push(name === '-' ? { file: '<stdin>', bytes: new TextEncoder().encode(await io.stdin()) } : { file: name, bytes: await readOne(name, io) })
  const { objects, diagnostics } = readLiveObjects(files)
  const [broken] = diagnostics
  if (broken === undefined) return { objects, bytes: files.map(({ bytes }) => bytes) }
  const at = broken.at === undefined ? '' : `${broken.at.file}:${broken.at.line}:${broken.at.column}: `
  throw new CliError('UNREADABLE', `--live ${at}${broken.message}`, { hint: broken.code === 'bad-yaml' ? hint : (broken.hint ?? hint) })
}

async function readOne(name: string, io: Io): Promise<Uint8Array> {
  try {
    return await io.read(name)
  } catch (cause) {
    const { code } = cause as { code?: string }
    throw new CliError('UNREADABLE', `--live ${name}: ${code === 'EISDIR' ? 'that is a folder' : `cannot be read (${code ?? 'unknown reason'})`}`, { hint: code === 'EISDIR' ? 'the folders to check go before --live' : hint, cause })
  }
}
