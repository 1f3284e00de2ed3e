#!/usr/bin/env node
// Usage: node packages/conformance/scripts/record-calls.mjs VERSION [--write]
// Asks a release of Argo Rollouts again what is recorded beside the model: validation and the calls of the traffic routers. Needs Go.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { build } from '../../../scripts/build.mjs'
import { installIfNeeded } from '../../../scripts/install.mjs'
import { RecorderError } from './recorder-error.mjs'

const here = path => fileURLToPath(new URL(path, import.meta.url))

/** What is recorded where, and what is asked for each case. */
const records = [
  { path: here('../../rollouts/src/validate/recorded-specs.json'), ask: 'spec' },
  { path: here('../../rollouts/src/validate/references/recorded-references.json'), ask: 'references' },
  { path: here('../../rollouts/src/routers/recorded-routers.json'), ask: 'router' },
]

/** RFC 7386 */
export const mergePatch = (target, patch) => {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const result = new Map(Object.entries(typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {}))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key)
    else result.set(key, mergePatch(result.get(key), value))
  }
  return Object.fromEntries(result)
}

const questionOf = (ask, base, { router, smi, rollout, patch, objects, calls }) => ({ ask, router, smi, rollout: rollout ?? mergePatch(base, patch), objects, calls })

/** An answer as it is recorded: ValidateRollout always has its list, be it empty. */
const answerOf = (ask, answer) => (ask === 'spec' ? { errors: answer.errors ?? [] } : answer)

const compareVersions = (a, b) => b.localeCompare(a, 'en', { numeric: true })

/** The answers of a case with this version's in place of what it had; versions that answer alike stand together, the newest first. */
export const joinAnswer = (answers, version, answer) => {
  const others = answers.map(({ versions, ...rest }) => ({ versions: versions.filter(other => other !== version), ...rest })).filter(({ versions }) => versions.length > 0)
  const equal = others.find(({ versions: _, ...rest }) => isDeepStrictEqual(rest, answer))
  const joined = equal === undefined ? [...others, { versions: [version], ...answer }] : others.map(other => (other === equal ? { ...other, versions: [...other.versions, version] } : other))
  return joined.map(({ versions, ...rest }) => ({ versions: versions.toSorted(compareVersions), ...rest })).sort((a, b) => compareVersions(a.versions[0], b.versions[0]))
}

const askRecorder = (binary, questions) => {
  const { status, stdout, stderr } = spawnSync(binary, ['calls'], { input: JSON.stringify(questions), encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new RecorderError(`the recorder ended with code ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

const print = (base, cases) => {
  const lines = `[\n${cases.map(one => JSON.stringify(one)).join(',\n')}\n]`
  return base === undefined ? `${lines}\n` : `{\n"base": ${JSON.stringify(base)},\n"cases": ${lines}\n}\n`
}

const main = async ([version, option]) => {
  if (!/^v\d+\.\d+\.\d+(-[\w.]+)?$/.test(version ?? '') || (option !== undefined && option !== '--write')) throw new RecorderError('usage: record-calls.mjs VERSION [--write]')
  installIfNeeded()
  build('packages/conformance')
  const { buildRecorder } = await import('./build-recorder.mjs')
  process.stderr.write(`building the recorder for ${version}, some minutes the first time\n`)
  const binary = buildRecorder(version, here('../../../node_modules/.cache/rollsync-recorder'))
  let differ = 0
  for (const { path, ask } of records) {
    const json = JSON.parse(readFileSync(path, 'utf8'))
    const { base, cases } = Array.isArray(json) ? { cases: json } : json
    const answers = askRecorder(binary, cases.map(one => questionOf(ask, base, one)))
    const joined = cases.map((one, index) => ({ ...one, answers: joinAnswer(one.answers, version, answerOf(ask, answers[index])) }))
    const changed = cases.filter((one, index) => !isDeepStrictEqual(one.answers, joined[index].answers))
    for (const { name } of changed) console.log(`differs  ${ask}: ${name}`)
    console.log(`${ask}: ${cases.length - changed.length} equal to the record, ${changed.length} differ`)
    differ += changed.length
    if (option === '--write') writeFileSync(path, print(base, joined))
  }
  return differ > 0 && option !== '--write' ? 1 : 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof RecorderError) && error.code !== 'go') throw error
    process.stderr.write(`record-calls: ${error.message}\n`)
    process.exitCode = 2
  }
}
