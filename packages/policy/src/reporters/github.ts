import type { Report, Severity } from '../finding.ts'

/** Workflow commands of GitHub Actions, one line each: annotations at the line. GitHub shows ten per severity and step; the markdown reporter has all. */
export function github(report: Report): string {
  const lines = [
    ...report.diagnostics.filter((one) => one.severity !== 'info').map((one) => command(one.severity, { title: one.code, ...(one.at === undefined ? {} : place(one.at)) }, one.message, one.hint)),
    ...report.findings.map((one) => command(one.severity, { title: one.rule, ...place(one) }, one.message, one.hint)),
    ...report.unverified.map((sentence) => command('info', { title: 'unverified' }, sentence, undefined)),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** Columns only where the range is within one line: the runner refuses them elsewhere. GitHub's end column is the last one inside. */
function place({ file, line, column, endLine, endColumn }: Place): Readonly<Record<string, string | number>> {
  return line === endLine ? { file, line, endLine, col: column, endColumn: Math.max(column, endColumn - 1) } : { file, line, endLine }
}

function command(severity: Severity, properties: Readonly<Record<string, string | number>>, message: string, hint: string | undefined): string {
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',')
  return `::${severity === 'info' ? 'notice' : severity} ${listed}::${escapeMessage(hint === undefined ? message : `${message}\n${hint}`)}`
}

// actions/toolkit packages/core/src/command.ts escapeData and escapeProperty
function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
