import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = join(root, 'docs/truth.md')
const text = readFileSync(page, 'utf8')

const about = {
  rollouts: 'what the controllers of Argo Rollouts write',
  argocd: 'what Argo CD compares and syncs',
  gojq: 'what its jq answers',
  lbc: 'the rules of the AWS Load Balancer Controller',
}

/** The table of docs/truth.md, from the counts that the replay holds itself to. */
const printCounts = () => {
  const rows = Object.keys(about).flatMap(kind =>
    Object.entries(JSON.parse(readFileSync(join(root, `packages/conformance/replayed/${kind}.json`), 'utf8'))).map(([key, { cases, skipped }]) => {
      const [group, ...version] = key.split(' ')
      return { kind, group, version: version.join(' '), cases, skipped: Object.values(skipped).reduce((sum, count) => sum + count, 0) }
    }))
  const distinct = (kind, field) => [...new Set(rows.filter(row => row.kind === kind).map(row => row[field]))]
  const sum = (kind, field) => rows.filter(row => row.kind === kind).reduce((total, row) => total + row[field], 0)
  const newestFirst = (left, right) => right.localeCompare(left, 'en', { numeric: true })
  const lines = Object.keys(about).map(kind => {
    const versions = distinct(kind, 'version').sort(newestFirst).join(', ')
    return `| ${kind} | ${about[kind]} | ${versions} | ${distinct(kind, 'group').length} | ${sum(kind, 'cases')} | ${sum(kind, 'skipped')} |`
  })
  return ['| kind | about | versions | groups | cases | skipped |', '|---|---|---|---|---|---|', ...lines].join('\n')
}

it('docs/truth.md counts what is replayed', () => {
  const shown = /<!-- counts:.*-->\n([\s\S]*?)\n<!-- \/counts -->/.exec(text)?.[1]
  expect(shown).toBe(printCounts())
})

it('docs/truth.md links to what is there', () => {
  const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(match => match[1]).filter(link => !/^https?:/.test(link))
  expect(links.length).toBeGreaterThan(3)
  expect(links.filter(link => !existsSync(join(dirname(page), link)))).toEqual([])
})
