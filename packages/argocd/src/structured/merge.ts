import { isJsonMap, type JsonMap, own, put } from '../json-map.ts'
import type { Shape } from '../schema.ts'
import { elementText, fieldElement, type PathElement } from './path-element.ts'
import {
  type Atom, atomOf, isAtomicMap, itemElement, type ListShape, type MapShape, type MergeDialect, type Problem, problemsText, shapeOfKey, StructuredMergeError, type TypedValue,
} from './typed-value.ts'
import { scalarErrors } from './validate.ts'

interface Walk { readonly dialect: MergeDialect; readonly problems: Problem[] }

/** TypedValue.Merge: the right side laid over the left one, element by element where the schema allows it. Throws StructuredMergeError. */
export function mergeTyped(left: TypedValue, right: TypedValue, dialect: MergeDialect): TypedValue {
  const problems: Problem[] = []
  const value = merge(left.value, right.value, left.shape, '', { dialect, problems })
  if (problems.length > 0) throw new StructuredMergeError(problemsText(problems))
  return { value, shape: left.shape }
}

/** undefined comes out where nothing is left. */
function merge(left: unknown, right: unknown, shape: Shape, path: string, walk: Walk): unknown {
  return mergeAtom(left, right, right === undefined ? atomOf(shape, left) : atomOf(shape, right), path, walk)
}

function keepRight(left: unknown, right: unknown): unknown {
  return right === undefined ? left : right
}

function mergeAtom(left: unknown, right: unknown, atom: Atom, path: string, walk: Walk): unknown {
  switch (atom.atom) {
    case 'scalar': {
      const lefts = scalarErrors(atom.shape, left).map((error) => `lhs: ${error}`)
      const rights = scalarErrors(atom.shape, right).map((error) => `rhs: ${error}`)
      if (lefts.length === 0 || rights.length === 0) return keepRight(left, right)
      walk.problems.push(...[...lefts, ...rights].map((detail) => ({ path, detail })))
      return undefined
    }
    case 'list': {
      const a = Array.isArray(left) ? (left as unknown[]) : []
      const b = Array.isArray(right) ? (right as unknown[]) : []
      if (atom.shape.merge === 'atomic' || (a.length === 0 && b.length === 0)) return keepRight(left, right)
      return mergeLists(a, b, atom.shape, path, walk)
    }
    case 'map': {
      const a = isJsonMap(left) ? left : {}
      const b = isJsonMap(right) ? right : {}
      if (isAtomicMap(atom.shape) || (Object.keys(a).length === 0 && Object.keys(b).length === 0)) return keepRight(left, right)
      return mergeMaps(a, b, atom.shape, path, walk)
    }
    default: return atom satisfies never
  }
}

function mergeMaps(left: JsonMap, right: JsonMap, shape: MapShape, path: string, walk: Walk): unknown {
  const result: JsonMap = {}
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const inner = shapeOfKey(shape, key) ?? { is: 'any' }
    const merged = merge(own(left, key), own(right, key), inner, `${path}${elementText(fieldElement(key))}`, walk)
    if (merged !== undefined) put(result, key, merged)
  }
  return Object.keys(result).length > 0 ? result : undefined
}

interface Indexed { readonly elements: readonly PathElement[]; readonly observed: ReadonlyMap<PathElement, unknown> }

// merge.go indexListPathElements: of elements with equal keys none is merged with the other side
function indexList(list: readonly unknown[], shape: ListShape, duplicates: 'allowed' | 'refused', path: string, walk: Walk): Indexed {
  const observed = new Map<PathElement, unknown>()
  const elements: PathElement[] = []
  for (const [i, item] of list.entries()) {
    const element = elementOrProblem(shape, item, i, path, walk)
    if (element === undefined) continue
    if (observed.has(element) && duplicates === 'refused') {
      walk.problems.push({ path, detail: `duplicate entries for key ${elementText(element)}` })
      continue
    }
    observed.set(element, observed.has(element) ? null : item)
    elements.push(element)
  }
  return { elements, observed }
}

function elementOrProblem(shape: ListShape, item: unknown, i: number, path: string, walk: Walk): PathElement | undefined {
  try {
    return itemElement(shape, item, walk.dialect)
  } catch (error) {
    if (!(error instanceof StructuredMergeError)) throw error
    walk.problems.push({ path, detail: `element ${i}: ${error.message}` })
    return undefined
  }
}

// merge.go visitListItems: both orders are kept where they agree, the right one wins where they do not
function mergeLists(left: readonly unknown[], right: readonly unknown[], shape: ListShape, path: string, walk: Walk): unknown {
  const before = walk.problems.length
  const b = indexList(right, shape, 'refused', path, walk)
  const a = indexList(left, shape, 'allowed', path, walk)
  if (walk.problems.length > before) return undefined
  const shared = b.elements.filter((element) => a.observed.has(element))
  const taken = new Set<PathElement>()
  const result: unknown[] = []
  // a shadowed variable in merge.go loses every problem below an element of a list
  const take = (element: PathElement, mine: unknown, other: unknown): void => {
    const merged = merge(mine, other, shape.of, `${path}${elementText(element)}`, { dialect: walk.dialect, problems: [] })
    if (merged !== undefined) result.push(merged)
  }
  let next = shared.shift()
  for (let i = 0, j = 0; i < a.elements.length || j < b.elements.length;) {
    const mine = a.elements[i]
    const other = b.elements[j]
    if (mine !== undefined && other !== undefined) {
      if (mine === other) {
        taken.add(mine)
        take(mine, a.observed.get(mine), b.observed.get(mine))
        i++
        j++
        next = shared.shift()
        continue
      }
      if (b.observed.has(mine) && next !== undefined && next !== mine) { i++; continue }
    }
    if (mine !== undefined) {
      if (!b.observed.has(mine)) { take(mine, left[i], undefined); i++; continue }
      if (taken.has(mine)) i++
    }
    if (other !== undefined) {
      taken.add(other)
      take(other, a.observed.get(other), b.observed.get(other))
      j++
      if (next === other) next = shared.shift()
    }
  }
  return result.length > 0 ? result : undefined
}
