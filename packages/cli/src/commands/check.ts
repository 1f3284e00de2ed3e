import { checkPolicy, discover, type Format, isFormat, plain, type Report, reporters, rules } from '@rollsync/policy'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
import { packageVersion } from '../package-version.ts'
import { paintOf } from '../paint.ts'
import { readRepository } from '../read-repository.ts'

export interface CheckOptions {
  readonly argocdVersion?: string
  readonly rolloutsVersion?: string
  readonly format: readonly string[]
  readonly failOn: 'error' | 'warning' | 'never'
}

/** `rollsync check`: 0 without findings at or above --fail-on, 1 with, 2 where a file could not be read. */
export async function checkCommand(paths: readonly string[], options: CheckOptions, io: Io): Promise<ExitCode> {
  const wanted: readonly Wanted[] = options.format.length === 0 ? [{ format: 'stylish', file: undefined }] : options.format.map(readFormat)
  const { files, sources, roots } = await readRepository(paths, io)
  const report = await checkPolicy(discover(files, roots), options)
  for (const { format, file } of wanted) {
    const text = reporters[format](report, { sources, rules: rules.map((rule) => rule.meta), paint: file === undefined ? paintOf(io) : plain, toolVersion: packageVersion() })
    if (file === undefined) io.out(text)
    else await io.write(file, text)
  }
  return exitOf(report, options.failOn)
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

function exitOf(report: Report, failOn: CheckOptions['failOn']): ExitCode {
  if (report.diagnostics.some((one) => one.severity === 'error')) return 2
  const { errors, warnings } = report.summary
  return failOn !== 'never' && errors + (failOn === 'warning' ? warnings : 0) > 0 ? 1 : 0
}
