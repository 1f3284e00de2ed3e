import { goText } from '../go-text.ts'
import { isJsonMap, type JsonMap } from '../json-map.ts'
import type { Shape } from '../schema.ts'
import { elementText, fieldElement, type PathElement } from './path-element.ts'
import {
  atomOf, itemElement, type ListShape, type MapShape, type MergeDialect, problemsText, shapeOfKey, StructuredMergeError, type TypedValue,
} from './typed-value.ts'

export type Duplicates = 'allowed' | 'refused'

/** typed.AsTyped: the value with its shape, checked against it. Throws StructuredMergeError. */
export function asTyped(value: unknown, shape: Shape, duplicates: Duplicates, dialect: MergeDialect): TypedValue {
  const errors = validate(value, shape, '', duplicates, dialect)
  if (errors.length > 0) throw new StructuredMergeError(problemsText(errors.map((detail) => ({ path: '', detail }))))
  return { value, shape }
}

function validate(value: unknown, shape: Shape, path: string, duplicates: Duplicates, dialect: MergeDialect): string[] {
  const atom = atomOf(shape, value)
  switch (atom.atom) {
    case 'scalar': return scalarErrors(atom.shape, value).map((error) => withPath(path, error))
    case 'list': return validateList(value, atom.shape, path, duplicates, dialect)
    case 'map': return validateMap(value, atom.shape, path, duplicates, dialect)
    default: return atom satisfies never
  }
}

function withPath(path: string, error: string): string {
  return path === '' ? error : `${path}: ${error}`
}

function validateList(value: unknown, shape: ListShape, path: string, duplicates: Duplicates, dialect: MergeDialect): string[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) return [withPath(path, `expected list, got ${goValue(value)}`)]
  const errors: string[] = []
  const seen = new Set<PathElement>()
  for (const [i, item] of (value as unknown[]).entries()) {
    let element = `i:${i}`
    if (shape.merge !== 'atomic') {
      try {
        element = itemElement(shape, item, dialect)
      } catch (error) {
        if (!(error instanceof StructuredMergeError)) throw error
        return [...errors, withPath(path, `element ${i}: ${error.message}`)]
      }
      if (seen.has(element) && duplicates === 'refused') errors.push(withPath(path, `duplicate entries for key ${elementText(element)}`))
      seen.add(element)
    }
    errors.push(...validate(item, shape.of, `${path}${elementText(element)}`, duplicates, dialect))
  }
  return errors
}

function validateMap(value: unknown, shape: MapShape, path: string, duplicates: Duplicates, dialect: MergeDialect): string[] {
  if (value === null || value === undefined) return []
  if (!isJsonMap(value)) return [withPath(path, `expected map, got ${goValue(value)}`)]
  const errors: string[] = []
  for (const key of Object.keys(value)) {
    const inner = shapeOfKey(shape, key)
    const at = `${path}${elementText(fieldElement(key))}`
    if (!inner) return [...errors, withPath(at, 'field not declared in schema')]
    errors.push(...validate(value[key], inner, at, duplicates, dialect))
  }
  return errors
}

/** validate.go validateScalar, without the side's prefix. */
export function scalarErrors(shape: Shape, value: unknown): string[] {
  if (value === undefined || value === null) return []
  switch (shape.is) {
    case 'int32': case 'int64': case 'uint': case 'float':
      return typeof value === 'number' ? [] : [`expected numeric (int or float), got ${goTypeName(value)}`]
    case 'string': case 'bytes': case 'duration':
      return typeof value === 'string' ? [] : [`expected string, got &value.valueUnstructured{Value:${goLiteral(value)}}`]
    case 'bool': return typeof value === 'boolean' ? [] : [`expected boolean, got ${goValue(value)}`]
    default: return typeof value === 'object' ? [`expected any scalar, got ${goValue(value)}`] : []
  }
}

function goTypeName(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}'
  return typeof value === 'object' ? 'map[string]interface {}' : typeof value === 'boolean' ? 'bool' : 'string'
}

/** fmt's %v of a value.Value. */
function goValue(value: unknown): string {
  return `&{${goText(value)}}`
}

/** fmt's %#v of a JSON value. */
function goLiteral(value: unknown): string {
  if (value === null) return 'interface {}(nil)'
  if (Array.isArray(value)) return `[]interface {}{${value.map(goLiteral).join(', ')}}`
  if (isJsonMap(value)) return `map[string]interface {}{${entries(value)}}`
  return JSON.stringify(value)
}

function entries(map: JsonMap): string {
  return Object.keys(map).toSorted().map((key) => `${JSON.stringify(key)}:${goLiteral(map[key])}`).join(', ')
}
