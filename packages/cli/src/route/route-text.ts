import type { ReachedRow } from './reached-row.ts'

const columns = ['#', 'what happened', 'step', 'reaches', 'because'] as const

/** The rows as a table with aligned columns; doubts stand below it, each once. */
export function routeText(rows: readonly ReachedRow[]): string {
  const several = new Set(rows.map((row) => row.loadBalancer)).size > 1
  const cells = rows.map((row) => [String(row.number), row.story, row.step, several && row.loadBalancer !== '' ? `${row.loadBalancer}: ${row.reaches}` : row.reaches, row.because])
  const widths = columns.map((column, index) => Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)))
  const line = (row: readonly string[]): string => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ').trimEnd()
  const doubts = [...new Set(rows.flatMap((row) => row.doubts))].map((doubt) => `doubt: ${doubt}`)
  return `${[line(columns), ...cells.map(line), ...doubts].join('\n')}\n`
}
