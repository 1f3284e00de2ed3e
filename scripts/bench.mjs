#!/usr/bin/env node
// pnpm bench [TEXT] [--write] [--no-build]: runs packages/*/bench/*.mjs and prints one table; --write puts it into docs/performance.md.
// A bench exports `default` = { name, of?, clock?, goal?, cases: { <label>: () => unknown | Promise<unknown> } }; `of` names the case that the others are
// compared with (default: the first), `clock` is 'cpu' (default) or 'wall' (where other processes do the work), `goal` says what is aimed at. All cases of a bench take turns
// in the same process, and the least of all rounds counts: the ratio holds where absolute times do not. A bench that measures for itself exports `rows: () => Row[]` in place of
// `cases`, a row being { label, milliseconds, ratio?, note? } or { label, text }; rows that others recorded are `beside: [{ label, text }]`.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { installIfNeeded } from './install.mjs'
import { root } from './run-command.mjs'

const rounds = 9
const roundMilliseconds = 200

const cpuMilliseconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const timeOnce = async (job, times) => {
  const [began, used] = [performance.now(), cpuMilliseconds()]
  for (let count = 0; count < times; count++) await job()
  return { wall: (performance.now() - began) / times, cpu: (cpuMilliseconds() - used) / times }
}

/** How often a job fits into a round, found after it has warmed up. */
const fit = async job => {
  let times = 1
  for (;;) {
    const { wall: each } = await timeOnce(job, times)
    if (each * times >= roundMilliseconds / 4) return Math.max(1, Math.round(roundMilliseconds / each))
    times *= 2
  }
}

const least = numbers => Math.min(...numbers)
const milliseconds = value => `${value >= 100 ? Math.round(value) : value.toPrecision(3)} ms`

const measureCases = async ({ of, clock = 'cpu', cases }) => {
  const labels = Object.keys(cases)
  const times = new Map()
  for (const label of labels) times.set(label, await fit(cases[label]))
  const samples = new Map(labels.map(label => [label, []]))
  for (let round = 0; round < rounds; round++) {
    for (const label of labels) samples.get(label).push(await timeOnce(cases[label], times.get(label)))
  }
  const leastOf = label => least(samples.get(label).map(one => one[clock]))
  const base = leastOf(of ?? labels[0])
  return labels.map(label => ({ label, milliseconds: leastOf(label), ratio: leastOf(label) / base, note: clock === 'cpu' ? `${milliseconds(least(samples.get(label).map(one => one.wall)))} of wall time` : 'wall time' }))
}

const measure = async bench => {
  const rows = [...(bench.rows === undefined ? await measureCases(bench) : await bench.rows()), ...(bench.beside ?? [])]
  const texts = rows.map(row => [bench.name, row.label, row.text ?? milliseconds(row.milliseconds), row.ratio === undefined ? '' : `${row.ratio.toFixed(2)}x`, row.note ?? ''])
  return bench.goal === undefined ? texts : [...texts, [bench.name, 'goal', bench.goal, '', '']]
}

const benches = only =>
  readdirSync(join(root, 'packages')).flatMap(name => {
    const folder = join(root, 'packages', name, 'bench')
    if (!existsSync(folder)) return []
    const files = readdirSync(folder).filter(file => file.endsWith('.mjs')).sort()
    // The path below the root: the name of a checkout may hold the word too.
    return files.map(file => join(folder, file)).filter(path => relative(root, path).includes(only))
  })

const args = process.argv.slice(2)
if (!args.includes('--no-build')) {
  installIfNeeded()
  build()
}
const only = args.find(arg => !arg.startsWith('-')) ?? ''
if (only !== '' && args.includes('--write')) {
  console.error('--write makes the whole table anew, in one run on one machine: leave the word out')
  process.exit(2)
}
const paths = benches(only)
if (paths.length === 0) {
  console.error('no bench matches; benches are packages/*/bench/*.mjs')
  process.exit(2)
}
const head = ['bench', 'case', 'least CPU time', 'ratio', 'beside it']
const rows = []
for (const path of paths) {
  const bench = (await import(pathToFileURL(path).href)).default
  if (bench !== undefined) rows.push(...(await measure(bench)))
}
const widths = head.map((_, column) => Math.max(...[head, ...rows].map(row => row[column].length)))
for (const row of [head, ...rows]) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd())

const cell = text => text.replaceAll('|', '\\|')
const table = () => {
  const [first] = cpus()
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} with Node ${process.version}, rollsync ${JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')).version}, on ${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB.`,
    '', `| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows.map(row => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n')
}
if (args.includes('--write')) {
  const page = join(root, 'docs/performance.md')
  const [before, after] = ['<!-- bench: begin -->', '<!-- bench: end -->']
  const text = readFileSync(page, 'utf8')
  const [begin, end] = [text.indexOf(before), text.indexOf(after)]
  if (begin < 0 || end < begin) throw new Error(`${page} lacks ${before} and ${after}`)
  writeFileSync(page, `${text.slice(0, begin + before.length)}\n${table()}\n${text.slice(end)}`)
}
