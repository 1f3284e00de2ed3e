import { isMap, isScalar, isSeq, type Pair } from 'yaml'
import type { SyntaxFault } from './syntax.ts'
import { followed, isMergeKey, keyName, mergedMaps, scalarValue, type Syntax, type SyntaxTree } from './syntax.ts'

const mostAliased = 100_000

/** The JSON value of a document as Kubernetes reads it, or the fault that makes it unreadable. */
export function compose(tree: SyntaxTree): { readonly value: unknown } | { readonly fault: SyntaxFault } {
  const open = new Set<Syntax>()
  let aliased = 0
  let fault: SyntaxFault | undefined
  const fail = (node: Syntax, code: SyntaxFault['code'], message: string): undefined => {
    fault ??= { code, message, start: node?.range?.[0] ?? 0, end: node?.range?.[1] ?? 0 }
    return undefined
  }
  const valueOf = (given: Syntax, behindAlias: 'direct' | 'aliased'): unknown => {
    if (fault !== undefined || given === null) return null
    const node = followed(tree, given)
    const via = node === given ? behindAlias : 'aliased'
    if (via === 'aliased' && ++aliased > mostAliased) return fail(given, 'alias-bomb', `the aliases unfold to more than ${mostAliased} values`)
    if (node === null) return null
    if (isScalar(node)) return scalarValue(node)
    if (open.has(node)) return fail(given, 'alias-bomb', 'an alias stands inside the value that it names')
    open.add(node)
    const value = isSeq(node) ? node.items.map((item) => valueOf(item as Syntax, via)) : isMap(node) ? mapOf(node.items, via) : null
    open.delete(node)
    return value
  }
  const mapOf = (pairs: readonly Pair[], via: 'direct' | 'aliased'): unknown => {
    const entries = new Map<string, unknown>()
    for (const pair of pairs) {
      if (isMergeKey(pair.key)) merge(entries, pair)
      else {
        const name = isScalar(pair.key) ? keyName(pair.key) : null
        if (name !== null) entries.set(name, valueOf(pair.value as Syntax, via))
      }
    }
    // Object.fromEntries defines own properties, so that a key `__proto__` is only a key.
    return Object.fromEntries(entries)
  }
  const merge = (entries: Map<string, unknown>, pair: Pair): void => {
    const maps = mergedMaps(tree, pair)
    if (maps.length === 0) fail(pair.key as Syntax, 'bad-alias', '"<<" merges something that is no map')
    for (const map of maps.toReversed()) {
      const value = valueOf(map, 'aliased')
      if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) entries.set(key, inner)
    }
  }
  const value = valueOf(tree.root, 'direct')
  return fault === undefined ? { value } : { fault }
}
