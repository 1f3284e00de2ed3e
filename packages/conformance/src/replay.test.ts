import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { kinds } from './kinds/index.ts'
import { listCases, runCase, type FoundCase } from './run.ts'

// The repository's own vectors through every kind, from source. `vitest -u` renews the counts in replayed.json; a skip that is not there is a failure.

const strays: string[] = []
const stray = (path: string): unknown => strays.push(path)
const replays = new Map<string, FoundCase[]>()
for (const found of listCases(kinds, fileURLToPath(new URL('../vectors', import.meta.url)), { unreadable: stray, unknown: stray })) {
  const key = `${found.kind.kind} ${found.case.group} ${found.case.version}`
  const cases = replays.get(key)
  if (cases === undefined) replays.set(key, [found])
  else cases.push(found)
}

const shownDifferences = 5

describe('the recorded vectors', () => {
  const counts = new Map<string, { cases: number; skipped: Record<string, number> }>()

  afterAll(async () => {
    for (const kind of kinds) await kind.close?.()
  })

  it.each([...replays])('hold: %s', { timeout: 300_000 }, async (key, cases) => {
    const failed: string[] = []
    const skipped = new Map<string, number>()
    for (const { case: one } of cases) {
      const outcome = await runCase(one)
      if (outcome.outcome === 'failed') failed.push(`${one.name}: ${outcome.difference}`)
      if (outcome.outcome === 'skipped') skipped.set(outcome.reason, (skipped.get(outcome.reason) ?? 0) + 1)
    }
    counts.set(key, { cases: cases.length, skipped: Object.fromEntries([...skipped].sort()) })
    expect({ failed: failed.length, first: failed.slice(0, shownDifferences) }).toEqual({ failed: 0, first: [] })
  })

  it('are all there, and no more are skipped than is written down', async () => {
    const lines = [...counts].map(([key, count]) => `${JSON.stringify(key)}: ${JSON.stringify(count)}`).sort()
    await expect(`{\n${lines.join(',\n')}\n}\n`).toMatchFileSnapshot('../replayed.json')
  })

  it('are all of a kind that is replayed', () => {
    // The measured times of Argo CD's code are not a case.
    expect(strays.filter((path) => !/(^|\/)timings\.json$/.test(path))).toEqual([])
  })
})
