#!/usr/bin/env node
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ConformanceError } from './conformance-error.ts'
import { printTally } from './print-tally.ts'
import { runInThreads } from './run-in-threads.ts'
import { totalsOf } from './tally.ts'

const usage = `usage: pnpm conformance [--vectors DIR] [--only TEXT] [--version V] [--jobs N] [--show N]

Replays recorded vectors against the built packages.
  --vectors DIR  every vector below this folder, loose JSON and packs alike (default: the repository's own)
  --only TEXT    cases whose kind/group/name contains TEXT, e.g. rollouts/seed
  --version V    cases of one version, e.g. v1.10.2
  --jobs N       threads (default: one per core, at most 4)
  --show N       how many differences are printed (default 10)

Ends with the line "N passed, N failed, N skipped". Exit code 1: something failed; 2: usage, an unreadable file, no vectors.
`

const ownVectors = fileURLToPath(new URL('../vectors', import.meta.url))

interface Options {
  readonly folder: string
  readonly only?: string
  readonly version?: string
  readonly jobs: number
  readonly shown: number
}

const readOptions = (args: readonly string[]): Options | 'help' => {
  const text = { type: 'string' } as const
  const options = { vectors: text, only: text, version: text, jobs: text, show: text, help: { type: 'boolean', short: 'h' } } as const
  // `pnpm conformance -- --only x` hands the dashes through.
  const { values } = parseArgs({ args: args.filter((arg) => arg !== '--'), options, allowPositionals: false })
  if (values.help === true) return 'help'
  return {
    folder: values.vectors === undefined ? ownVectors : resolve(values.vectors),
    jobs: readCount('jobs', values.jobs, 1) ?? Math.min(4, availableParallelism()),
    shown: readCount('show', values.show, 0) ?? 10,
    ...(values.only === undefined ? {} : { only: values.only }),
    ...(values.version === undefined ? {} : { version: values.version }),
  }
}

const readCount = (name: string, text: string | undefined, least: number): number | undefined => {
  if (text === undefined) return undefined
  const count = Number(text)
  if (Number.isInteger(count) && count >= least && count <= 10_000) return count
  throw new ConformanceError('usage', `--${name} takes a whole number from ${least}, not ${JSON.stringify(text)}`, 'see --help')
}

const main = async (args: readonly string[]): Promise<number> => {
  const options = readOptions(args)
  if (options === 'help') {
    process.stdout.write(usage)
    return 0
  }
  const { jobs, ...selection } = options
  const tally = await runInThreads(selection, jobs)
  process.stdout.write(printTally(tally))
  const { passed, failed, skipped } = totalsOf(tally.rows.values())
  if (failed > 0) return 1
  if (tally.unreadable.size > 0) return 2
  if (passed + skipped > 0) return 0
  throw new ConformanceError('no-vectors', `no vector below ${options.folder} was selected`, 'see --vectors, --only and --version')
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const isUsage = error instanceof ConformanceError || (error instanceof TypeError && 'code' in error)
  if (!isUsage) throw error
  process.stderr.write(`conformance: ${error.message}${error instanceof ConformanceError ? `; ${error.hint}` : ''}\n`)
  process.exitCode = 2
}
