import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { findVectors, listVectorPaths } from './find-vectors.ts'
import { printTally } from './print-tally.ts'
import { runVectors, type Selection } from './run.ts'
import { emptyTally, mergeTallies, totalsOf, type Tally } from './tally.ts'
import type { Outcome, VectorKind } from './vector.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const folderOf = (files: Readonly<Record<string, string | Buffer>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vectors-'))
  folders.push(folder)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

const packOf = (files: Readonly<Record<string, unknown>>): Buffer => brotliCompressSync(JSON.stringify({ files }))

/** A kind whose cases say themselves how they end. */
const sums: VectorKind = {
  kind: 'sums',
  recognise: ({ json }) => (json as { format?: string }).format === 'sums/1',
  *cases({ json, path }) {
    for (const [name, one] of Object.entries((json as { cases: Record<string, unknown> }).cases)) {
      for (const version of ['v1', 'v2']) yield { group: path.split('/')[0] ?? '', version, name, run: () => answer(one) }
    }
  },
}

const answer = (one: unknown): Outcome => {
  if (one === 'throws') throw new Error('boom')
  if (one === 'skips') return { outcome: 'skipped', reason: 'not modelled' }
  return one === 2 ? { outcome: 'passed' } : { outcome: 'failed', difference: `recorded 2\nours ${String(one)}` }
}

const pairs: VectorKind = {
  kind: 'pairs',
  recognise: ({ json, sibling }) => Array.isArray(json) && sibling('objects.json') !== undefined,
  *cases() {
    yield { group: 'pairs', version: 'v1', name: 'pair', run: () => ({ outcome: 'passed' }) }
  },
}

const all = (folder: string): Selection => ({ folder, shown: 10, shard: { index: 0, of: 1 } })
const run = (folder: string, change: Partial<Selection> = {}): Promise<Tally> => runVectors([sums, pairs], { ...all(folder), ...change })

describe('findVectors', () => {
  it('finds loose files and the members of packs under the same paths', () => {
    const folder = folderOf({ 'a/seed/x.json': '{}', 'b/seed.json.br': packOf({ 'seed/y.json': 1 }), 'b/README.md': '', 'node_modules/z.json': '{}' })
    expect([...findVectors(folder)].map(({ path, found }) => [path, found])).toEqual([['a/seed/x.json', 'file'], ['b/seed/y.json', 'file']])
  })

  it('names what it cannot read and goes on', () => {
    const folder = folderOf({ 'a.json': '{', 'b.json.br': 'no brotli', 'c.json.br': brotliCompressSync('[]'), 'd.json': '1' })
    expect([...findVectors(folder)].map(({ path, found }) => [path, found])).toEqual([
      ['a.json', 'unreadable'], ['b.json.br', 'unreadable'], ['c.json.br', 'unreadable'], ['d.json', 'file'],
    ])
  })

  it('does not follow a linked folder, which could lead back', () => {
    const folder = folderOf({ 'a.json': '1' })
    symlinkSync(folder, join(folder, 'again'))
    expect(listVectorPaths(folder)).toEqual(['a.json'])
  })

  it('hands a file its siblings, loose or packed', () => {
    const folder = folderOf({ 'a/x.json': '1', 'a/objects.json': '2', 'p.json.br': packOf({ 'b/x.json': 3, 'b/objects.json': 4, 'objects.json': 5 }) })
    const seen = [...findVectors(folder)].flatMap((found) => (found.found === 'file' && found.path.endsWith('x.json') ? [found.file.sibling('objects.json')] : []))
    expect(seen).toEqual([2, 4])
  })

  it('refuses a folder that is not there', () => {
    expect(() => [...findVectors('/nowhere/at/all')]).toThrow(expect.objectContaining({ code: 'no-folder' }))
  })
})

