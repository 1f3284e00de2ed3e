import { applyEdits, type Change, editDocument, isMap, parse, toYaml } from '@rollsync/manifests'
import { mark } from './application.ts'

/** The lists of a system-level rule: expressions, pointers, managers. */
export type RuleLists = Readonly<Record<string, readonly string[]>>

const behind = ` # ${mark}`

/** A text of rules, as it stands in one key of argocd-cm, that says what is wanted too: items of ours carry a mark behind them and go when they are no longer needed, all others stay as they are. Empty where nothing is left. */
export function mergedRules(text: string, wanted: RuleLists): string {
  const all = new Set(Object.values(wanted).flat())
  const kept = text.split('\n').filter((line) => !line.endsWith(behind) || all.has(itemOf(line)))
  return withItems(withoutEmptyLists(kept.join('\n')), wanted)
}

export function holdsOurs(text: string): boolean {
  return text.includes(behind)
}

function itemOf(line: string): string {
  const value = documentOf(line.trim())?.value
  return Array.isArray(value) ? String(value[0]) : ''
}

const documentOf = (text: string): ReturnType<typeof parse>['documents'][number] | undefined => parse([{ file: 'rules', text }]).documents[0]

/** A list that lost its last item reads as null. */
function withoutEmptyLists(text: string): string {
  const document = documentOf(text)
  if (document === undefined || !isMap(document.value)) return text
  const empty = Object.entries(document.value).filter(([, value]) => value === null).map(([key]) => key)
  if (empty.length === Object.keys(document.value).length) return ''
  return applyEdits(text, editDocument(document, empty.map((key): Change => ({ do: 'remove', pointer: `/${key}` }))))
}

function withItems(text: string, wanted: RuleLists): string {
  const document = documentOf(text)
  const held: Readonly<Record<string, unknown>> = isMap(document?.value) ? document.value : {}
  const lists = Object.entries(wanted).map(([list, items]) => [list, items.filter((item) => !textsOf(held[list]).includes(item))] as const).filter(([, items]) => items.length > 0)
  if (lists.length === 0) return text
  const added = document === undefined || Object.keys(held).length === 0
    ? toYaml(Object.fromEntries(lists), ['jqPathExpressions'])
    : lists.reduce((before, [list, items]) => withMore(before, list, items), text)
  return marked(added, lists)
}

/** Items at the end of a list; one in flow style is written anew line by line, as ours need a comment. */
function withMore(text: string, list: string, items: readonly string[]): string {
  const document = documentOf(text)
  if (document === undefined) return text
  const held = isMap(document.value) ? textsOf(document.value[list]) : []
  const line = text.split('\n')[document.at(`/${list}/0`).line - 1] ?? ''
  if (held.length > 0 && !/^\s*- /.test(line)) {
    const without = applyEdits(text, editDocument(document, [{ do: 'remove', pointer: `/${list}` }]))
    return `${without.replace(/^\{\}\n?$/, '').replace(/([^\n])$/, '$1\n')}${toYaml({ [list]: [...held, ...items] }, ['jqPathExpressions'])}`
  }
  return applyEdits(text, editDocument(document, items.map((value): Change => ({ do: 'set', pointer: `/${list}/-`, value })), { quotes: (_, pointer) => (pointer.startsWith('/jqPathExpressions') ? 'single' : 'when-needed') }))
}

const textsOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : [])

/** The mark behind each of the items; one in a list in flow style has no room for it. */
function marked(text: string, lists: readonly (readonly [string, readonly string[]])[]): string {
  const document = documentOf(text)
  const lines = text.split('\n')
  for (const [list, items] of lists) {
    const held = isMap(document?.value) ? textsOf(document.value[list]) : []
    for (const item of items) {
      const at = (document?.at(`/${list}/${held.lastIndexOf(item)}`).line ?? 0) - 1
      if (/^\s*- /.test(lines[at] ?? '')) lines[at] = `${lines[at]}${behind}`
    }
  }
  return lines.join('\n')
}
