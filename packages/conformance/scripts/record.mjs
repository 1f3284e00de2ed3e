#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from '../../../scripts/build.mjs'
import { installIfNeeded } from '../../../scripts/install.mjs'
import { callerFolder } from '../../../scripts/run-command.mjs'
import { foldRecording, joinResult, printWalk } from './fold-walk.mjs'
import { RecorderError } from './recorder-error.mjs'

const usage = `usage: pnpm conformance:record --rollouts VERSION [--vectors DIR] [--out DIR] [GROUP | GROUP/NAME]…

Runs the scripts of recorded walks through the real controllers of a release of Argo Rollouts and compares what they do with what is recorded.
Needs Go; the release comes through the Go module proxy.
  --rollouts VERSION  a release, e.g. v1.10.2
  --vectors DIR       walks to take scripts from; \`results: []\` for a new one (default: the repository's own)
  --out DIR           write the walks, this version's results joined to those of the others, for pack-vectors.mjs
Exit code 1: something recorded came out otherwise; 2: usage, no such walk, the recorder does not build.
`

const here = path => fileURLToPath(new URL(path, import.meta.url))
const text = { type: 'string' }

const readOptions = () => {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2).filter(arg => arg !== '--'),
    options: { rollouts: text, vectors: text, out: text, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  if (values.help) {
    process.stdout.write(usage)
    process.exit(0)
  }
  if (!/^v\d+\.\d+\.\d+(-[\w.]+)?$/.test(values.rollouts ?? '')) throw new RecorderError('--rollouts takes a release, e.g. v1.10.2')
  const folder = path => path && resolve(callerFolder, path)
  return { version: values.rollouts, vectors: folder(values.vectors), out: folder(values.out), only: positionals }
}

/** The walks to record, by `group/name`. */
const selectWalks = async (folder, only) => {
  const { findVectors } = await import('../dist/index.js')
  const walks = new Map()
  for (const found of findVectors(folder)) {
    if (found.found === 'unreadable') throw new RecorderError(`${found.path}: ${found.why}`)
    const { json } = found.file
    if (json?.format !== 'argo-rollouts-walk/1') continue
    const id = `${json.scenario.group}/${json.scenario.name}`
    if (only.length === 0 || only.some(one => id === one || id.startsWith(`${one}/`))) walks.set(id, json)
  }
  if (walks.size === 0) throw new RecorderError(`no walk ${only.join(' ')} below ${folder}`)
  return walks
}

/** Runs the recorder over scripts; yields what it wrote down, one walk at a time. */
function* record(binary, version, walks, folder) {
  for (const [id, { scenario }] of walks) {
    mkdirSync(dirname(join(folder, 'scenarios', id)), { recursive: true })
    writeFileSync(join(folder, 'scenarios', `${id}.json`), JSON.stringify(scenario))
  }
  const { status } = spawnSync(binary, [join(folder, 'scenarios'), join(folder, 'raw')], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new RecorderError(`the recorder ended with code ${status}`)
  const raw = join(folder, 'raw', version)
  for (const group of readdirSync(raw).sort()) {
    for (const file of readdirSync(join(raw, group)).sort()) yield JSON.parse(readFileSync(join(raw, group, file), 'utf8'))
  }
}

const main = async () => {
  const { version, vectors = here('../vectors'), out, only } = readOptions()
  installIfNeeded()
  build('packages/conformance')
  const { buildRecorder } = await import('./build-recorder.mjs')
  const walks = await selectWalks(vectors, only)
  process.stderr.write(`building the recorder for ${version}, some minutes the first time\n`)
  const binary = buildRecorder(version, here('../../../node_modules/.cache/rollsync-recorder'))
  const folder = mkdtempSync(join(tmpdir(), 'rollsync-record-'))
  const counts = { equal: 0, differs: 0, added: 0 }
  try {
    for (const recording of record(binary, version, walks, folder)) {
      const id = `${recording.scenario.group}/${recording.scenario.name}`
      const walk = walks.get(id)
      const folded = foldRecording(recording, version)
      if (folded === undefined) continue
      const recorded = walk.results.find(({ versions }) => versions.includes(version))
      const joined = joinResult(walk, version, folded)
      const verdict = recorded === undefined ? 'added' : printWalk(joined) === printWalk(walk) ? 'equal' : 'differs'
      counts[verdict] += 1
      if (verdict === 'differs') console.log(`differs  ${id}`)
      if (out === undefined) continue
      mkdirSync(dirname(join(out, id)), { recursive: true })
      writeFileSync(join(out, `${id}.json`), printWalk(joined))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  console.log(`${version}: ${counts.equal} equal to the record, ${counts.differs} differ, ${counts.added} new`)
  return counts.differs > 0 ? 1 : 0
}

try {
  process.exitCode = await main()
} catch (error) {
  const isExpected = error instanceof RecorderError || error.code === 'go' || error.code?.startsWith('ERR_PARSE_ARGS')
  if (!isExpected) throw error
  process.stderr.write(`conformance:record: ${error.message}\n`)
  process.exitCode = 2
}
