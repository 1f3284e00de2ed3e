import { isSeq } from 'yaml'
import { type Change, changeValue } from './change.ts'
import { jsonEqual } from './json-equal.ts'
import { layoutOf } from './layout.ts'
import { ManifestsError } from './manifests-error.ts'
import { parse } from './parse.ts'
import { type Pointer, pointerTokens } from './pointer.ts'
import type { Quotes } from './render.ts'
import { type SourceDocument, syntaxOf } from './source-document.ts'
import { addValue, insertItem } from './splice-insert.ts'
import { removeValue } from './splice-remove.ts'
import { replaceValue } from './splice-set.ts'
import { applyEdits, composeEdits, type TextEdit } from './text-edit.ts'
import { endOf, type Trail, trailTo } from './trail.ts'

/** How new texts are quoted; `when-needed` (the default) also keeps the quotes of a text that is replaced. Nothing is ever folded. */
export interface EditOptions {
  readonly quotes?: Quotes | ((text: string, pointer: Pointer) => Quotes)
}

/**
 * The text edits that make the changes, one after the other, in the document's own style; every other byte stays.
 * Proven before they are returned: the edited text reads as the changed value and every other document of the file as before, else a ManifestsError says why not.
 */
export function editDocument(document: SourceDocument, changes: readonly Change[], options: EditOptions = {}): readonly TextEdit[] {
  let edits: readonly TextEdit[] = []
  let current = document
  const { eol } = layoutOf(syntaxOf(document), undefined)
  for (const change of changes) {
    const step = splice(current, change, options, eol)
    current = proven(current, step.edits, change, step.throughAlias)
    edits = composeEdits(document.file, document.text, edits, step.edits)
  }
  return edits
}

/** Sets one value: replaces it, or adds it with the parents that are missing (`-` as a token appends to a list). */
export function setValue(document: SourceDocument, pointer: Pointer, value: unknown, options: EditOptions = {}): readonly TextEdit[] {
  return editDocument(document, [{ do: 'set', pointer, value }], options)
}

/** Replaces a scalar by another, its quotes kept. Throws a ManifestsError `not-a-scalar` or `no-such-value` where none stands. */
export function setScalar(document: SourceDocument, pointer: Pointer, value: string | number | boolean | null, options: EditOptions = {}): readonly TextEdit[] {
  if (document.scalarAt(pointer) === undefined) throw new ManifestsError('not-a-scalar', `no scalar stands at ${pointer} of ${document.file}`)
  return editDocument(document, [{ do: 'set', pointer, value }], options)
}

/** Puts an item at the end of a list; a list that is missing is made. */
export function appendItem(document: SourceDocument, list: Pointer, value: unknown, options: EditOptions = {}): readonly TextEdit[] {
  return editDocument(document, [{ do: 'set', pointer: `${list}/-`, value }], options)
}

/** Takes a key or an item out. */
export function removeAt(document: SourceDocument, pointer: Pointer): readonly TextEdit[] {
  return editDocument(document, [{ do: 'remove', pointer }])
}

function splice(document: SourceDocument, change: Change, options: EditOptions, eol: string): { readonly edits: readonly TextEdit[]; readonly throughAlias: Trail['throughAlias'] } {
  const tree = syntaxOf(document)
  const given = { tree, file: document.file, layout: { ...layoutOf(tree, options.quotes), eol } }
  const trail = trailTo(given, pointerTokens(change.pointer))
  const { throughAlias } = trail
  switch (change.do) {
    case 'set':
      return { edits: trail.rest.length === 0 ? replaceValue(trail, change.value) : addValue(trail, change.value), throughAlias }
    case 'remove':
      return { edits: removeValue(trail), throughAlias }
    case 'insert':
      return { edits: insertAt(given, change), throughAlias }
    default:
      return change satisfies never
  }
}

function insertAt(given: Pick<Trail, 'tree' | 'layout' | 'file'>, change: Change & { readonly do: 'insert' }): readonly TextEdit[] {
  const tokens = pointerTokens(change.pointer)
  const list = trailTo(given, tokens.slice(0, -1))
  const container = endOf(list)
  const index = tokens.at(-1)
  if (list.rest.length > 0 || !isSeq(container) || index === '-') return addValue(trailTo(given, tokens), change.value)
  return insertItem(list, container, Number(index), change.value)
}

/** The document after the edits, or a ManifestsError where it does not read as wanted. */
function proven(document: SourceDocument, edits: readonly TextEdit[], change: Change, throughAlias: Trail['throughAlias']): SourceDocument {
  const wanted = changeValue(document.value, change)
  const before = parse([{ file: document.file, text: document.text }])
  const after = parse([{ file: document.file, text: applyEdits(document.text, edits) }])
  const other = after.documents.filter((one) => one.documentIndex !== document.documentIndex)
  const otherBefore = before.documents.filter((one) => one.documentIndex !== document.documentIndex)
  const edited = after.documents.find((one) => one.documentIndex === document.documentIndex)
  const same = other.length === otherBefore.length && other.every((one, index) => jsonEqual(one.value, otherBefore[index]?.value))
  if (edited !== undefined && same && jsonEqual(edited.value, wanted)) return edited
  if (throughAlias === 'yes' || (edited !== undefined && same && document.scalarAt(change.pointer)?.anchor !== undefined)) {
    throw new ManifestsError('behind-alias', `${change.pointer} of ${document.file} is shared through an alias; editing it would change other values too`)
  }
  throw new ManifestsError('edit-not-proven', `${change.pointer} of ${document.file} cannot be edited in place`, { hint: 'edit this value by hand' })
}
