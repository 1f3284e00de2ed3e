import type { IgnoreDifference } from '@rollsync/argocd'
import { applyEdits, type Change, composeEdits, editDocument, isMap, jsonEqual, type Manifest, parse, type Quotes, type TextEdit, toPointer } from '@rollsync/manifests'
import { sameApplication } from './application-set.ts'

/** What an Application shall come to say. `mended` replaces single expressions by their place; `rules` are ours, whole; `syncOptions` are added where missing. */
export interface ApplicationWish {
  readonly rules: readonly IgnoreDifference[]
  readonly mended: readonly { readonly pointer: string; readonly expression: string }[]
  readonly syncOptions: readonly string[]
}

/** The words by which an entry of ignoreDifferences is known as ours: it is brought up to date, and removed when it is no longer needed. Without them an entry is never touched. */
export const mark = 'rollsync: generated, kept in step with the Rollout'

/** The edits that make an Application say what it shall, touching no other byte: entries of ours that are as wanted stay, others of ours are brought up to date or go, new ones come last, marked. */
export function writeApplication(application: Manifest, wish: ApplicationWish): readonly TextEdit[] {
  const entries = entriesOf(application)
  const ours = markedEntries(application)
  const updated = ours.flatMap(({ index }) => wish.rules.filter((rule) => sameObject(rule, entries[index])).slice(0, 1).map((rule) => ({ index, rule })))
  const dropped = ours.filter(({ index }) => !updated.some((one) => one.index === index))
  const missing = wish.rules.filter((rule) => !updated.some((one) => one.rule === rule))
  const unmarked = dropped.map(({ markLine }) => lineEdit(application, markLine)).filter((edit) => edit !== undefined)
  const { document } = application
  const bare = readBack(application, applyEdits(document.text, unmarked)) ?? application
  const list = `${application.base}/spec/ignoreDifferences`
  const changes: Change[] = [
    ...wish.mended.map(({ pointer, expression }): Change => ({ do: 'set', pointer: application.base + pointer, value: expression })),
    ...syncOptionChanges(application, wish.syncOptions),
    ...updated.flatMap(({ index, rule }) => entryChanges(`${list}/${index}`, entries[index], rule)),
    ...missing.map((rule): Change => ({ do: 'set', pointer: `${list}/-`, value: rule })),
    ...(dropped.length === entries.length && dropped.length > 0 && missing.length === 0
      ? [{ do: 'remove', pointer: list } as const]
      : dropped.toReversed().map(({ index }): Change => ({ do: 'remove', pointer: `${list}/${index}` }))),
  ]
  const edits = composeEdits(document.file, document.text, unmarked, editDocument(bare.document, changes, { quotes }))
  return missing.length === 0 ? edits : withMarks(application, edits, missing.length)
}

function sameObject(rule: IgnoreDifference, entry: unknown): boolean {
  return isMap(entry) && (['group', 'kind', 'name', 'namespace'] as const).every((key) => rule[key] === entry[key])
}

/** What brings one entry of ours up to date, key by key, so that its place and comments stay. */
function entryChanges(pointer: string, entry: unknown, rule: IgnoreDifference): readonly Change[] {
  const present = isMap(entry) ? entry : {}
  const wanted: Readonly<Record<string, unknown>> = { ...rule }
  return [
    ...Object.entries(wanted).filter(([key, value]) => !jsonEqual(present[key], value)).map(([key, value]): Change => ({ do: 'set', pointer: `${pointer}/${key}`, value })),
    ...Object.keys(present).filter((key) => wanted[key] === undefined).map((key): Change => ({ do: 'remove', pointer: `${pointer}/${key}` })),
  ]
}

/** Expressions are always quoted and on one line: a folded one is how the trouble starts. */
function quotes(_text: string, pointer: string): Quotes {
  return /\/jqPathExpressions(\/(\d+|-))?$/.test(pointer) ? 'single' : 'when-needed'
}

function syncOptionChanges(application: Manifest, wanted: readonly string[]): readonly Change[] {
  const spec = isMap(application.value['spec']) ? application.value['spec'] : {}
  const policy = isMap(spec['syncPolicy']) ? spec['syncPolicy'] : {}
  const present: readonly unknown[] = Array.isArray(policy['syncOptions']) ? policy['syncOptions'] : []
  return wanted.filter((option) => !present.includes(option)).map((option) => ({ do: 'set', pointer: `${application.base}/spec/syncPolicy/syncOptions/-`, value: option }))
}

function entriesOf(application: Manifest): readonly unknown[] {
  const spec = isMap(application.value['spec']) ? application.value['spec'] : {}
  return Array.isArray(spec['ignoreDifferences']) ? spec['ignoreDifferences'] : []
}

/** An entry that carries our mark, in the comment above it (whose 1-based line this is) or behind its first line. */
export interface MarkedEntry {
  readonly index: number
  readonly markLine: number | undefined
}

export function markedEntries(application: Manifest): readonly MarkedEntry[] {
  const lines = application.document.text.split('\n')
  const isComment = (at: number): boolean => /^\s*#/.test(lines[at] ?? '')
  return entriesOf(application).flatMap((_, index): readonly MarkedEntry[] => {
    const { line } = application.at(toPointer(['spec', 'ignoreDifferences', index]))
    if (lines[line - 1]?.includes(`# ${mark}`)) return [{ index, markLine: undefined }]
    let above = line - 2
    while (isComment(above) && !lines[above]?.includes(mark)) above -= 1
    return isComment(above) && lines[above]?.includes(mark) ? [{ index, markLine: above + 1 }] : []
  })
}

/** The edit that takes a whole line out. */
function lineEdit(application: Manifest, line: number | undefined): TextEdit | undefined {
  if (line === undefined) return undefined
  const { file, text } = application.document
  const lines = text.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  return { file, start, end: Math.min(text.length, start + (lines[line - 1] ?? '').length + 1), text: '' }
}

/** Puts the mark above each of the last `count` entries. Comments change no value, which is proven once more. */
function withMarks(application: Manifest, edits: readonly TextEdit[], count: number): readonly TextEdit[] {
  const { document } = application
  const text = applyEdits(document.text, edits)
  const eol = /\r\n/.test(text) ? '\r\n' : '\n'
  const edited = readBack(application, text)
  if (edited === undefined) return edits
  const total = entriesOf(edited).length
  const lines = text.split('\n')
  for (let index = total - 1; index >= total - count; index -= 1) {
    const { line } = edited.at(toPointer(['spec', 'ignoreDifferences', index]))
    const dash = /^(\s*)- /.exec(lines[line - 1] ?? '')
    if (dash === null) return edits // a list in flow style has no room for a comment
    lines.splice(line - 1, 0, `${dash[1]}# ${mark}${eol === '\r\n' ? '\r' : ''}`)
  }
  const marked = lines.join('\n')
  return jsonEqual(readBack(application, marked)?.value, edited.value) ? [wholeEdit(document.file, document.text, marked)] : edits
}

function readBack(application: Manifest, text: string): Manifest | undefined {
  return sameApplication(parse([{ file: application.file, text }]).manifests, application)
}

/** One edit from the first to the last character that differ. */
function wholeEdit(file: string, before: string, after: string): TextEdit {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let tail = 0
  while (tail < before.length - start && tail < after.length - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  return { file, start, end: before.length - tail, text: after.slice(start, after.length - tail) }
}
