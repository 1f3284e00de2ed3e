import { isJsonMap, type JsonMap, own, put } from '../json-map.ts'
import type { Shape } from '../schema.ts'
import type { PathElement } from './path-element.ts'
import {
  type Atom, atomOf, isAtomicMap, itemElement, type ListShape, type MapShape, type MergeDialect, shapeOfKey, StructuredMergeError, type TypedValue,
} from './typed-value.ts'
import { elementText } from './path-element.ts'
import { scalarErrors } from './validate.ts'

/** TypedValue.Merge: the right side laid over the left one, element by element where the schema allows it. */
export function mergeTyped(left: TypedValue, right: TypedValue, dialect: MergeDialect): TypedValue {
  return { value: merge(left.value, right.value, left.shape, dialect), shape: left.shape }
}

/** undefined comes out where nothing is left. */
function merge(left: unknown, right: unknown, shape: Shape, dialect: MergeDialect): unknown {
  const atom = right === undefined ? atomOf(shape, left) : atomOf(shape, right)
  return mergeAtom(left, right, atom, dialect)
}

function keepRight(left: unknown, right: unknown): unknown {
  return right === undefined ? left : right
}

function mergeAtom(left: unknown, right: unknown, atom: Atom, dialect: MergeDialect): unknown {
  switch (atom.atom) {
    case 'scalar': {
      const lefts = scalarErrors(atom.shape, left)
      const rights = scalarErrors(atom.shape, right)
      if (lefts.length > 0 && rights.length > 0) throw new StructuredMergeError([...lefts.map((error) => `lhs: ${error}`), ...rights.map((error) => `rhs: ${error}`)].join('\n'))
      return keepRight(left, right)
    }
    case 'list': {
      const a = Array.isArray(left) ? (left as unknown[]) : undefined
      const b = Array.isArray(right) ? (right as unknown[]) : undefined
      if (atom.shape.merge === 'atomic' || ((a ?? []).length === 0 && (b ?? []).length === 0)) return keepRight(left, right)
      return mergeLists(a ?? [], b ?? [], atom.shape, dialect)
    }
    case 'map': {
      const a = isJsonMap(left) ? left : {}
      const b = isJsonMap(right) ? right : {}
      if (isAtomicMap(atom.shape) || (Object.keys(a).length === 0 && Object.keys(b).length === 0)) return keepRight(left, right)
      return mergeMaps(a, b, atom.shape, dialect)
    }
    default: return atom satisfies never
  }
}

function mergeMaps(left: JsonMap, right: JsonMap, shape: MapShape, dialect: MergeDialect): unknown {
  const result: JsonMap = {}
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const inner = shapeOfKey(shape, key) ?? { is: 'any' }
    const merged = merge(own(left, key), own(right, key), inner, dialect)
    if (merged !== undefined) put(result, key, merged)
  }
  return Object.keys(result).length > 0 ? result : undefined
}

interface Indexed { readonly elements: readonly PathElement[]; readonly observed: ReadonlyMap<PathElement, unknown> }

// merge.go indexListPathElements: of elements with equal keys none is merged with the other side
function indexList(list: readonly unknown[], shape: ListShape, duplicates: 'allowed' | 'refused', dialect: MergeDialect): Indexed {
  const observed = new Map<PathElement, unknown>()
  const elements: PathElement[] = []
  for (const [i, item] of list.entries()) {
    let element: PathElement
    try {
      element = itemElement(shape, item, dialect)
    } catch (error) {
      if (error instanceof StructuredMergeError) throw new StructuredMergeError(`element ${i}: ${error.message}`)
      throw error
    }
    if (observed.has(element) && duplicates === 'refused') throw new StructuredMergeError(`duplicate entries for key ${elementText(element)}`)
    observed.set(element, observed.has(element) ? null : item)
    elements.push(element)
  }
  return { elements, observed }
}

// merge.go visitListItems: both orders are kept where they agree, the right one wins where they do not
function mergeLists(left: readonly unknown[], right: readonly unknown[], shape: ListShape, dialect: MergeDialect): unknown {
  const b = indexList(right, shape, 'refused', dialect)
  const a = indexList(left, shape, 'allowed', dialect)
  const shared = b.elements.filter((element) => a.observed.has(element))
  const taken = new Set<PathElement>()
  const result: unknown[] = []
  const take = (merged: unknown): void => { if (merged !== undefined) result.push(merged) }
  let next = shared.shift()
  for (let i = 0, j = 0; i < a.elements.length || j < b.elements.length;) {
    const mine = a.elements[i]
    const other = b.elements[j]
    if (mine !== undefined && other !== undefined) {
      if (mine === other) {
        taken.add(mine)
        take(merge(a.observed.get(mine), b.observed.get(mine), shape.of, dialect))
        i++
        j++
        next = shared.shift()
        continue
      }
      if (b.observed.has(mine) && next !== undefined && next !== mine) { i++; continue }
    }
    if (mine !== undefined) {
      if (!b.observed.has(mine)) { take(merge(left[i], undefined, shape.of, dialect)); i++; continue }
      if (taken.has(mine)) i++
    }
    if (other !== undefined) {
      taken.add(other)
      take(merge(a.observed.get(other), b.observed.get(other), shape.of, dialect))
      j++
      if (next === other) next = shared.shift()
    }
  }
  return result.length > 0 ? result : undefined
}
