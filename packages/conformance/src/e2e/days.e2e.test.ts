import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCluster, clusterCache } from '../cluster/build.ts'
import { homeOf, type Journal, keepJournal } from '../cluster/journal.ts'
import { defaultVersions } from '../cluster/programs.ts'
import { type Cluster, startCluster } from '../cluster/start.ts'
import { readWriters } from '../cluster/writers.ts'
import { disagreements } from './disagreements.ts'
import { type Lived, live } from './live.ts'
import { createRepository } from './manifest-repository.ts'
import { predict, type Prediction } from './predict.ts'
import { scenarios } from './scenarios.ts'

const versions = { ...defaultVersions, ...(process.env['ROLLOUTS'] === undefined ? {} : { rollouts: process.env['ROLLOUTS'] }), ...(process.env['ARGOCD'] === undefined ? {} : { argocd: process.env['ARGOCD'] }) }
const folder = mkdtempSync(join(tmpdir(), 'rollsync-e2e-'))
let cluster: Cluster
let journal: Journal

beforeAll(async () => {
  const built = buildCluster(versions, clusterCache(), (line) => process.stderr.write(`${line}\n`))
  cluster = await startCluster(built, join(folder, 'cluster'))
  journal = keepJournal(cluster.api)
}, 1_500_000)

afterAll(async () => {
  await journal?.end()
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
}, 30_000)

describe.concurrent(`a day under Argo CD ${versions.argocd} and Argo Rollouts ${versions.rollouts}`, () => {
  it.each(scenarios.filter(({ events }) => events.every((event) => event.do !== 'restart-program')).map((scenario) => [scenario.name, scenario] as const))('%s: each event ends as predicted', async (_name, scenario) => {
    const namespace = scenario.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').slice(0, 50)
    const place = join(folder, namespace)
    mkdirSync(place)
    const repository = createRepository(scenario, namespace, place)
    const prediction = await predict(scenario, repository.tree, versions)
    const lived: Lived[] = []
    try {
      await live({ cluster, namespace, repository, scenario }, journal, prediction, lived)
    } finally {
      dump(namespace, lived, prediction)
    }
    expect(disagreements(lived)).toEqual([])
  }, 400_000)
})

/** For whoever looks into a disagreement: E2E_DUMP=FOLDER. */
function dump(namespace: string, lived: readonly Lived[], prediction: Prediction): void {
  const place = process.env['E2E_DUMP']
  if (place === undefined) return
  const writers = readWriters(cluster.site)
  const told = journal.entries.filter((entry) => homeOf(entry) === namespace).map((entry) => ({ ...entry, by: writers.of(entry.what) }))
  writeFileSync(join(place, `${namespace}.json`), JSON.stringify({ disagreements: disagreements(lived), lived, prediction, told }, null, 1))
}
