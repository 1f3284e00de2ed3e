import { type Alias, type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import type { DiagnosticCode } from './diagnostic.ts'
import { resolvePlain } from './plain-scalar.ts'

/** What stands behind a value: a node of the YAML tree, or null where only a key was written (`{ a, b }`). */
export type Syntax = Scalar | Alias | YAMLMap | YAMLSeq | null

/** A document's tree together with what its aliases mean. Internal to this package. */
export interface SyntaxTree {
  readonly text: string
  readonly root: Syntax
  readonly targets: ReadonlyMap<Node, Node>
}

export interface SyntaxFault {
  readonly code: DiagnosticCode
  readonly message: string
  readonly hint?: string
  readonly start: number
  readonly end: number
}

const deepest = 500

/** Reads the aliases of a document and finds what YAML permits and Kubernetes does not: duplicate keys, keys that are no texts. */
export function growTree(document: Document, text: string): { readonly tree: SyntaxTree; readonly faults: readonly SyntaxFault[] } {
  const anchors = new Map<string, Node>()
  const targets = new Map<Node, Node>()
  const faults: SyntaxFault[] = []
  const walk = (node: Syntax, depth: number): void => {
    if (node === null) return
    if (depth > deepest) throw new RangeError('too deep')
    if (isAlias(node)) {
      const target = anchors.get(node.source)
      if (target === undefined) faults.push(faultAt(node, 'bad-alias', `the alias *${node.source} has no anchor before it`))
      else targets.set(node, target)
      return
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    if (isScalar(node)) endAsWritten(node, text)
    if (isSeq(node)) for (const item of node.items) walk(item as Syntax, depth + 1)
    if (isMap(node)) {
      const seen = new Set<string>()
      for (const pair of node.items) {
        faults.push(...keyFaults(pair, seen))
        walk(pair.value as Syntax, depth + 1)
      }
    }
  }
  const root = (document.contents ?? null) as Syntax
  walk(root, 0)
  return { tree: { text, root, targets }, faults }
}

/** A block scalar that ends with the file, without a line break, has none: so reads go-yaml, while the parser adds one. */
function endAsWritten(node: Scalar, text: string): void {
  const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
  if (!block || node.range?.[1] !== text.length || !/[^\s][^\n]*$/.test(text.slice(text.lastIndexOf('\n') + 1))) return
  node.source = (node.source ?? '').replace(/\n$/, '')
}

function keyFaults(pair: Pair, seen: Set<string>): readonly SyntaxFault[] {
  const key = pair.key as Syntax
  if (key === null || !isScalar(key)) return [faultAt(key, 'bad-key', 'a key must be a plain text, not a list, a map or an alias')]
  const name = keyName(key)
  if (name === null) return [faultAt(key, 'bad-key', 'a key must be a text, not null')]
  if (isMergeKey(key)) return []
  if (seen.has(name)) {
    return [{ ...faultAt(key, 'duplicate-key', `the key "${name}" stands here a second time; Kubernetes would read only the last`), hint: 'remove one of the two' }]
  }
  seen.add(name)
  return []
}

function faultAt(node: Syntax, code: DiagnosticCode, message: string): SyntaxFault {
  return { code, message, start: node?.range?.[0] ?? 0, end: node?.range?.[1] ?? 0 }
}

/** The text by which a key is known after sigs.k8s.io/yaml (yaml.go:210): `on` is "true", `012` is "10"; null has none. */
export function keyName(key: Scalar): string | null {
  const value = scalarValue(key)
  return value === null ? null : String(value)
}

export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.source === '<<' && key.type === 'PLAIN'
}

/** The JSON value of a scalar: quoted and block scalars are texts, unquoted ones mean what Kubernetes reads; explicit tags are heeded. */
export function scalarValue(node: Scalar): string | number | boolean | null {
  const source = node.source ?? ''
  const tag = node.tag
  if (tag === 'tag:yaml.org,2002:str' || tag === '!') return source
  if (tag === 'tag:yaml.org,2002:binary') return new TextDecoder().decode(Uint8Array.from(atob(source.replaceAll(/\s/g, '')), (char) => char.charCodeAt(0)))
  const tagged = tag === 'tag:yaml.org,2002:int' || tag === 'tag:yaml.org,2002:float' || tag === 'tag:yaml.org,2002:bool' || tag === 'tag:yaml.org,2002:null'
  return node.type === 'PLAIN' || tagged ? resolvePlain(source) : source
}

/** Whether a scalar is a number that JSON has not (`.inf`, `.nan`) or a text that its tag denies; Kubernetes then reads nothing of the document. */
export function isUnreadable(node: Scalar): boolean {
  if (node.tag === 'tag:yaml.org,2002:binary') return !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test((node.source ?? '').replaceAll(/\s/g, ''))
  return node.type === 'PLAIN' && node.tag === undefined && /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(node.source ?? '')
}

/** A node with aliases followed to what they name. */
export function followed(tree: SyntaxTree, node: Syntax): Syntax {
  let current = node
  while (current !== null && isAlias(current)) current = (tree.targets.get(current) ?? null) as Syntax
  return current
}

/** The pair that gives a key its value: the last one that sets it, through merges (`<<`) too, as go-yaml v2 reads (decode.go:747). */
export function pairOf(tree: SyntaxTree, map: YAMLMap, key: string): { readonly pair: Pair; readonly through: 'own' | 'merge'; readonly anchor?: string } | undefined {
  for (let index = map.items.length - 1; index >= 0; index--) {
    const pair = map.items[index] as Pair
    if (isMergeKey(pair.key)) {
      for (const source of mergedMaps(tree, pair)) {
        const inner = pairOf(tree, source, key)
        const anchor = inner?.anchor ?? source.anchor
        if (inner !== undefined) return { pair: inner.pair, through: 'merge', ...(anchor === undefined ? {} : { anchor }) }
      }
    } else if (isScalar(pair.key) && keyName(pair.key) === key) return { pair, through: 'own' }
  }
  return undefined
}

/** The maps that one `<<` brings in, the strongest first. */
export function mergedMaps(tree: SyntaxTree, pair: Pair): readonly YAMLMap[] {
  const source = followed(tree, pair.value as Syntax)
  const maps = isSeq(source) ? source.items.map((item) => followed(tree, item as Syntax)) : [source]
  return maps.filter((map): map is YAMLMap => isMap(map))
}

/** Where a node's own text ends, without the comments and blank lines after it. */
export function contentEnd(node: Syntax): number {
  if (node === null) return 0
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last = node.items.at(-1)
    if (last === undefined) return node.range?.[1] ?? 0
    return isPair(last) ? pairEnd(last) : contentEnd(last as Syntax)
  }
  return node.range?.[1] ?? 0
}

/** Where a key's value ends; where there is no value, where the key ends. */
export function pairEnd(pair: Pair): number {
  const value = pair.value as Syntax
  if (value !== null && (value.range?.[1] ?? 0) > (value.range?.[0] ?? 0)) return contentEnd(value)
  return Math.max(contentEnd(pair.key as Syntax), value?.range?.[0] ?? 0)
}
