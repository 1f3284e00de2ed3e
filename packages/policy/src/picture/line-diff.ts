/** One line of a diff: in both texts, only in the second, only in the first, or a number of equal lines left out. */
export interface DiffLine {
  readonly is: 'same' | 'added' | 'removed' | 'gap'
  readonly text: string
}

/** More cells than this are not compared line by line: all of the first text goes, all of the second comes. */
const mostCells = 4_000_000

/** The lines of two texts against each other, by a longest common subsequence, with three equal lines around each change. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const a = before.replace(/\n$/, '').split('\n')
  const b = after.replace(/\n$/, '').split('\n')
  if (a.length * b.length > mostCells) return [...a.map((text): DiffLine => ({ is: 'removed', text })), ...b.map((text): DiffLine => ({ is: 'added', text }))]
  return shortened(diff(a, b))
}

function diff(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  const longest = tableOf(a, b)
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ is: 'same', text: a[i] ?? '' })
      i += 1
      j += 1
    } else if (i < a.length && (j === b.length || (longest[i + 1]?.[j] ?? 0) >= (longest[i]?.[j + 1] ?? 0))) {
      lines.push({ is: 'removed', text: a[i] ?? '' })
      i += 1
    } else {
      lines.push({ is: 'added', text: b[j] ?? '' })
      j += 1
    }
  }
  return lines
}

/** For each pair of tails, the length of their longest common subsequence. */
function tableOf(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = rows[i] as Uint32Array
    const next = rows[i + 1] as Uint32Array
    for (let j = b.length - 1; j >= 0; j -= 1) row[j] = a[i] === b[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0)
  }
  return rows
}

const around = 3

function shortened(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Set(lines.flatMap((line, index) => (line.is === 'same' ? [] : Array.from({ length: 2 * around + 1 }, (_, offset) => index - around + offset))))
  const kept: DiffLine[] = []
  let left = 0
  lines.forEach((line, index) => {
    if (near.has(index)) {
      if (left > 0) kept.push(gap(left))
      left = 0
      kept.push(line)
    } else left += 1
  })
  return left > 0 && kept.length > 0 ? [...kept, gap(left)] : kept
}

function gap(count: number): DiffLine {
  return { is: 'gap', text: `${count} equal line${count === 1 ? '' : 's'}` }
}
