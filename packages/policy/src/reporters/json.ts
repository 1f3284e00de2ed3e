import type { Report } from '../finding.ts'

/** The report verbatim, as JSON. */
export function json(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`
}
