import type { Report, Severity } from '../finding.ts'
import { fingerprints, fnv1a64 } from './fingerprint.ts'

/** GitLab's code quality report: a JSON list with a fingerprint, a severity and the lines of each finding; files that cannot be read are blockers. */
export function gitlab(report: Report): string {
  const prints = fingerprints(report.findings)
  const unreadable = report.diagnostics.filter((one) => one.severity === 'error').map((one, index) => ({
    description: one.message,
    check_name: one.code,
    fingerprint: `${fnv1a64(`${one.code}\n${one.at?.file ?? ''}`)}:${index + 1}`,
    severity: 'blocker',
    location: { path: one.at?.file ?? '', lines: { begin: one.at?.line ?? 1, end: one.at?.endLine ?? 1 } },
  }))
  const findings = report.findings.map((one, index) => ({
    description: one.message,
    check_name: one.rule,
    fingerprint: prints[index],
    severity: severityOf(one.severity),
    location: { path: one.file, lines: { begin: one.line, end: one.endLine } },
  }))
  return `${JSON.stringify([...unreadable, ...findings], null, 2)}\n`
}

function severityOf(severity: Severity): 'major' | 'minor' | 'info' {
  switch (severity) {
    case 'error':
      return 'major'
    case 'warning':
      return 'minor'
    case 'info':
      return 'info'
    default:
      return severity satisfies never
  }
}
