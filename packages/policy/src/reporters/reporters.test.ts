import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Schema, Validator } from '@cfworker/json-schema'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import type { Finding, Report } from '../finding.ts'
import type { CanaryPicture } from '../picture/canary-picture.ts'
import type { RuleMeta } from '../rule.ts'
import { type Format, isFormat, reporters } from './index.ts'
import type { ReporterContext } from './reporter.ts'

const input = new URL('golden/input/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, input), 'utf8')
const reports: Readonly<Record<'report' | 'clean', Report>> = { report: JSON.parse(read('report.json')) as Report, clean: JSON.parse(read('clean.json')) as Report }

const meta = (id: string, severity: RuleMeta['severity'], url?: string): RuleMeta => ({
  id, severity, recommended: true, summary: `What ${id} holds`, messages: {}, hint: `mend ${id}`, threads: id === 'expression-parses' ? ['argoproj/argo-cd#7223'] : [], ...(url === undefined ? {} : { url }),
})
const rules = [
  meta('drift-covered', 'error'), meta('expression-parses', 'error'), meta('header-route-after-pods', 'error'), meta('managed-route-declared', 'error'),
  meta('no-tracked-tag', 'warning', 'https://rules.example/no-tracked-tag'), meta('unused-suppression', 'info'),
]
const context: ReporterContext = { rules, sources: new Map(['apps.yaml', 'rollout.yaml', 'ingress.yaml'].map((file) => [file, read(file)])), toolVersion: '0.1.0', pictures: JSON.parse(read('pictures.json')) as readonly CanaryPicture[], picturesLeft: 3 }
const endings: Readonly<Record<Format, string>> = { stylish: 'txt', json: 'json', sarif: 'sarif', junit: 'xml', github: 'txt', gitlab: 'json', markdown: 'md', tap: 'tap', html: 'html' }
const printed = (format: Format, report: Report): string => reporters[format](report, context)
const stylish = (report: Report, context: ReporterContext): string => reporters.stylish(report, context)
const withFindings = (...changes: readonly Partial<Finding>[]): Report => ({ ...reports.report, findings: changes.map((change) => ({ ...(reports.report.findings[0] as Finding), ...change })) })

describe.each(Object.keys(reporters).filter(isFormat))('%s', (format) => {
  it.each(['report', 'clean'] as const)('prints the %s as its golden file', async (name) => {
    await expect(printed(format, reports[name])).toMatchFileSnapshot(`golden/${format}/${name}.${endings[format]}`)
  })

  it('prints the same report twice as the same bytes, and ends its last line', () => {
    expect(printed(format, reports.report)).toBe(printed(format, structuredClone(reports.report)))
    expect(printed(format, reports.report).endsWith('\n')).toBe(true)
  })
})

it.each(['stylish', 'markdown', 'html'] as const)('%s says how many live objects were judged, and nothing of them where none were given', (format) => {
  expect(printed(format, reports.report)).toContain('5 live objects (2 more are no part of a canary here)')
  expect(printed(format, reports.clean)).not.toContain('live object')
})

it('knows no format by the name of something that every object has', () => {
  expect([isFormat('toString'), isFormat('__proto__'), isFormat('html5'), isFormat('sarif')]).toEqual([false, false, false, true])
})

describe('sarif', () => {
  const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')) as Schema
  const validator = new Validator(schema, '4', false)
  const log = (report: Report): { runs: [{ results: { ruleId: string; partialFingerprints: Record<string, string>; suppressions?: unknown[] }[] }] } => JSON.parse(printed('sarif', report))
  const prints = (report: Report): readonly (string | undefined)[] => log(report).runs[0].results.map((one) => one.partialFingerprints['rollsyncFinding/v1'])

  it.each(['report', 'clean'] as const)('of the %s is valid by the official schema', (name) => {
    expect(validator.validate(log(reports[name])).errors).toEqual([])
  })

  it('that lacks a message is refused by that schema, so the schema is in force', () => {
    expect(validator.validate({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [{ ruleId: 'a' }] }] }).valid).toBe(false)
  })

  it('keeps a fingerprint when lines move and words change, and gives another to another pointer, rule or object', () => {
    const [first] = prints(withFindings({}))
    expect(prints(withFindings({ line: 99, endLine: 99, column: 1, message: 'other words' }))[0]).toBe(first)
    expect(prints(withFindings({ pointer: '/spec' }))[0]).not.toBe(first)
    expect(prints(withFindings({ rule: 'other' }))[0]).not.toBe(first)
    expect(prints(withFindings({ resource: { group: '', kind: 'Service', namespace: '', name: 'x' } }))[0]).not.toBe(first)
  })

  it('gives two findings at the same place two fingerprints', () => {
    expect(new Set(prints(withFindings({}, {}))).size).toBe(3) // and the suppressed one
  })

  it('names the reason of a suppression, and says of each other result that nothing suppresses it', () => {
    const { results } = log(reports.report).runs[0]
    expect(results.map((one) => one.suppressions?.length)).toEqual([0, 0, 0, 0, 0, 1])
    expect(results.at(-1)?.suppressions).toMatchObject([{ kind: 'inSource', justification: 'the pods are scaled by hand, 50 % of them' }])
  })
})

