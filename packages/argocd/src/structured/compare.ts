import { jsonEqual } from '@rollsync/manifests'
import { isJsonMap, own } from '../json-map.ts'
import type { Shape } from '../schema.ts'
import { type FieldSet, type FieldSetBuilder, insertPath, newBuilder, type Path } from './field-set.ts'
import { elementText, fieldElement, type PathElement } from './path-element.ts'
import {
  type Atom, atomOf, isAtomicMap, itemElement, type ListShape, type MapShape, type MergeDialect, shapeOfKey, StructuredMergeError, type TypedValue,
} from './typed-value.ts'

/** typed.Comparison: what the right side lacks, has otherwise, has more. */
export interface TypedComparison { readonly removed: FieldSet; readonly modified: FieldSet; readonly added: FieldSet }
interface Building { readonly removed: FieldSetBuilder; readonly modified: FieldSetBuilder; readonly added: FieldSetBuilder }

export function compareTyped(left: TypedValue, right: TypedValue, dialect: MergeDialect): TypedComparison {
  const building: Building = { removed: newBuilder(), modified: newBuilder(), added: newBuilder() }
  walk(left.value, right.value, left.shape, [], building, dialect)
  return building
}

function walk(left: unknown, right: unknown, shape: Shape, path: Path, into: Building, dialect: MergeDialect): void {
  const leftAtom = atomOf(shape, left)
  const rightAtom = atomOf(shape, right)
  let leaf: boolean
  if (right === undefined) leaf = walkAtom(left, right, leftAtom, path, into, dialect)
  else if (left === undefined || leftAtom.atom === rightAtom.atom) leaf = walkAtom(left, right, rightAtom, path, into, dialect)
  else {
    walkAtom(left, right, leftAtom, path, into, dialect)
    leaf = walkAtom(left, right, rightAtom, path, into, dialect)
  }
  if (leaf) return
  if (left === undefined) insertPath(into.added, path)
  else if (right === undefined) insertPath(into.removed, path)
}

/** Answers whether the value was one leaf. */
function walkAtom(left: unknown, right: unknown, atom: Atom, path: Path, into: Building, dialect: MergeDialect): boolean {
  switch (atom.atom) {
    case 'scalar': return leafDiffers(left, right, path, into)
    case 'list': {
      const a = Array.isArray(left) ? (left as unknown[]) : undefined
      const b = Array.isArray(right) ? (right as unknown[]) : undefined
      if (atom.shape.merge === 'atomic' || ((a ?? []).length === 0 && (b ?? []).length === 0)) return leafDiffers(left, right, path, into)
      walkLists(a ?? [], b ?? [], atom.shape, path, into, dialect)
      return false
    }
    case 'map': {
      const a = isJsonMap(left) ? left : {}
      const b = isJsonMap(right) ? right : {}
      const keys = new Set([...Object.keys(a), ...Object.keys(b)])
      if (isAtomicMap(atom.shape) || keys.size === 0) return leafDiffers(left, right, path, into)
      for (const key of keys) walk(own(a, key), own(b, key), shapeOfKey(atom.shape as MapShape, key) ?? { is: 'any' }, [...path, fieldElement(key)], into, dialect)
      return false
    }
    default: return atom satisfies never
  }
}

function leafDiffers(left: unknown, right: unknown, path: Path, into: Building): true {
  if (left === undefined) insertPath(into.added, path)
  else if (right === undefined) insertPath(into.removed, path)
  else if (!jsonEqual(left, right)) insertPath(into.modified, path)
  return true
}

function gather(list: readonly unknown[], shape: ListShape, path: Path, dialect: MergeDialect): Map<PathElement, unknown[]> {
  const groups = new Map<PathElement, unknown[]>()
  for (const [i, item] of list.entries()) {
    try {
      const element = itemElement(shape, item, dialect)
      groups.set(element, [...(groups.get(element) ?? []), item])
    } catch (error) {
      if (error instanceof StructuredMergeError) throw new StructuredMergeError(`${path.map(elementText).join('')}: element ${i}: ${error.message}`)
      throw error
    }
  }
  return groups
}

// compare.go visitListItems: elements with equal keys count as one atomic list
function walkLists(left: readonly unknown[], right: readonly unknown[], shape: ListShape, path: Path, into: Building, dialect: MergeDialect): void {
  const lefts = gather(left, shape, path, dialect)
  const rights = gather(right, shape, path, dialect)
  for (const element of new Set([...lefts.keys(), ...rights.keys()])) {
    const a = lefts.get(element) ?? []
    const b = rights.get(element) ?? []
    const at = [...path, element]
    if (a.length <= 1 && b.length <= 1) walk(a[0], b[0], shape.of, at, into, dialect)
    else if (a.length >= 2 && b.length >= 2) { if (!jsonEqual(a, b)) insertPath(into.modified, at) }
    else if (a.length >= 2) {
      if (b.length > 0) walk(undefined, b[0], shape.of, at, into, dialect)
      insertPath(into.removed, at)
    } else {
      if (a.length > 0) walk(a[0], undefined, shape.of, at, into, dialect)
      insertPath(into.added, at)
    }
  }
}
