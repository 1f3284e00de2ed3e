import { countSkipped, totalsOf, type Failure, type Row, type Tally, type Totals } from './tally.ts'

/** `N passed, N failed, N skipped`. */
export const printTotals = ({ passed, failed, skipped }: Totals): string => `${passed} passed, ${failed} failed, ${skipped} skipped`

/** The whole report as text: a line per kind, group and version, unused files, the first differences, the totals last. */
export const printTally = (tally: Tally): string => {
  const rows = [...tally.rows.values()].sort(byKindGroupVersion)
  const { failed } = totalsOf(rows)
  const more = failed - tally.failures.length
  return [
    ...printRows(rows),
    ...section('unreadable', tally.unreadable),
    ...section('not vectors', tally.unknown),
    ...tally.failures.flatMap(printFailure),
    ...(failed > 0 && more > 0 ? ['', `and ${more} more failed`] : []),
    '',
    printTotals(totalsOf(rows)),
    '',
  ].join('\n')
}

const printRows = (rows: readonly Row[]): string[] => {
  const width = (of: (row: Row) => string): number => Math.max(0, ...rows.map((row) => of(row).length))
  const [kind, group, version] = [width((row) => row.kind), width((row) => row.group), width((row) => row.version)]
  return rows.flatMap((row) => [
    [row.kind.padEnd(kind), row.group.padEnd(group), row.version.padEnd(version), printTotals({ ...row, skipped: countSkipped(row) })].join('  '),
    ...[...row.skipped].map(([reason, count]) => `    ${count} skipped: ${reason}`),
  ])
}

const named = 5

/** Files that held no cases, gathered by the reason; the first few are named. */
const section = (title: string, files: ReadonlyMap<string, string>): string[] => {
  if (files.size === 0) return []
  const lines = [...new Set(files.values())].map((reason) => {
    const paths = [...files].flatMap(([path, why]) => (why === reason ? [path] : []))
    const more = paths.length > named ? ` and ${paths.length - named} more` : ''
    return `    ${reason}: ${paths.slice(0, named).join(', ')}${more}`
  })
  return ['', `${files.size} ${title}:`, ...lines]
}

const printFailure = (failure: Failure): string[] => [
  '',
  `FAILED ${failure.kind}/${failure.group}/${failure.name} in ${failure.version} (${failure.path})`,
  ...failure.difference.split('\n').map((line) => `    ${line}`),
]

const byKindGroupVersion = (left: Row, right: Row): number =>
  compare(left.kind, right.kind) || compare(left.group, right.group) || compareVersions(left.version, right.version)

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** Newest first. */
const compareVersions = (left: string, right: string): number => right.localeCompare(left, 'en', { numeric: true })
