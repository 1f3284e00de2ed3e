#!/usr/bin/env node
// pnpm e2e: whole days on a real cluster (packages/conformance/src/e2e), and the gate through the real kubectl.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { installIfNeeded } from './install.mjs'
import { root, run } from './run-command.mjs'

const usage = `usage: pnpm e2e [--short] [--within SECONDS] [--write] [--rollouts VERSION] [--argocd VERSION] [--seed N] [-t TEXT]

Lives whole days on an API server with Argo Rollouts and Argo CD, on loopback, and holds what is seen after each event to what rollsync story predicted before.
  --short             the lane that runs in CI
  --within SECONDS    does not run, and says so, where the programs are not built by then
  --write             writes the table in docs/truth.md
  --rollouts VERSION  a release of Argo Rollouts, e.g. v1.7.2
  --argocd VERSION    a release of Argo CD that can be had as a Go module, e.g. v2.14.21
  --seed N            another seed for the random days
  -t TEXT             only the tests whose name contains TEXT
Needs Go, etcd and redis-server; without them it says that it did not run. The first run builds everything, some minutes.
`

const text = { type: 'string' }
const { values } = parseArgs({
  args: process.argv.slice(2).filter(arg => arg !== '--'),
  options: { short: { type: 'boolean' }, write: { type: 'boolean' }, within: text, rollouts: text, argocd: text, seed: text, t: { type: 'string', short: 't' }, help: { type: 'boolean', short: 'h' } },
})

const didNotRun = why => {
  console.log(`the days on a real cluster did not run: ${why}`)
  console.log('0 passed, 0 failed, 1 skipped')
  return 0
}

/** Builds in a process of its own, which can be cut off; a build that fails is a failure of the run that follows. */
const isBuiltWithin = seconds => {
  if (!(seconds > 0)) return false
  const source = `
    const { buildCluster, clusterCache } = await import('./packages/conformance/dist/cluster/build.js')
    const { defaultVersions } = await import('./packages/conformance/dist/cluster/programs.js')
    buildCluster(defaultVersions, clusterCache(), line => console.log(line))`
  const { error } = spawnSync(process.execPath, ['--input-type=module', '-e', source], { cwd: root, stdio: 'inherit', timeout: seconds * 1000, killSignal: 'SIGKILL' })
  return error?.code !== 'ETIMEDOUT'
}

const marks = ['<!-- e2e: begin -->', '<!-- e2e: end -->']

/** The results of a run beside those of other versions that stand in the page already. */
const writeTable = results => {
  const page = join(root, 'docs/truth.md')
  const before = readFileSync(page, 'utf8')
  const [start, end] = [before.indexOf(marks[0]), before.indexOf(marks[1])]
  const { versions } = results[0]
  const title = `Argo CD ${versions.argocd}, Argo Rollouts ${versions.rollouts}, Kubernetes ${versions.kubernetes}`
  const blocks = before.slice(start + marks[0].length, end).split(/^(?=#### )/m).filter(block => block.startsWith('#### ') && !block.startsWith(`#### ${title}`))
  const rows = results.map(({ name, events, values, predicted, disagreements }) => `| ${name} | ${events} | ${values} | ${predicted.join('; ').replaceAll('|', '\\|') || 'peace'} | ${disagreements === 0 ? 'as predicted' : `**${disagreements} otherwise**`} |`)
  const sum = key => results.reduce((total, result) => total + result[key], 0)
  const block = `#### ${title}\n\n${new Date().toISOString().slice(0, 10)}: ${results.length} days, ${sum('events')} times compared, ${sum('values')} values, ${sum('disagreements')} otherwise than predicted.\n
| day | times compared | values | fights predicted | seen |\n|---|---|---|---|---|\n${rows.join('\n')}\n\n`
  writeFileSync(page, `${before.slice(0, start)}${marks[0]}\n${[block, ...blocks].join('').trimEnd()}\n${before.slice(end)}`)
}

const main = async () => {
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  installIfNeeded()
  build()
  const { missingPrograms } = await import('../packages/conformance/dist/cluster/build.js')
  const missing = missingPrograms()
  if (missing.length > 0) return didNotRun(missing.join(', '))
  if (values.within !== undefined && !isBuiltWithin(Number(values.within))) return didNotRun(`the cluster's programs could not be built within ${values.within} s; what is built is kept`)
  const folder = mkdtempSync(join(tmpdir(), 'rollsync-e2e-results-'))
  const results = join(folder, 'results.jsonl')
  const env = {
    ...process.env, E2E_RESULTS: results, ...(values.short && { E2E_LANE: 'short' }), ...(values.seed && { E2E_SEED: values.seed }),
    ...(values.rollouts && { ROLLOUTS: values.rollouts }), ...(values.argocd && { ARGOCD: values.argocd }),
  }
  try {
    const code = run('npx', ['vitest', 'run', '-c', 'vitest.e2e.config.ts', ...(values.t ? ['-t', values.t] : [])], { env })
    if (values.write && existsSync(results)) writeTable(readFileSync(results, 'utf8').trim().split('\n').map(line => JSON.parse(line)))
    return code
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

process.exitCode = await main()
