import { type Diagnostic, refText } from '@rollsync/manifests'
import type { Finding, Report, Severity, SuppressedFinding } from '../finding.ts'
import type { RuleMeta } from '../rule.ts'
import { fingerprints } from './fingerprint.ts'
import type { ReporterContext } from './reporter.ts'
import { rulePage } from './rule-page.ts'

/** SARIF 2.1.0 for code scanning: one run, files relative to SRCROOT, columns in UTF-16 units, suppressed results kept as such. What could not be read or known stands in the invocation's notifications. */
export function sarif(report: Report, { rules, toolVersion }: ReporterContext): string {
  const found: readonly (Finding | SuppressedFinding)[] = [...report.findings, ...report.suppressed]
  const prints = fingerprints(found)
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]))
  const suppressing = report.suppressed.length > 0
  const run = {
    tool: { driver: { name: 'rollsync', informationUri: 'https://www.npmjs.com/package/rollsync', ...(toolVersion === undefined ? {} : { semanticVersion: toolVersion }), rules: rules.map(descriptor) } },
    originalUriBaseIds: { SRCROOT: { description: { text: 'The folder that rollsync ran in.' } } },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: !report.diagnostics.some((one) => one.severity === 'error'), toolExecutionNotifications: notifications(report) }],
    results: found.map((finding, index) => ({ ...result(finding, prints[index] ?? '', indexes), ...(suppressing ? { suppressions: suppressions(finding) } : {}) })),
  }
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)}\n`
}

function descriptor(rule: RuleMeta): object {
  const page = rulePage(rule)
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.threads.length === 0 ? `${rule.summary}.` : `${rule.summary}. Users met it in ${rule.threads.join(', ')}.` },
    help: { text: rule.hint },
    ...(page === undefined ? {} : { helpUri: page }),
    defaultConfiguration: { level: level(rule.severity) },
  }
}

function result(finding: Finding, fingerprint: string, indexes: ReadonlyMap<string, number>): object {
  const index = indexes.get(finding.rule)
  return {
    ruleId: finding.rule,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: level(finding.severity),
    message: { text: finding.hint === undefined ? finding.message : `${finding.message}\n${finding.hint}` },
    locations: [{ physicalLocation: physical(finding.file, finding), logicalLocations: [{ fullyQualifiedName: `${refText(finding.resource)} ${finding.pointer}`.trimEnd(), kind: 'object' }] }],
    // Not primaryLocationLineHash: code scanning reserves that for a hash of the line, computes it where it is absent, and warns where it differs.
    partialFingerprints: { 'rollsyncFinding/v1': fingerprint },
  }
}

function suppressions(finding: Finding | SuppressedFinding): readonly object[] {
  if (!('suppression' in finding)) return []
  const { line, reason } = finding.suppression
  return [{ kind: 'inSource', justification: reason, location: { physicalLocation: { artifactLocation: artifact(finding.file), region: { startLine: line } } } }]
}

function notifications(report: Report): readonly object[] {
  return [
    ...report.diagnostics.map((one) => ({ descriptor: { id: one.code }, level: level(one.severity), message: { text: textOf(one) }, ...(one.at === undefined ? {} : { locations: [{ physicalLocation: physical(one.at.file, one.at) }] }) })),
    ...report.unverified.map((text) => ({ descriptor: { id: 'unverified' }, level: 'warning', message: { text } })),
  ]
}

function textOf({ message, hint }: Diagnostic): string {
  return hint === undefined ? message : `${message}\n${hint}`
}

type Region = Pick<Finding, 'line' | 'column' | 'endLine' | 'endColumn'>

function physical(file: string, { line, column, endLine, endColumn }: Region): object {
  return { artifactLocation: artifact(file), region: { startLine: line, startColumn: column, endLine, endColumn } }
}

function artifact(file: string): object {
  return { uri: file.replace(/\p{Surrogate}/gu, '\ufffd').split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' }
}

function level(severity: Severity): 'error' | 'warning' | 'note' {
  return severity === 'info' ? 'note' : severity
}
