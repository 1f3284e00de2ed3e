import type { Row } from './row.ts'

const columns = ['#', 'what happened', 'step', 'pods', 'weight', 'header routes', 'services'] as const

/** The rows as a table with aligned columns; what the controller does unexpectedly stands below its row. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(cellsOf)
  const widths = columns.map((column, index) => Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)))
  const line = (row: readonly string[]): string => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ').trimEnd()
  return [line(columns), ...rows.flatMap((_row, index) => [line(cells[index] ?? []), ...marksFrom(rows, index).map((mark) => `   ! ${mark}`)])].join('\n') + '\n'
}

export function markdownOf(rows: readonly Row[]): string {
  const line = (row: readonly string[]): string => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const marks = rows.flatMap((row, index) => marksFrom(rows, index).map((mark) => `- ${row.number}: ${mark}`))
  return `${[line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(cellsOf(row)))].join('\n')}\n${marks.length === 0 ? '' : `\n${marks.join('\n')}\n`}`
}

function cellsOf(row: Row): readonly string[] {
  return [String(row.number), row.story, row.step, row.pods, row.weight, row.routes, row.services]
}

/** The marks that begin at a row: one that goes on is told once, with the moment to which it does. */
function marksFrom(rows: readonly Row[], index: number): readonly string[] {
  const fresh = rows[index]?.marks.filter((mark) => rows[index - 1]?.marks.includes(mark) !== true) ?? []
  return fresh.map((mark) => {
    const end = rows.findIndex((row, at) => at > index && !row.marks.includes(mark))
    const last = rows[(end === -1 ? rows.length : end) - 1]
    return last === rows[index] ? mark : `${mark} (to moment ${last?.number ?? ''})`
  })
}
