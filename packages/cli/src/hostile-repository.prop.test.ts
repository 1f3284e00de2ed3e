import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { runInMemory } from '../test/run-in-memory.ts'

const names = ['apps.yaml', 'ingress.yaml', 'rollout.yaml', 'services.yaml']
const example = new Map(names.map((name) => [name, readFileSync(new URL(`../../../examples/alb-header-route/${name}`, import.meta.url), 'utf8')]))
const documentsOf = (text: string): readonly unknown[] => parseAllDocuments(text).map((one) => one.toJS() as unknown)

/** What may stand where a manifest has something else; `gone`: nothing at all. */
const strangers: readonly unknown[] = [
  'gone', null, 7, -3, 1e300, 0.5, true, 'text', '', '1', 'x'.repeat(10_000), 'a\u0000b', 'a\nb\n', '{{ .Values.x }}', '__proto__', 'constructor',
  [], [null], [[]], ['a'], [{}], {}, { a: {} }, JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":1},"toString":1}'),
]

type Path = readonly (string | number)[]

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  const inner: readonly (readonly [string | number, unknown])[] = Array.isArray(value) ? [...value.entries()] : typeof value === 'object' && value !== null ? Object.entries(value) : []
  return [...(path.length === 0 ? [] : [path]), ...inner.flatMap(([key, one]) => pathsIn(one, [...path, key]))]
}

interface Place {
  readonly file: string
  readonly document: number
  readonly path: Path
}

const places: readonly Place[] = [...example].flatMap(([file, text]) => documentsOf(text).flatMap((one, document) => pathsIn(one).map((path) => ({ file, document, path }))))

/** The example with one value replaced; its YAML is written anew. */
function spoilt({ file, document, path }: Place, stranger: unknown, cured: ReadonlyMap<string, string>): Map<string, string> {
  const documents = documentsOf(cured.get(file) ?? '')
  const parent = path.slice(0, -1).reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], documents[document]) as Record<string | number, unknown>
  const key = path.at(-1) ?? ''
  if (stranger !== 'gone') parent[key] = stranger
  else if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else delete parent[key]
  return new Map(cured).set(file, documents.map((one) => stringify(one, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n'))
}

const commands: readonly (readonly string[])[] = [
  ['check', '.'], ['simulate', '.', '--diff'], ['simulate', '.', '--explore', '--format', 'json'], ['generate', '--write', '.'], ['generate', '--anchor', '--write', '.'], ['story', '.'], ['route', '.', '--host', 'qa-domain.com', '--header', 'version: 2'],
]

describe('any command', () => {
  it('answers in words, whatever stands in the place of a value', { timeout: 300_000 }, async () => {
    const cured = new Map(example)
    // As it is printed, its expression does not parse, and little more is asked of it.
    expect(await runInMemory(cured, 'generate', '--write', '.')).toMatchObject({ exit: 0 })
    await fc.assert(fc.asyncProperty(fc.constantFrom(...places), fc.constantFrom(...strangers), fc.constantFrom(...commands), async (place, stranger, command) => {
      const files = spoilt(place, stranger, cured)
      const before = new Map(files)
      const { exit, out, err } = await runInMemory(files, ...command)
      expect([0, 1, 2]).toContain(exit)
      expect(`${out}${err}`).not.toMatch(/defect of rollsync|\n\s+at .*:\d+:\d+|\[object Object\]|\bundefined\b|\bNaN\b/)
      if (exit === 2) {
        expect(`${out}${err}`).toContain('error')
        expect([...files]).toEqual([...before])
      }
      for (const text of files.values()) expect(parseAllDocuments(text).flatMap((one) => one.errors)).toEqual([])
    }), { numRuns: 40 })
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
