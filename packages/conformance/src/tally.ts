import type { Outcome, VectorCase } from './vector.ts'

/** The outcomes of one kind, group and version. */
export interface Row {
  readonly kind: string
  readonly group: string
  readonly version: string
  readonly passed: number
  readonly failed: number
  readonly skipped: ReadonlyMap<string, number>
}

/** One case that did not hold; `order` is its place among all cases of the run. */
export interface Failure {
  readonly order: number
  readonly kind: string
  readonly path: string
  readonly group: string
  readonly version: string
  readonly name: string
  readonly difference: string
}

/** What a run found; crosses threads by structured clone. */
export interface Tally {
  readonly rows: ReadonlyMap<string, Row>
  /** The first failures in order, at most `shown`. */
  readonly failures: readonly Failure[]
  readonly unreadable: ReadonlyMap<string, string>
  /** Files no kind recognises, with the format they name. */
  readonly unknown: ReadonlyMap<string, string>
}

/** The totals of all rows. */
export interface Totals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** A tally without any case. */
export const emptyTally: Tally = { rows: new Map(), failures: [], unreadable: new Map(), unknown: new Map() }

/** The row of a case after one more outcome. */
export const countOutcome = (row: Row | undefined, kind: string, at: VectorCase, outcome: Outcome): Row => {
  const before = row ?? { kind, group: at.group, version: at.version, passed: 0, failed: 0, skipped: new Map<string, number>() }
  switch (outcome.outcome) {
    case 'passed':
      return { ...before, passed: before.passed + 1 }
    case 'failed':
      return { ...before, failed: before.failed + 1 }
    case 'skipped':
      return { ...before, skipped: addCounts(before.skipped, new Map([[outcome.reason, 1]])) }
    default:
      return outcome satisfies never
  }
}

/** One tally of two that share no case, as shards of one run do; keeps the first `shown` failures. */
export const mergeTallies = (left: Tally, right: Tally, shown: number): Tally => {
  const rows = new Map(left.rows)
  for (const [key, row] of right.rows) rows.set(key, addRows(rows.get(key), row))
  return {
    rows,
    failures: [...left.failures, ...right.failures].sort((a, b) => a.order - b.order).slice(0, shown),
    unreadable: new Map([...left.unreadable, ...right.unreadable]),
    unknown: new Map([...left.unknown, ...right.unknown]),
  }
}

/** Sums all rows. */
export const totalsOf = (rows: Iterable<Row>): Totals => {
  const totals = { passed: 0, failed: 0, skipped: 0 }
  for (const row of rows) {
    totals.passed += row.passed
    totals.failed += row.failed
    totals.skipped += countSkipped(row)
  }
  return totals
}

/** How many cases of a row were skipped, for any reason. */
export const countSkipped = (row: Row): number => [...row.skipped.values()].reduce((sum, count) => sum + count, 0)

const addRows = (left: Row | undefined, right: Row): Row =>
  left === undefined
    ? right
    : { ...left, passed: left.passed + right.passed, failed: left.failed + right.failed, skipped: addCounts(left.skipped, right.skipped) }

const addCounts = (left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): ReadonlyMap<string, number> => {
  const sum = new Map(left)
  for (const [reason, count] of right) sum.set(reason, (sum.get(reason) ?? 0) + count)
  return sum
}
