import { isJsonMap, type JsonMap, put } from '../json-map.ts'
import type { Shape } from '../schema.ts'
import { below, type FieldSet, isEmptySet } from './field-set.ts'
import { fieldElement } from './path-element.ts'
import { atomOf, isAtomicMap, itemElement, type MergeDialect, shapeOfKey, type TypedValue } from './typed-value.ts'

/** TypedValue.ExtractItems of structured-merge-diff v4: only the fields of the set, without the keys of list elements. */
export function extractItems(typed: TypedValue, items: FieldSet, dialect: MergeDialect): TypedValue {
  return { value: extract(typed.value, items, typed.shape, dialect), shape: typed.shape }
}

function extract(value: unknown, items: FieldSet, shape: Shape, dialect: MergeDialect): unknown {
  const atom = atomOf(shape, value)
  switch (atom.atom) {
    case 'scalar': return value
    case 'list': {
      if (!Array.isArray(value) || value.length === 0) return null
      if (atom.shape.merge === 'atomic') return value
      const kept = value.flatMap((item: unknown) => {
        const element = itemElement(atom.shape, item, dialect)
        const inner = below(items, element)
        // remove.go of v4 goes into a member with the parent's set, which as a rule leaves null, and then takes what is below it once more
        const whole = items.members.has(element) ? [extract(item, items, atom.shape.of, dialect)] : []
        return isEmptySet(inner) ? whole : [...whole, extract(item, inner, atom.shape.of, dialect)]
      })
      return kept.length > 0 ? kept : null
    }
    case 'map': {
      if (!isJsonMap(value) || Object.keys(value).length === 0) return null
      if (isAtomicMap(atom.shape)) return value
      const kept: JsonMap = {}
      for (const key of Object.keys(value)) {
        const element = fieldElement(key)
        const inner = items.members.has(element) ? items : below(items, element)
        if (items.members.has(element) || !isEmptySet(inner)) put(kept, key, extract(value[key], inner, shapeOfKey(atom.shape, key) ?? { is: 'any' }, dialect))
      }
      return Object.keys(kept).length > 0 ? kept : null
    }
    default: return atom satisfies never
  }
}
