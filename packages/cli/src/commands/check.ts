import { checkPolicy, discover, json, type Report, stylish } from '@rollsync/policy'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
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
  const reporters = options.format.length === 0 ? [{ name: 'stylish' as const, file: undefined }] : options.format.map(readFormat)
  const { files, sources, roots } = await readRepository(paths, io)
  const report = await checkPolicy(discover(files, roots), options)
  for (const { name, file } of reporters) {
    const text = name === 'json' ? json(report) : stylish(report, sources, file === undefined ? paintOf(io) : undefined)
    if (file === undefined) io.out(text)
    else await io.write(file, text)
  }
  return exitOf(report, options.failOn)
}

function readFormat(text: string): { readonly name: 'stylish' | 'json'; readonly file: string | undefined } {
  const [name, ...rest] = text.split('=')
  if (name !== 'stylish' && name !== 'json') throw new CliError('USAGE', `--format ${text}: there is no such format`, { hint: 'stylish or json, each optionally with =FILE' })
  return { name, file: rest.length === 0 ? undefined : rest.join('=') }
}

function exitOf(report: Report, failOn: CheckOptions['failOn']): ExitCode {
  if (report.diagnostics.some((one) => one.severity === 'error')) return 2
  const { errors, warnings } = report.summary
  return failOn !== 'never' && errors + (failOn === 'warning' ? warnings : 0) > 0 ? 1 : 0
}
