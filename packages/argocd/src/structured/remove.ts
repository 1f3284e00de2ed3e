import { isJsonMap, type JsonMap, put } from '../json-map.ts'
import type { Shape } from '../schema.ts'
import { below, type FieldSet, isEmptySet } from './field-set.ts'
import { fieldElement, type PathElement } from './path-element.ts'
import { atomOf, isAtomicMap, itemElement, type ListShape, type MapShape, type MergeDialect, shapeOfKey, type TypedValue } from './typed-value.ts'

/** TypedValue.RemoveItems: the value without the fields of the set. */
export function removeItems(typed: TypedValue, items: FieldSet, dialect: MergeDialect): TypedValue {
  return { value: remove(typed.value, items, typed.shape, dialect), shape: typed.shape }
}

function remove(value: unknown, items: FieldSet, shape: Shape, dialect: MergeDialect): unknown {
  const atom = atomOf(shape, value)
  switch (atom.atom) {
    case 'scalar': return value
    case 'list': return Array.isArray(value) && value.length > 0 && atom.shape.merge !== 'atomic' ? removeFromList(value, items, atom.shape, dialect) : null
    case 'map': return isJsonMap(value) && Object.keys(value).length > 0 && !isAtomicMap(atom.shape) ? removeFromMap(value, items, atom.shape, dialect) : null
    default: return atom satisfies never
  }
}

function removeFromList(list: readonly unknown[], items: FieldSet, shape: ListShape, dialect: MergeDialect): unknown {
  const kept: unknown[] = []
  let matched = false
  for (const item of list) {
    const element = itemElement(shape, item, dialect)
    if (items.members.has(element)) continue
    const inner = below(items, element)
    if (isEmptySet(inner)) kept.push(item)
    else { matched = true; kept.push(removeBelow(item, inner, shape.of, dialect)) }
  }
  return kept.length > 0 || (matched && dialect.emptied === 'kept') ? kept : null
}

function removeFromMap(map: JsonMap, items: FieldSet, shape: MapShape, dialect: MergeDialect): unknown {
  const kept: JsonMap = {}
  let matched = false
  for (const key of Object.keys(map)) {
    const element: PathElement = fieldElement(key)
    if (items.members.has(element)) continue
    const inner = below(items, element)
    if (isEmptySet(inner)) put(kept, key, map[key])
    else { matched = true; put(kept, key, removeBelow(map[key], inner, shapeOfKey(shape, key) ?? { is: 'any' }, dialect)) }
  }
  return Object.keys(kept).length > 0 || (matched && dialect.emptied === 'kept') ? kept : null
}

function removeBelow(value: unknown, items: FieldSet, shape: Shape, dialect: MergeDialect): unknown {
  const rest = remove(value, items, shape, dialect)
  if (rest !== null || dialect.emptied === 'null') return rest
  return isJsonMap(value) ? {} : Array.isArray(value) ? [] : rest
}
