import { relative, resolve } from 'node:path'
import { checkPolicy, discover, type FailOn, type Format, isFormat, isIgnored, pictureRepository, plain, type Report, reporters } from '@rollsync/policy'
import { type LoadedConfig, loadConfig } from '../config/load-config.ts'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
import { packageVersion } from '../package-version.ts'
import { paintOf } from '../paint.ts'
import { readRepository } from '../read-repository.ts'

export interface CheckOptions {
  readonly config?: string
  readonly argocdVersion?: string
  readonly rolloutsVersion?: string
  readonly format: readonly string[]
  readonly failOn?: FailOn
}

/** `rollsync check`: 0 without findings at or above --fail-on, 1 with, 2 where a file could not be read. What the command line says goes before what the configuration says. */
export async function checkCommand(paths: readonly string[], options: CheckOptions, io: Io): Promise<ExitCode> {
  const wanted: readonly Wanted[] = options.format.length === 0 ? [{ format: 'stylish', file: undefined }] : options.format.map(readFormat)
  refuseTwice(wanted)
  const loaded = await loadConfig(options.config, await startOf(paths, io), io)
  const { files, sources, settings } = await readRepository(paths, io)
  const repository = discover(files.filter(({ file }) => isRead(file, loaded, io)), settings)
  const report = await checkPolicy(repository, { ...versionsOf(options, loaded), rules: loaded.rules })
  const pictures = wanted.some(({ format }) => format === 'html') ? await pictureRepository(repository, versionsOf(options, loaded)) : []
  for (const { format, file } of wanted) {
    const text = reporters[format](report, { sources, rules: loaded.rules.map((rule) => rule.meta), paint: file === undefined ? paintOf(io) : plain, toolVersion: packageVersion(), pictures })
    if (file === undefined) io.out(text)
    else await io.write(new Map([[file, text]]))
  }
  return exitOf(report, options.failOn ?? loaded.config.failOn ?? 'error')
}

/** The configuration belongs to the folder that is checked; to the working directory where files, several folders or standard input are. */
async function startOf(paths: readonly string[], io: Io): Promise<string> {
  const [only] = paths
  if (paths.length !== 1 || only === undefined || only === '-') return '.'
  return (await io.list(only).catch(() => undefined)) === undefined ? '.' : only
}

function isRead(file: string, { config, folder }: LoadedConfig, io: Io): boolean {
  const path = relative(resolve(io.cwd, folder), resolve(io.cwd, file)).replaceAll('\\', '/')
  return !isIgnored(path, config.ignore ?? [])
}

function versionsOf(options: CheckOptions, { config }: LoadedConfig): { readonly argocdVersion?: string; readonly rolloutsVersion?: string } {
  const argocdVersion = options.argocdVersion ?? config.argocdVersion
  const rolloutsVersion = options.rolloutsVersion ?? config.rolloutsVersion
  return { ...(argocdVersion === undefined ? {} : { argocdVersion }), ...(rolloutsVersion === undefined ? {} : { rolloutsVersion }) }
}

interface Wanted {
  readonly format: Format
  /** Where it goes; standard output where undefined. */
  readonly file: string | undefined
}

function readFormat(text: string): Wanted {
  const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? []
  if (!isFormat(name)) throw new CliError('USAGE', `--format ${text}: there is no such format`, { hint: `${Object.keys(reporters).join(', ')}; each optionally with =FILE` })
  if (file === '') throw new CliError('USAGE', `--format ${text}: there is no file after =`, { hint: `--format ${name} prints to standard output` })
  return { format: name, file }
}

/** Two reports in one file would be neither. */
function refuseTwice(wanted: readonly Wanted[]): void {
  const files = wanted.flatMap(({ file }) => file ?? [])
  const twice = files.find((file, index) => files.indexOf(file) !== index)
  if (twice !== undefined) throw new CliError('USAGE', `two formats are to be written to ${twice}`, { hint: 'give each its own file' })
}

function exitOf(report: Report, failOn: FailOn): ExitCode {
  if (report.diagnostics.some((one) => one.severity === 'error')) return 2
  const { errors, warnings } = report.summary
  return failOn !== 'never' && errors + (failOn === 'warning' ? warnings : 0) > 0 ? 1 : 0
}
