// Random cases, answered by the real code of a release (recorder/argocd) and by the built packages: node fuzz.mjs --recorder BINARY --definitions JSON --version V [--seed N] [--cases N] [--grid] [--only TEXT] [--keep FILE]
import { appendFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { argocd } from '../dist/kinds/argocd.js'
import { findVectors } from '../dist/find-vectors.js'
import { openRecorder } from './ask-recorder.mjs'
import { foldAnswers } from './fold-answers.mjs'
import { drawQuestions, gridQuestions, readSeeds } from './questions.mjs'
import { chance } from './random.mjs'

const text = { type: 'string' }
const { values } = parseArgs({ options: { recorder: text, definitions: text, version: text, seed: { ...text, default: '1' }, cases: { ...text, default: '1000' }, only: text, keep: text, grid: { type: 'boolean', default: false }, show: { ...text, default: '20' } } })
const { recorder: binary, version } = values
const most = Number(values.cases)
// The recorder's own API server is that of the release's libraries; the recorded vectors have that of the newest.
const syncs = version === '3.6-dev'

const vectors = [...findVectors(fileURLToPath(new URL('../vectors/argocd', import.meta.url)))].filter(one => one.found === 'file' && Array.isArray(one.file.json.cases)).map(one => one.file.json)
const seeds = readSeeds(vectors)
const drawn = values.grid ? gridQuestions(seeds) : drawQuestions(seeds, chance(Number(values.seed)))
const recorder = openRecorder(binary, values.definitions.split(','))
const tally = new Map()
const causes = new Map()
let refused = 0

const note = (group, outcome) => {
  const row = tally.get(group) ?? { cases: 0, passed: 0, failed: 0, skipped: 0 }
  tally.set(group, row)
  row[outcome]++
}

/** A difference by what it is about, without the places in lists. */
const causeOf = (aspect, difference) => `${aspect} ${difference.split('\n')[0].replaceAll(/\/\d+/g, '/#').slice(0, 160)}`

// Go ranges over maps by chance: which of several faults of an object is told, and in which order.
const isSameByChance = difference => difference.split('\n').every(line => {
  const [, recorded, ours] = /^\/(?:error|condition|message|swallowed\/\d+): recorded ("(?:[^"\\]|\\.)*"), ours ("(?:[^"\\]|\\.)*")$/.exec(line) ?? []
  if (recorded === undefined || ours === undefined) return false
  const [left, right] = [recorded, ours].map(text => JSON.parse(text))
  if (['field not declared in schema', 'does not contain declared merge key'].some(fault => left.includes(fault) && right.includes(fault))) return true
  const problems = text => text.split(/: (?:errors:)?(?=\s*\.)/).slice(1).join(': ').split('\n').map(problem => problem.trim())
  return problems(left).some(problem => problem !== '' && problems(right).includes(problem))
})

const judge = async answers => {
  const byName = new Map(answers.map(answer => [answer.name, answer]))
  for (const group of new Set(answers.map(answer => answer.group))) {
    const json = foldAnswers(answers.filter(answer => answer.group === group), { group, version, syncs })
    for (const _ of json.cases) note(group, 'cases')
    for (const one of argocd.cases({ path: 'fuzz.json', json, sibling: () => undefined })) {
      let outcome
      try { outcome = await one.run() } catch (error) { outcome = { outcome: 'failed', difference: `threw ${error.stack.split('\n').slice(0, 3).join(' ')}` } }
      if (outcome.outcome === 'failed' && isSameByChance(outcome.difference)) outcome = { outcome: 'passed' }
      note(group, outcome.outcome)
      if (outcome.outcome === 'passed') continue
      const [name, aspect] = [one.name.slice(0, one.name.indexOf(' [')), one.name.slice(one.name.indexOf('['))]
      const cause = outcome.outcome === 'skipped' ? `skipped: ${outcome.reason.slice(0, 100)}` : causeOf(aspect, outcome.difference)
      const known = causes.get(cause) ?? { count: 0, first: `${group}/${name}`, detail: outcome.difference ?? outcome.reason }
      known.count++
      causes.set(cause, known)
      if (values.keep && outcome.outcome === 'failed') appendFileSync(values.keep, `${JSON.stringify({ ...byName.get(name), aspect, difference: outcome.difference })}\n`)
    }
  }
}

const started = Date.now()
let stopped = false
// Whoever stops it is told what has been found so far.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => { stopped = true })
let judging = Promise.resolve()
for (let asked = 0, ended = false; asked < most && !ended && !stopped;) {
  const batch = []
  while (batch.length < 100 && asked < most) {
    const { value, done } = drawn.next()
    if (done) { ended = true; break }
    asked++
    if (values.only === undefined || value.group.includes(values.only)) batch.push(value)
  }
  const answers = await recorder.ask(batch)
  refused += answers.filter(one => one.refused !== undefined).length
  await judging
  judging = judge(answers)
}
await judging
recorder.close()
await argocd.close?.()
for (const [group, row] of [...tally].sort()) console.log(`${group.padEnd(26)} ${Object.entries(row).map(([key, count]) => `${count} ${key}`).join(', ')}`)
const total = [...tally.values()].reduce((sum, row) => ({ cases: sum.cases + row.cases, passed: sum.passed + row.passed, failed: sum.failed + row.failed, skipped: sum.skipped + row.skipped }))
console.log(`seed ${values.seed}, ${version}: ${total.cases} cases, ${refused} that no API server would hold; ${total.passed} answers equal, ${total.failed} different, ${total.skipped} skipped; ${Math.round((Date.now() - started) / 1000)} s`)
for (const [cause, { count, first, detail }] of [...causes].sort(([, left], [, right]) => right.count - left.count).slice(0, Number(values.show))) console.log(`\n${count} × ${cause}\n  first in ${first}\n  ${detail.split('\n').slice(0, 3).map(line => line.slice(0, 400)).join('\n  ')}`)
process.exitCode = total.failed > 0 ? 1 : 0
