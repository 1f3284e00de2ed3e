import { BeyondGrammar } from './beyond-grammar.ts'
import { isList } from './values.ts'

/**
 * Where a value stands in the object whose paths are being collected (execute.go env.paths). `off` is set once something that is not a path
 * has replaced the value: then only gojq's comparison of pointers decides whether it still counts.
 */
export interface Path { readonly value: unknown; readonly step?: unknown; readonly parent?: Path; readonly off: boolean }

export const rootPath = (value: unknown): Path => ({ value, off: false })

/** The path after one more step; null where no path is being collected. */
export const stepTo = (path: Path | null, step: unknown, value: unknown): Path | null => (path === null ? null : { value, step, parent: path, off: false })

/** The same path, whose value has been replaced by a computed one. */
export const leave = (path: Path | null): Path | null => (path === null || path.off ? path : { ...path, off: true })

/** The steps from the root, outermost first. */
export function stepsOf(path: Path): unknown[] {
  const steps: unknown[] = []
  for (let at = path; at.parent !== undefined; at = at.parent) steps.push(at.step)
  return steps.reverse()
}

const parts = new WeakSet<object>()

/** Marks a list as part of another: in Go the two share memory, which the comparison of pointers sees. */
export const markPart = (list: readonly unknown[]): readonly unknown[] => {
  parts.add(list)
  return list
}

// execute.go pathIntact: pointers for lists and objects, Go's == for the rest; JavaScript cannot tell an int from a float64
/** Whether the value is still what stands at the path. */
export function isIntact(value: unknown, path: Path): boolean {
  if (!path.off) return true
  const at = path.value
  if (typeof value === 'number' && value === at) throw new BeyondGrammar('a path compared with a computed number')
  if (value === at) return true
  if (!isList(value) || !isList(at) || value.length !== at.length) return false
  if (value.length === 0 || parts.has(value) || parts.has(at)) throw new BeyondGrammar('a path compared with a computed list')
  return false
}

/** The path under an input that is loaded again after something else was evaluated on it. */
export const returnTo = (before: Path | null, after: Path | null): Path | null => (before === after ? after : leave(after))