describe('runVectors', () => {
  const mixed = { 'g/x.json': JSON.stringify({ format: 'sums/1', cases: { right: 2, wrong: 3, thrown: 'throws', left: 'skips' } }) }

  it('counts by kind, group and version, and a case that throws has failed', async () => {
    const tally = await run(folderOf(mixed))
    expect([...tally.rows.values()].map(({ kind, group, version, passed, failed }) => [kind, group, version, passed, failed]))
      .toEqual([['sums', 'g', 'v1', 1, 2], ['sums', 'g', 'v2', 1, 2]])
    expect(totalsOf(tally.rows.values())).toEqual({ passed: 2, failed: 4, skipped: 2 })
    expect(tally.failures.map(({ name, version }) => `${name} ${version}`)).toEqual(['wrong v1', 'wrong v2', 'thrown v1', 'thrown v2'])
    expect(tally.failures[2]?.difference).toContain('boom')
  })

  it('selects by a text of kind, group or name and by version, with or without its v', async () => {
    const folder = folderOf(mixed)
    const count = async (change: Partial<Selection>): Promise<number> => [...(await run(folder, change)).rows.values()].reduce((n, row) => n + row.passed + row.failed, 0)
    expect(await count({ only: 'sums/g/wr' })).toBe(2)
    expect(await count({ only: 'nothing' })).toBe(0)
    expect(await count({ version: '1' })).toBe(3)
    expect(await count({ version: 'v2' })).toBe(3)
    expect(await count({ version: 'v' })).toBe(0)
  })

  it('finds the same in one shard as in several', async () => {
    const cases = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`case-${index}`, index % 4]))
    const folder = folderOf({ 'g/x.json': JSON.stringify({ format: 'sums/1', cases }), 'g/other.json': '{}', 'g/broken.json': '{' })
    const shards = await Promise.all([0, 1, 2].map((index) => run(folder, { shown: 7, shard: { index, of: 3 } })))
    const merged = shards.reduce((sum, tally) => mergeTallies(sum, tally, 7), emptyTally)
    expect(printTally(merged)).toBe(printTally(await run(folder, { shown: 7 })))
    expect(shards.every((tally) => totalsOf(tally.rows.values()).passed > 0)).toBe(true)
  })

  it('names a file that does not keep to its format, and goes on', async () => {
    const tally = await run(folderOf({ 'a.json': '{"format":"sums/1"}', 'b.json': 'null', 'g/x.json': JSON.stringify({ format: 'sums/1', cases: { right: 2 } }) }))
    expect([...tally.unreadable.keys()]).toEqual(['a.json', 'b.json'])
    expect(totalsOf(tally.rows.values())).toEqual({ passed: 2, failed: 0, skipped: 0 })
  })

  it('names a file one of whose cases says no group, and runs those before it', async () => {
    const nameless: VectorKind = { ...sums, *cases(file) {
      yield* sums.cases(file)
      yield { group: undefined as unknown as string, version: 'v1', name: 'x', run: () => ({ outcome: 'passed' }) }
    } }
    const tally = await runVectors([nameless], all(folderOf({ 'g/x.json': JSON.stringify({ format: 'sums/1', cases: { right: 2 } }) })))
    expect([...tally.unreadable.keys()]).toEqual(['g/x.json'])
    expect(printTally(tally)).toContain('2 passed, 0 failed, 0 skipped')
  })

  it('names files of an unknown format, but not those that another file reads', async () => {
    const tally = await run(folderOf({ 'p/pairs.json': '[]', 'p/objects.json': '{}', 'p/timings.json': '{}', 'q.json': '{"format":"sums/2"}' }))
    expect([...tally.unknown.keys()]).toEqual(['p/timings.json', 'q.json'])
    expect(tally.unknown.get('q.json')).toContain('sums/2')
    expect(totalsOf(tally.rows.values()).passed).toBe(1)
  })
})

describe('printTally', () => {
  it('ends with the totals and shows reasons and differences', async () => {
    const tally = await run(folderOf({ 'g/x.json': JSON.stringify({ format: 'sums/1', cases: { wrong: 3, left: 'skips' } }), 'b.json': '{' }), { shown: 1 })
    const lines = printTally(tally).trimEnd().split('\n')
    expect(lines.at(-1)).toBe('0 passed, 2 failed, 2 skipped')
    expect(lines).toContain('    1 skipped: not modelled')
    expect(lines).toContain('FAILED sums/g/wrong in v1 (g/x.json)')
    expect(lines).toContain('    ours 3')
    expect(lines).toContain('and 1 more failed')
    expect(lines).toContain('1 unreadable:')
  })
})
