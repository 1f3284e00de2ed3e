#!/usr/bin/env node
// pnpm bench [TEXT]: runs packages/*/bench/*.mjs and prints one table.
// A bench exports `default` = { name, of?, cases: { <label>: () => unknown | Promise<unknown> } }; `of` names the case that the others are
// compared with (default: the first). All cases of a bench take turns in the same process: their ratio holds where absolute times do not.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { installIfNeeded } from './install.mjs'
import { root } from './run-command.mjs'

const rounds = 9
const roundMilliseconds = 200

const timeOnce = async (job, times) => {
  const began = performance.now()
  for (let count = 0; count < times; count++) await job()
  return (performance.now() - began) / times
}

/** How often a job fits into a round, found after it has warmed up. */
const fit = async job => {
  let times = 1
  for (;;) {
    const each = await timeOnce(job, times)
    if (each * times >= roundMilliseconds / 4) return Math.max(1, Math.round(roundMilliseconds / each))
    times *= 2
  }
}

const median = numbers => numbers.toSorted((left, right) => left - right)[numbers.length >> 1]

const measure = async ({ name, of, cases }) => {
  const labels = Object.keys(cases)
  const times = new Map()
  for (const label of labels) times.set(label, await fit(cases[label]))
  const samples = new Map(labels.map(label => [label, []]))
  for (let round = 0; round < rounds; round++) {
    for (const label of labels) samples.get(label).push(await timeOnce(cases[label], times.get(label)))
  }
  const base = median(samples.get(of ?? labels[0]))
  return labels.map(label => {
    const each = median(samples.get(label))
    const spread = (Math.max(...samples.get(label)) - Math.min(...samples.get(label))) / each
    return [name, label, `${each.toPrecision(3)} ms`, `${(each / base).toFixed(2)}x`, `${(spread * 100).toFixed(0)} %`]
  })
}

const benches = only =>
  readdirSync(join(root, 'packages')).flatMap(name => {
    const folder = join(root, 'packages', name, 'bench')
    if (!existsSync(folder)) return []
    const files = readdirSync(folder).filter(file => file.endsWith('.mjs')).sort()
    return files.map(file => join(folder, file)).filter(path => path.includes(only))
  })

installIfNeeded()
build()
const paths = benches(process.argv[2] ?? '')
if (paths.length === 0) {
  console.error('no bench matches; benches are packages/*/bench/*.mjs')
  process.exit(2)
}
const rows = [['bench', 'case', 'median', 'ratio', 'spread']]
for (const path of paths) rows.push(...(await measure((await import(pathToFileURL(path).href)).default)))
const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd())
console.log(`\nNode ${process.version}, median of ${rounds} rounds in turns; spread = (slowest - fastest) / median`)