describe('stylish', () => {
  it('puts the carets below the part, be there tabs or a byte order mark before it', () => {
    const shown = (source: string, column: number): string => stylish(withFindings({ file: 'x.json', line: 1, endLine: 1, column, endColumn: column + 3 }), { ...context, sources: new Map([['x.json', source]]) })
    expect(shown('\ufeffabc: 1\n', 1)).toContain('  1 | abc: 1\n    | ^^^\n')
    expect(shown('\t\tabc: 1\n', 3)).toContain('  1 | \t\tabc: 1\n    | \t\t^^^\n')
  })

  it('lets no text of a manifest steer the terminal', () => {
    const shown = stylish(withFindings({ file: 'x.yaml', line: 1, endLine: 1, column: 1, endColumn: 2, message: 'a\u001b[2Jb', hint: '\u009b2J' }), { ...context, sources: new Map([['x.yaml', 'a: 1 # \u001b]0;x\u0007 \u202e\n']]) })
    expect(shown).not.toMatch(/[\u001b\u0007\u009b\u202e]/)
  })
})

describe('junit', () => {
  const parsed = (xml: string): { readonly tags: readonly string[]; readonly texts: readonly string[] } => {
    const tags: string[] = []
    const texts: string[] = []
    const parser = new SaxesParser()
    parser.on('error', (error) => { throw error })
    parser.on('opentag', (tag) => tags.push(tag.name))
    parser.on('text', (text) => texts.push(text))
    parser.write(xml).close()
    return { tags, texts }
  }

  it('counts what it lists', () => {
    const xml = printed('junit', reports.report)
    const { tags } = parsed(xml)
    const count = (name: string): number => tags.filter((tag) => tag === name).length
    expect(xml).toContain(`tests="${count('testcase')}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}">`)
    expect([count('testcase'), count('failure'), count('error'), count('skipped')]).toEqual([19, 3, 1, 1])
  })

  it('stays well-formed whatever a message holds', () => {
    const xml = printed('junit', withFindings({ message: '\0\u0007\ud800 ]]> <a b="&" \r\n\ufffe' }))
    expect(parsed(xml).texts.join('')).toContain(']]> <a b="&"')
  })
})

describe('github', () => {
  const lines = printed('github', withFindings({ message: '50 %\r\n::error::x', rule: 'a,b:c', file: 'a%,b:c.yaml', line: 1, endLine: 1, column: 3, endColumn: 4 })).split('\n')

  it('prints one line per annotation, whatever a message or a file name holds', () => {
    expect(lines[1]).toMatch(/^::error title=a%2Cb%3Ac,file=a%25%2Cb%3Ac\.yaml,line=1,endLine=1,col=3,endColumn=3::50 %25%0D%0A::error::x%0A/)
  })

  it('leaves columns out where a range has several lines', () => {
    expect(printed('github', withFindings({ line: 1, endLine: 3 }))).toContain('line=1,endLine=3::')
  })
})

it('gitlab gives every finding another fingerprint', () => {
  const list = JSON.parse(printed('gitlab', withFindings({}, {}, {}))) as { fingerprint: string }[]
  expect(new Set(list.map((one) => one.fingerprint)).size).toBe(list.length)
})

describe('markdown', () => {
  it('keeps a row a row', () => {
    const row = printed('markdown', withFindings({ message: 'a | b\n<script> `x|y` [z](http://a) @all', hint: 'c' })).split('\n').find((line) => line.includes('script'))
    expect(row).toContain('a \\| b &lt;script> `x\\|y` \\[z\\](http://a) @&#8203;all<br>c |')
  })

  it('says how many findings it leaves out', () => {
    expect(printed('markdown', withFindings(...Array.from({ length: 603 }, () => ({}))))).toContain('\n3 more findings are not listed here.\n')
  })

  it('of a thousand canaries lists the laws that do not hold, and stays below the size of a job summary', () => {
    const [proof] = reports.report.proofs
    if (proof === undefined) throw new Error('the report has no proof')
    const text = printed('markdown', { ...withFindings(...Array.from({ length: 1000 }, () => ({}))), proofs: Array.from({ length: 1000 }, () => proof) })
    expect(text).toContain('\nOf 3000 laws of 1000 canaries, 1000 hold; 600 of the 2000 others are listed here.\n')
    expect(text.match(/ \| holds \| /g)).toBe(null)
    expect(Buffer.byteLength(text)).toBeLessThan(2 ** 20)
  })
})

it('tap plans as many points as it prints, and keeps comments on their line', () => {
  const lines = printed('tap', withFindings({ message: 'a\nnot ok 99' })).split('\n')
  expect(lines[1]).toBe(`1..${lines.filter((line) => /^(not )?ok /.test(line)).length}`)
  expect(lines.some((line) => line.startsWith('not ok 99'))).toBe(false)
})

describe('html', () => {
  it('asks nothing of any other place, and runs nothing that a file or a rule holds', () => {
    const page = printed('html', withFindings({ message: '</script><script>alert(1)</script>', file: '"><img src=x onerror=alert(1)>', hint: '<b>' }))
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toMatch(/<(?:img|link|iframe|object|embed|base)\b|<[a-z]+[^>]*\ssrc=|url\(|@import/)
  })

  it('leads from a finding to the moment that marks it and back, and every such way leads somewhere', () => {
    const page = printed('html', reports.report)
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    const links = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id ?? '')
    expect(links).toEqual(expect.arrayContaining(['canary-1-day-2-m2', 'finding-1']))
    expect(links.filter((id) => !ids.has(id))).toEqual([])
  })

  it('says how many canaries are not drawn, and nothing where all are', () => {
    expect(printed('html', reports.report)).toContain('1 canary is drawn, those first that findings name; 3 more are not.')
    expect(reporters.html(reports.report, { ...context, picturesLeft: 0 })).not.toContain('drawn')
  })

  it('links only to web addresses', () => {
    const own = (url: string): string => reporters.html(withFindings({ rule: 'x' }), { ...context, rules: [meta('x', 'error', url)] })
    expect(own('https://a.example/x')).toContain('<a href="https://a.example/x"')
    expect(own('javascript:alert(1)')).not.toContain('javascript:')
  })
})
