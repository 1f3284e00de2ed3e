import { isJsonMap, type JsonMap, put } from '../json-map.ts'
import type { Shape } from '../schema.ts'
import { type PathElement, readElement } from './path-element.ts'

/** fieldpath.Set: paths of fields as a tree. A path is in the set only where its last step is a member; its parents are not for that. */
export interface FieldSet {
  readonly members: ReadonlySet<PathElement>
  readonly children: ReadonlyMap<PathElement, FieldSet>
}

export type Path = readonly PathElement[]

export const emptySet: FieldSet = { members: new Set(), children: new Map() }

/** Collects paths while a value is walked. */
export interface FieldSetBuilder { readonly members: Set<PathElement>; readonly children: Map<PathElement, FieldSetBuilder> }

export function newBuilder(): FieldSetBuilder {
  return { members: new Set(), children: new Map() }
}

/** The root itself is never a member. */
export function insertPath(set: FieldSetBuilder, path: Path): void {
  if (path.length === 0) return
  let node = set
  for (const element of path.slice(0, -1)) {
    let next = node.children.get(element)
    if (!next) node.children.set(element, (next = newBuilder()))
    node = next
  }
  node.members.add(path[path.length - 1]!)
}

export function setOf(paths: readonly Path[]): FieldSet {
  const builder = newBuilder()
  for (const path of paths) insertPath(builder, path)
  return builder
}

export function isEmptySet(set: FieldSet): boolean {
  if (set.members.size > 0) return false
  for (const child of set.children.values()) if (!isEmptySet(child)) return false
  return true
}

export function below(set: FieldSet, element: PathElement): FieldSet {
  return set.children.get(element) ?? emptySet
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children)
  for (const [element, child] of b.children) {
    const mine = children.get(element)
    children.set(element, mine ? union(mine, child) : child)
  }
  return { members: new Set([...a.members, ...b.members]), children }
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, [...a.members].filter((element) => b.members.has(element)), (mine, other) => other && intersection(mine, other))
}

/** What is in a and not in b; a parent is not taken away by its child, nor a child by its parent. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, [...a.members].filter((element) => !b.members.has(element)), (mine, other) => (other ? difference(mine, other) : mine))
}

/** As difference, but a member of b takes everything below it along. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, [...a.members].filter((element) => !b.members.has(element)), (mine, other, element) => {
    if (b.members.has(element)) return undefined
    return other ? recursiveDifference(mine, other) : mine
  })
}

type Join = (mine: FieldSet, other: FieldSet | undefined, element: PathElement) => FieldSet | undefined

function combine(a: FieldSet, b: FieldSet, members: readonly PathElement[], join: Join): FieldSet {
  const children = new Map<PathElement, FieldSet>()
  for (const [element, child] of a.children) {
    const joined = join(child, b.children.get(element), element)
    if (joined && !isEmptySet(joined)) children.set(element, joined)
  }
  return { members: new Set(members), children }
}

export function pathsOf(set: FieldSet, prefix: Path = []): Path[] {
  const own = [...set.members].map((element) => [...prefix, element])
  return [...own, ...[...set.children].flatMap(([element, child]) => pathsOf(child, [...prefix, element]))]
}

/** Set.EnsureNamedFieldsAreMembers: declared fields that have members below them become members too. */
export function withNamedFields(set: FieldSet, shape: Shape | undefined): FieldSet {
  const fields = shape?.is === 'struct' ? shape.type().fields : undefined
  const members = new Set(set.members)
  const children = new Map<PathElement, FieldSet>()
  for (const [element, child] of set.children) {
    const name = element.startsWith('f:') ? element.slice(2) : undefined
    if (name !== undefined && fields?.has(name)) members.add(element)
    children.set(element, withNamedFields(child, shapeBelow(shape, element)))
  }
  return { members, children }
}

/** The shape of what a step leads to; undefined where the schema knows nothing of it. */
export function shapeBelow(shape: Shape | undefined, element: PathElement): Shape | undefined {
  if (!shape) return undefined
  switch (shape.is) {
    case 'struct': {
      const type = shape.type()
      const field = element.startsWith('f:') ? type.fields.get(element.slice(2)) : undefined
      return field?.shape ?? (type.open ? { is: 'any' } : undefined)
    }
    case 'map': return element.startsWith('f:') ? shape.of : undefined
    case 'list': return element.startsWith('k:') ? shape.of : undefined
    case 'any': return element.startsWith('f:') ? shape : undefined
    default: return undefined
  }
}

/** Reads FieldsV1; undefined where a step cannot be read. */
export function readFieldSet(fields: unknown): FieldSet | undefined {
  const members = new Set<PathElement>()
  const children = new Map<PathElement, FieldSet>()
  if (!isJsonMap(fields)) return undefined
  for (const key of Object.keys(fields)) {
    if (key === '.') continue
    const element = readElement(key)
    const inner = fields[key]
    if (element === undefined || !isJsonMap(inner)) return undefined
    const keys = Object.keys(inner)
    if (keys.length === 0 || Object.hasOwn(inner, '.')) members.add(element)
    if (keys.length === 0) continue
    const child = readFieldSet(inner)
    if (!child) return undefined
    if (!isEmptySet(child)) children.set(element, child)
  }
  return { members, children }
}

export function writeFieldSet(set: FieldSet): JsonMap {
  const result: JsonMap = {}
  for (const element of [...new Set([...set.members, ...set.children.keys()])].toSorted()) {
    const child = set.children.get(element)
    const inner = child && !isEmptySet(child) ? writeFieldSet(child) : {}
    put(result, element, set.members.has(element) && Object.keys(inner).length > 0 ? { '.': {}, ...inner } : inner)
  }
  return result
}
