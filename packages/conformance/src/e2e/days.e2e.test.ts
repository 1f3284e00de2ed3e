import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { homeOf } from '../cluster/journal.ts'
import { readWriters } from '../cluster/writers.ts'
import { disagreements } from './disagreements.ts'
import { type Lived, live } from './live.ts'
import { createRepository } from './manifest-repository.ts'
import { openCluster, type OpenCluster, versions } from './open-cluster.ts'
import { predict, type Prediction } from './predict.ts'
import { randomScenarios } from './random-scenario.ts'
import { noteResult } from './results.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'

let open: OpenCluster
beforeAll(async () => {
  open = await openCluster()
}, 1_500_000)
afterAll(() => open?.close(), 60_000)

/** A program of the cluster that is killed disturbs every day that is lived at that time. */
const isAlone = ({ events }: Scenario): boolean => events.some((event) => event.do === 'restart-program')
const named = (some: readonly Scenario[]): readonly (readonly [string, Scenario])[] => some.map((scenario) => [scenario.name, scenario])
/** E2E_LANE=short: what a change is most likely to break, in few minutes. */
const isShort = process.env['E2E_LANE'] === 'short'
const all = [
  ...(isShort ? scenarios.filter(({ lane }) => lane === 'short') : scenarios),
  ...randomScenarios(Number(process.env['E2E_SEED'] ?? 1), Number(process.env['E2E_RANDOM'] ?? (isShort ? 1 : 20))),
]

const title = `a day under Argo CD ${versions.argocd} and Argo Rollouts ${versions.rollouts}`
describe.concurrent(title, () => {
  it.each(named(all.filter((scenario) => !isAlone(scenario))))('%s: each event ends as predicted', async (_name, scenario) => lives(scenario), 600_000)
})
describe(`${title}, alone`, () => {
  it.each(named(all.filter(isAlone)))('%s: each event ends as predicted', async (_name, scenario) => lives(scenario), 600_000)
})

it('a simulator with one rule turned round is found out', async () => {
  const [scenario] = scenarios.filter(({ name }) => name === 'the rule of the team').map((found) => ({ ...found, name: 'one rule turned round', events: found.events.slice(0, 1) }))
  const flip = fileURLToPath(new URL('../../cluster/flip-rule.mjs', import.meta.url))
  await expect(lives(scenario as Scenario, ['--import', flip])).rejects.toThrow(/deeply equal/)
}, 600_000)

async function lives(scenario: Scenario, nodeOptions: readonly string[] = []): Promise<void> {
  const namespace = scenario.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 50)
  const place = join(open.folder, namespace)
  mkdirSync(place)
  const repository = await createRepository(scenario, namespace, place)
  const prediction = await predict(scenario, repository.tree, versions, nodeOptions)
  const lived: Lived[] = []
  try {
    await live({ cluster: open.cluster, namespace, repository, scenario }, open.journal, prediction, lived)
  } finally {
    dump(namespace, scenario, lived, prediction)
  }
  const found = disagreements(lived, scenario.application)
  if (nodeOptions.length === 0) noteResult(scenario.name, versions, lived, prediction, found.length)
  expect(found).toEqual([])
}

/** For whoever looks into a disagreement: E2E_DUMP=FOLDER. */
function dump(namespace: string, scenario: Scenario, lived: readonly Lived[], prediction: Prediction): void {
  const place = process.env['E2E_DUMP']
  if (place === undefined) return
  const writers = readWriters(open.cluster.site)
  const told = open.journal.entries.filter((entry) => homeOf(entry) === namespace).map((entry) => ({ ...entry, by: writers.of(entry.what) }))
  writeFileSync(join(place, `${namespace}.json`), JSON.stringify({ scenario, disagreements: disagreements(lived, scenario.application), lived, prediction, told }, null, 1))
}
