import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { listCases, runCase, type FoundCase } from '../run.ts'
import type { VectorKind } from '../vector.ts'

interface Count {
  readonly cases: number
  readonly skipped: Readonly<Record<string, number>>
}

type Counts = Readonly<Record<string, Count>>

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const hasGojq = existsSync(here('../../../gojq/wasm/gojq.wasm'))

/** Where gojq could not be built, what only it can answer is skipped; the counts are those with gojq. */
const needsGojq = (reason: string): boolean => reason.includes('gojq is not installed')

/** Depends on the machine: as many as they like, in a group where it is written down. */
const dependsOnTime = (reason: string): boolean => reason.includes('too slow')

const shownDifferences = 5

/**
 * The repository's own vectors of one kind, from source: a test per group and version, and one that holds the number of cases and of skips, by reason, to
 * `replayed/<kind>.json`. With RENEW_COUNTS=1 that file is written anew.
 */
export const replay = (kind: VectorKind): void => {
  const replays = collectReplays(kind)
  const counts = new Map<string, Count>()

  describe(`recorded vectors: ${kind.kind}`, () => {
    afterAll(() => kind.close?.())

    it.each([...replays])('hold: %s', { timeout: 600_000 }, async (key, cases) => {
      const { failed, skipped } = await runAll(cases)
      counts.set(key, { cases: cases.length, skipped })
      expect({ failed: failed.length, first: failed.slice(0, shownDifferences) }).toEqual({ failed: 0, first: [] })
    })

    it('are all there, and no more are skipped than is written down', () => {
      const path = here(`../../replayed/${kind.kind}.json`)
      if (process.env['RENEW_COUNTS'] === '1') writeFileSync(path, printCounts(counts))
      const written = JSON.parse(readFileSync(path, 'utf8')) as Counts
      expect(Object.fromEntries([...counts].map(([key, count]) => [key, heldTo(count, written[key])]))).toEqual(written)
    })
  })
}

const collectReplays = (kind: VectorKind): ReadonlyMap<string, readonly FoundCase[]> => {
  const replays = new Map<string, FoundCase[]>()
  const unreadable = (path: string, why: string): never => {
    throw new Error(`${path}: ${why}`)
  }
  for (const found of listCases([kind], here('../../vectors'), { unreadable, unknown: () => undefined })) {
    const key = `${found.case.group} ${found.case.version}`
    replays.set(key, replays.get(key) ?? [])
    replays.get(key)?.push(found)
  }
  return replays
}

const runAll = async (cases: readonly FoundCase[]): Promise<{ failed: string[]; skipped: Record<string, number> }> => {
  const failed: string[] = []
  const skipped = new Map<string, number>()
  for (const { case: one } of cases) {
    const outcome = await runCase(one)
    if (outcome.outcome === 'failed') failed.push(`${one.name}: ${outcome.difference}`)
    if (outcome.outcome === 'skipped') skipped.set(outcome.reason, (skipped.get(outcome.reason) ?? 0) + 1)
  }
  return { failed, skipped: Object.fromEntries([...skipped].sort()) }
}

/** A count as it is compared with the written one: reasons that this machine alone has are taken as written. */
const heldTo = (count: Count, written: Count | undefined): Count => {
  if (written === undefined) return count
  const own = Object.entries(count.skipped).filter(([reason]) => hasGojq || !needsGojq(reason))
  const varying = Object.entries(written.skipped).filter(([reason]) => dependsOnTime(reason) || !hasGojq)
  return { cases: count.cases, skipped: { ...Object.fromEntries(own), ...Object.fromEntries(varying) } }
}

const printCounts = (counts: ReadonlyMap<string, Count>): string => {
  const lines = [...counts].map(([key, count]) => `${JSON.stringify(key)}: ${JSON.stringify(count)}`)
  return `{\n${lines.sort().join(',\n')}\n}\n`
}
