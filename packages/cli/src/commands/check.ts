import { join, relative, resolve } from 'node:path'
import type { Diagnostic } from '@rollsync/manifests'
import { type ChangedFile, checkPolicy, type FailOn, type Format, isFormat, isIgnored, pictureRepository, plain, type PolicySettings, type Report, reporters, type RepositoryPictures, runnable } from '@rollsync/policy'
import { changedSince } from '../check/changed-since.ts'
import { compileLater } from '../check/compile-later.ts'
import { fixedFiles } from '../check/fix-files.ts'
import { judgeThreads } from '../check/judge-threads.ts'
import { progress } from '../check/progress.ts'
import { type LiveInput, readLive } from '../check/read-live.ts'
import { cachedReport, cacheFile, defaultLocation, keepReport, notCached } from '../check/report-cache.ts'
import { type LoadedConfig, loadConfig } from '../config/load-config.ts'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
import { packageVersion } from '../package-version.ts'
import { paintOf } from '../paint.ts'
import { readSources, rendered, type RepositorySources } from '../read-repository.ts'

export interface CheckOptions {
  readonly config?: string
  readonly argocdVersion?: string
  readonly rolloutsVersion?: string
  readonly lbcVersion?: string
  readonly format: readonly string[]
  readonly live?: readonly string[]
  readonly failOn?: FailOn
  readonly cache?: boolean
  readonly cacheLocation?: string
  readonly changedSince?: string
  readonly fix?: boolean
}

/** Mends that meet in one place are made one after the other; no file needs more of them than this. */
const mostRounds = 5

/** `rollsync check`: 0 without findings at or above --fail-on, 1 with, 2 where a file could not be read. What the command line says goes before what the configuration says. */
export async function checkCommand(paths: readonly string[], options: CheckOptions, io: Io, rounds: number = mostRounds): Promise<ExitCode> {
  compileLater()
  const wanted: readonly Wanted[] = options.format.length === 0 ? [{ format: 'stylish', file: undefined }] : options.format.map(readFormat)
  refuseTwice(wanted)
  const loaded = await loadConfig(options.config, await startOf(paths, io), io)
  const changed = options.changedSince === undefined ? undefined : unlessConfigured(await changedSince(options.changedSince, io), loaded, io)
  const live = options.live === undefined ? undefined : await readLive(options.live, paths, io)
  const unread: Diagnostic[] = []
  const read = without(await readSources(paths, io, (file, error) => void unread.push(diagnosticOf(file, error))), options.live ?? [], io)
  if (options.fix === true && (await fix({ read, loaded, changed, live, options, pictures: 'none' }, io))) {
    const { fix: _made, ...rest } = options
    return checkCommand(paths, rounds > 1 ? options : rest, io, rounds - 1)
  }
  const { report: judged, drawn } = await answer({ read, loaded, changed, live, options: unread.length === 0 ? options : uncached(options), pictures: wanted.some(({ format }) => format === 'html') ? 'wanted' : 'none' }, io)
  const report = unread.length === 0 ? judged : { ...judged, diagnostics: [...unread, ...judged.diagnostics] }
  for (const { format, file } of wanted) {
    const text = reporters[format](report, { sources: read.sources, rules: runnable(loaded.rules, live === undefined ? 'none' : 'given').map((rule) => rule.meta), paint: file === undefined ? paintOf(io) : plain, toolVersion: packageVersion(), pictures: drawn.pictures, picturesLeft: drawn.left })
    if (file === undefined) io.out(text)
    else await io.write(new Map([[file, text]]))
  }
  return exitOf(report, options.failOn ?? loaded.config.failOn ?? 'error')
}

/** A change of the configuration, or of the rules that it loads, may touch every answer. */
function unlessConfigured(changed: readonly ChangedFile[], { file, folder, config }: LoadedConfig, io: Io): readonly ChangedFile[] | undefined {
  const own = new Set([...(file === undefined ? [] : [file]), ...(config.rulesFrom ?? []).map((path) => join(folder, path))].map((path) => resolve(io.cwd, path)))
  const isCode = ({ file: name }: ChangedFile): boolean => (config.rulesFrom ?? []).length > 0 && /\.[cm]?[jt]s$/.test(name)
  return changed.some((one) => own.has(resolve(io.cwd, one.file)) || isCode(one)) ? undefined : changed
}

