import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rules } from './index.ts'

const files = readdirSync(new URL('.', import.meta.url))
const page = new URL('../../../../docs/check.md', import.meta.url)

describe('the list of rules', () => {
  it('holds every rule of the folder, by id, each with its page', () => {
    const ids = files.filter((name) => name.endsWith('.ts') && name !== 'index.ts' && !name.endsWith('.test.ts')).map((name) => name.slice(0, -3)).sort()
    expect(rules.map((rule) => rule.meta.id)).toEqual(ids)
    expect(files).toEqual(expect.arrayContaining(ids.map((id) => `${id}.md`)))
  })

  it('is the table of docs/check.md (UPDATE_DOCS=1 writes it)', () => {
    const text = readFileSync(page, 'utf8')
    const table = ['| rule | severity | what holds where it is content |', '|---|---|---|', ...rules.map(({ meta }) => `| [${meta.id}](../packages/policy/src/rules/${meta.id}.md) | ${meta.severity} | ${meta.summary} |`)].join('\n')
    const now = text.replace(/\| rule \|[\s\S]*?(?=\n\n)/, table)
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, now)
    expect(readFileSync(page, 'utf8')).toBe(now)
  })
})
