import { isMap, isScalar, isSeq, type Pair } from 'yaml'
import type { SyntaxFault } from './syntax.ts'
import { followed, isMergeKey, isUnreadable, keyName, mergedMaps, scalarValue, type Syntax, type SyntaxTree } from './syntax.ts'

const mostAliased = 100_000

/** What one reading of a document carries along: the collections being read, how much came through aliases, and the first fault. */
interface Reading {
  readonly tree: SyntaxTree
  readonly open: Set<Syntax>
  aliased: number
  fault?: SyntaxFault
}

type Via = 'direct' | 'aliased'

/** The JSON value of a document as Kubernetes reads it, or the fault that makes it unreadable. */
export function compose(tree: SyntaxTree): { readonly value: unknown } | { readonly fault: SyntaxFault } {
  const reading: Reading = { tree, open: new Set(), aliased: 0 }
  const value = valueOf(reading, tree.root, 'direct')
  return reading.fault === undefined ? { value } : { fault: reading.fault }
}

function fail(reading: Reading, node: Syntax, code: SyntaxFault['code'], message: string): null {
  reading.fault ??= { code, message, start: node?.range?.[0] ?? 0, end: node?.range?.[1] ?? 0 }
  return null
}

function valueOf(reading: Reading, given: Syntax, behind: Via): unknown {
  if (reading.fault !== undefined || given === null) return null
  const node = followed(reading.tree, given)
  const via = node === given ? behind : 'aliased'
  if (via === 'aliased' && ++reading.aliased > mostAliased) return fail(reading, given, 'alias-bomb', `the aliases unfold to more than ${mostAliased} values`)
  if (node === null) return null
  if (isScalar(node)) return isUnreadable(node) ? fail(reading, node, 'wrong-type', `${node.source ?? ''} has no JSON; quote it`) : scalarValue(node)
  if (reading.open.has(node)) return fail(reading, given, 'alias-bomb', 'an alias stands inside the value that it names')
  reading.open.add(node)
  const value = isSeq(node) ? node.items.map((item) => valueOf(reading, item as Syntax, via)) : isMap(node) ? mapOf(reading, node.items, via) : null
  reading.open.delete(node)
  return value
}

function mapOf(reading: Reading, pairs: readonly Pair[], via: Via): unknown {
  const entries = new Map<string, unknown>()
  for (const pair of pairs) {
    if (isMergeKey(pair.key)) merge(reading, entries, pair)
    else {
      const name = isScalar(pair.key) ? keyName(pair.key) : null
      if (name !== null) entries.set(name, valueOf(reading, pair.value as Syntax, via))
    }
  }
  // Object.fromEntries defines own properties, so that a key `__proto__` is only a key.
  return Object.fromEntries(entries)
}

// decode.go:747: a merge overrides the keys before it, and is overridden by those after it.
function merge(reading: Reading, entries: Map<string, unknown>, pair: Pair): void {
  const maps = mergedMaps(reading.tree, pair)
  if (maps.length === 0) fail(reading, pair.key as Syntax, 'bad-alias', '"<<" merges something that is no map')
  for (const map of maps.toReversed()) {
    const value = valueOf(reading, map, 'aliased')
    if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) entries.set(key, inner)
  }
}