/** A file that the operating system does not give makes the exit code 2, and keeps no other finding from being printed. */
function diagnosticOf(file: string, { message, hint }: CliError): Diagnostic {
  const at = { file, line: 1, column: 1, endLine: 1, endColumn: 1, pointer: '' }
  return { code: 'unreadable-file', severity: 'error', message: message.replace(`${file}: `, ''), at, ...(hint === undefined ? {} : { hint }) }
}

/** What is unreadable now may be readable the next time. */
function uncached({ cache: _cache, cacheLocation: _location, ...options }: CheckOptions): CheckOptions {
  return options
}

/** What was given of the cluster is nothing that Git holds, also where it lies among the manifests. */
function without(read: RepositorySources, names: readonly string[], io: Io): RepositorySources {
  const left = new Set(names.map((name) => resolve(io.cwd, name)))
  const keep = (file: string): boolean => !left.has(resolve(io.cwd, file))
  return left.size === 0 ? read : { ...read, files: read.files.filter(({ file }) => keep(file)), sources: new Map([...read.sources].filter(([file]) => keep(file))) }
}

/** Makes the mends that are certain, each file shown as a diff before it is written; whether there was any. */
async function fix(question: Question, io: Io): Promise<boolean> {
  const { read } = question
  const { report } = await answer(question, io)
  const texts = fixedFiles(report.findings, read.sources)
  const { unifiedDiff } = await import('../unified-diff.ts')
  for (const [file, text] of texts) io.err(unifiedDiff(file, read.sources.get(file) ?? '', text, paintOf(io)))
  if (texts.size === 0) return false
  await io.write(texts)
  io.err(`mended ${[...texts.keys()].join(', ')}\n`)
  return true
}

interface Question {
  readonly read: RepositorySources
  readonly loaded: LoadedConfig
  readonly changed: readonly ChangedFile[] | undefined
  readonly live: LiveInput | undefined
  readonly options: CheckOptions
  readonly pictures: 'wanted' | 'none'
}

interface Answer {
  readonly report: Report
  readonly drawn: RepositoryPictures
}

/** The answer that was kept for the same question, or a new one. Pictures are not kept, nor is what a renderer had a part in: its version and what it fetches are not among what is hashed. */
async function answer(question: Question, io: Io): Promise<Answer> {
  const { read, loaded, changed, live, options } = question
  const versions = versionsOf(options, loaded)
  const why = options.cache !== true && options.cacheLocation === undefined ? 'not asked for' : question.pictures === 'wanted' ? 'pictures are made anew' : notCached(loaded)
  const file = why === undefined ? cacheFile(options.cacheLocation ?? defaultLocation, { files: read.files, others: read.others, roots: read.roots, versions, loaded, changed, live: live?.bytes }) : undefined
  const kept = file === undefined ? undefined : await cachedReport(file, io)
  if (kept !== undefined) return { report: kept, drawn: { pictures: [], left: 0 } }
  const { repository, settings } = await rendered({ ...read, files: read.files.filter(({ file: name }) => isRead(name, loaded, io)), others: read.others.filter(({ file: name }) => isRead(name, loaded, io)) }, io)
  const shown = progress(io)
  const threads = judgeThreads()
  const report = await checkPolicy(repository, { ...versions, rules: loaded.rules, ...(changed === undefined ? {} : { changed }), ...(live === undefined ? {} : { live: live.objects }), ...(threads === undefined ? {} : { threads }), onProgress: shown.tell }).finally(shown.end)
  if (file !== undefined && settings.rendered === undefined) await keepReport(file, report, io)
  return { report, drawn: question.pictures === 'wanted' ? await pictureRepository(repository, { ...versions, findings: report.findings }) : { pictures: [], left: 0 } }
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

function versionsOf(options: CheckOptions, { config }: LoadedConfig): Pick<PolicySettings, 'argocdVersion' | 'rolloutsVersion' | 'lbcVersion'> {
  const argocdVersion = options.argocdVersion ?? config.argocdVersion
  const rolloutsVersion = options.rolloutsVersion ?? config.rolloutsVersion
  const lbcVersion = options.lbcVersion ?? config.lbcVersion
  return { ...(argocdVersion === undefined ? {} : { argocdVersion }), ...(rolloutsVersion === undefined ? {} : { rolloutsVersion }), ...(lbcVersion === undefined ? {} : { lbcVersion }) }
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
