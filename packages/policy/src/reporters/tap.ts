import type { Report } from '../finding.ts'
import type { ReporterContext } from './reporter.ts'
import { findingLine, type TestCase, testCases } from './test-case.ts'

/** TAP version 14: one point per rule and object, passes included; warnings pass and are told in comments, suppressed ones are skipped, a file that cannot be read is a point that fails. */
export function tap(report: Report, { rules }: ReporterContext): string {
  const unreadable = report.diagnostics.filter((one) => one.severity === 'error').map((one) => ({
    ok: 'not ok', text: `${one.code}: ${one.at?.file ?? ''}`, directive: '', lines: [`${one.at?.file ?? ''}:${one.at?.line ?? 1}:${one.at?.column ?? 1} error ${one.message}`, ...hintLines([one])],
  }))
  const points = [...unreadable, ...[...testCases(report, rules)].flatMap(([file, cases]) => cases.map((one) => point(file, one)))]
  const lines = points.flatMap((one, index) => [`${one.ok} ${index + 1} - ${escape(one.text)}${one.directive}`, ...one.lines.map((line) => `  # ${oneLine(line)}`)])
  return ['TAP version 14', `1..${points.length}`, ...lines, ''].join('\n')
}

function point(file: string, one: TestCase): { readonly ok: string; readonly text: string; readonly directive: string; readonly lines: readonly string[] } {
  const failed = one.findings.some((finding) => finding.severity === 'error')
  const reasons = one.suppressed.map((finding) => finding.suppression.reason).join('; ')
  return {
    ok: failed ? 'not ok' : 'ok',
    text: `${file}: ${one.name}`,
    directive: one.findings.length === 0 && one.suppressed.length > 0 ? ` # SKIP ${oneLine(reasons)}` : '',
    lines: [...one.findings.map(findingLine), ...hintLines(one.findings)],
  }
}

/** How it is mended, each way once. */
function hintLines(told: readonly { readonly hint?: string }[]): readonly string[] {
  return [...new Set(told.flatMap(({ hint }) => (hint === undefined ? [] : [`hint: ${hint}`])))]
}

// TAP 14: a literal # or \ in a description is escaped
function escape(text: string): string {
  return oneLine(text).replace(/[\\#]/g, (one) => `\\${one}`)
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ')
}
