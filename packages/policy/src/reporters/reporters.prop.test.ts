import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Schema, Validator } from '@cfworker/json-schema'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { expect, it } from 'vitest'
import type { Finding, Report, Severity, SuppressedFinding } from '../finding.ts'
import { reporters } from './index.ts'
import type { ReporterContext } from './reporter.ts'

const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('::error::x', ']]>', '</script>', '<!--', '%0A', '`|`', '\r\nok 1', '# SKIP', '\\', '\u2028', '\ud800'), fc.lorem({ maxCount: 4 }))
const severity = fc.constantFrom<Severity>('error', 'warning', 'info')
const resource = fc.record({ group: hostile, kind: hostile, namespace: hostile, name: hostile })
const number = fc.integer({ min: 1, max: 40 })

const finding: fc.Arbitrary<Finding> = fc.record({ rule: hostile, severity, message: hostile, hint: hostile, file: hostile, line: number, column: number, more: fc.nat(3), width: number, pointer: hostile, resource })
  .map(({ more, width, ...one }) => ({ ...one, endLine: one.line + more, endColumn: more === 0 ? one.column + width : width }))
const suppressed: fc.Arbitrary<SuppressedFinding> = fc.tuple(finding, hostile).map(([one, reason]) => ({ ...one, suppression: { scope: 'file', line: 1, reason } }))

const anyReport: fc.Arbitrary<Report> = fc.record({
  findings: fc.array(finding, { maxLength: 4 }), suppressed: fc.array(suppressed, { maxLength: 2 }), checked: fc.array(fc.record({ resource, file: hostile, line: number }), { maxLength: 3 }), unverified: fc.array(hostile, { maxLength: 2 }),
}).map((parts) => ({
  version: 1, argocd: '3.4.4', rollouts: 'v1.10.2', diagnostics: [], proofs: [], ...parts,
  summary: { files: 1, applications: 0, rollouts: 0, errors: parts.findings.length, warnings: 0, infos: 0, suppressed: parts.suppressed.length },
}))
const context: ReporterContext = { rules: [], sources: new Map([['a.yaml', 'a: 1\n']]) }
const holds = (check: (report: Report) => void): void => fc.assert(fc.property(anyReport, check), { numRuns: 150 })

it('sarif is valid by the official schema whatever a finding holds', () => {
  const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')) as Schema
  const validator = new Validator(schema, '4', true)
  holds((report) => {
    expect(validator.validate(JSON.parse(reporters.sarif(report, context))).errors).toEqual([])
  })
})

it('junit is well-formed whatever a finding holds', () => {
  holds((report) => {
    const parser = new SaxesParser()
    parser.on('error', (error) => { throw error })
    parser.write(reporters.junit(report, context)).close()
  })
})

it('github prints as many lines as there are findings and sentences, each a command', () => {
  holds((report) => {
    const lines = reporters.github(report, context).split('\n').slice(0, -1)
    expect(lines).toHaveLength(report.findings.length + report.unverified.length)
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=[^:,]*(,(file|line|endLine|col|endColumn)=[^:,]*)*::/)
  })
})

it('gitlab gives as many issues as there are findings, each with its own fingerprint', () => {
  holds((report) => {
    const issues = JSON.parse(reporters.gitlab(report, context)) as { fingerprint: string }[]
    expect([issues.length, new Set(issues.map((one) => one.fingerprint)).size]).toEqual([report.findings.length, report.findings.length])
  })
})

it('tap holds nothing but its version, its plan, points and comments', () => {
  holds((report) => {
    const [version, plan, ...lines] = reporters.tap(report, context).split('\n').slice(0, -1)
    const points = lines.filter((line) => /^(not )?ok \d+ - /.test(line))
    expect([version, plan]).toEqual(['TAP version 14', `1..${points.length}`])
    expect(lines.filter((line) => !points.includes(line) && !line.startsWith('  # '))).toEqual([])
  })
})

it('html has one script and one policy, and no tag of a finding', () => {
  holds((report) => {
    const page = reporters.html(report, context)
    expect([page.match(/<script/gi)?.length, page.match(/<meta/gi)?.length, page.match(/<!--/g)]).toEqual([1, 3, null])
  })
})

it('markdown keeps each finding in one row', () => {
  holds((report) => {
    const rows = reporters.markdown(report, context).split('\n').filter((line) => /^\| (error|warning|info) \|/.test(line))
    expect(rows).toHaveLength(report.findings.length)
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6)
  })
})
