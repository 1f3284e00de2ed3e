import { isJsonMap } from '../json-map.ts'
import type { Shape } from '../schema.ts'
import { type FieldSet, type FieldSetBuilder, insertPath, newBuilder, type Path } from './field-set.ts'
import { fieldElement, type PathElement } from './path-element.ts'
import { atomOf, declares, isAtomicMap, itemElement, type MergeDialect, shapeOfKey, type TypedValue } from './typed-value.ts'

/** TypedValue.ToFieldSet: every field that the value sets. */
export function toFieldSet(typed: TypedValue, dialect: MergeDialect): FieldSet {
  const set = newBuilder()
  walk(typed.value, typed.shape, [], set, dialect)
  return set
}

function walk(value: unknown, shape: Shape, path: Path, set: FieldSetBuilder, dialect: MergeDialect): void {
  const atom = atomOf(shape, value)
  switch (atom.atom) {
    case 'scalar': insertPath(set, path); return
    case 'list':
      if (atom.shape.merge === 'atomic') insertPath(set, path)
      else if (Array.isArray(value)) walkList(value, atom.shape.of, value.map((item) => itemElement(atom.shape, item, dialect)), path, set, dialect)
      return
    case 'map':
      if (isAtomicMap(atom.shape)) { insertPath(set, path); return }
      if (!isJsonMap(value)) return
      for (const key of Object.keys(value)) {
        const at = [...path, fieldElement(key)]
        const inner = value[key]
        walk(inner, shapeOfKey(atom.shape, key) ?? { is: 'any' }, at, set, dialect)
        if (inner === null || (isJsonMap(inner) && Object.keys(inner).length === 0) || !declares(atom.shape, key)) insertPath(set, at)
      }
      return
    default: atom satisfies never
  }
}

function walkList(list: readonly unknown[], shape: Shape, elements: readonly PathElement[], path: Path, set: FieldSetBuilder, dialect: MergeDialect): void {
  for (const [i, element] of elements.entries()) {
    const at = [...path, element]
    if (elements.indexOf(element) === elements.lastIndexOf(element)) walk(list[i], shape, at, set, dialect)
    insertPath(set, at)
  }
}
