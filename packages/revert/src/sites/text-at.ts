import { isMap, type Pointer, type SourceDocument, toPointer, valueAt } from '@rollsync/manifests'

/** The text of a scalar as it was written, or undefined where there is none, or null, or an empty one. */
export function textAt(document: SourceDocument, pointer: Pointer): string | undefined {
  const scalar = document.scalarAt(pointer)
  if (scalar === undefined || scalar.text === '') return undefined
  return valueAt(document.value, pointer) === null ? undefined : scalar.text
}

/** Visits every map of a document with its pointer. */
export function visitMaps(value: unknown, visit: (map: Readonly<Record<string, unknown>>, pointer: Pointer) => void, at: Pointer = ''): void {
  if (typeof value !== 'object' || value === null) return
  if (isMap(value)) visit(value, at)
  for (const [key, inner] of Object.entries(value)) visitMaps(inner, visit, at + toPointer([key]))
}

/** Whether a text is to be filled in by another program: `{{ … }}`, `${…}`, `$(…)`, `<no value>`. */
export function isPlaceholder(text: string): boolean {
  return /\{\{|\$\{|\$\(|<</.test(text)
}
