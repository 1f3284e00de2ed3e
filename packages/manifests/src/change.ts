import { isMap } from './merge-patch.ts'
import { ManifestsError } from './manifests-error.ts'
import { type Pointer, pointerTokens } from './pointer.ts'

/**
 * One wanted change of a document. `sharedWith` names the other places that read the same value through aliases and are meant too. The last token of an `insert` is the index before which the item goes, or `-` for the end.
 */
export type Change =
  | { readonly do: 'set'; readonly pointer: Pointer; readonly value: unknown; readonly sharedWith?: readonly Pointer[] } // replaces a value, or adds it with the parents that are missing
  | { readonly do: 'insert'; readonly pointer: Pointer; readonly value: unknown }
  | { readonly do: 'remove'; readonly pointer: Pointer }

/** What a change makes of a JSON value; the value given stays as it is. Throws a ManifestsError where there is nothing to change. */
export function changeValue(value: unknown, change: Change): unknown {
  const shared = change.do === 'set' ? (change.sharedWith ?? []) : []
  const first = changeAt(value, pointerTokens(change.pointer), change)
  return shared.reduce((current, pointer) => changeAt(current, pointerTokens(pointer), { ...change, pointer }), first)
}

function changeAt(value: unknown, tokens: readonly string[], change: Change): unknown {
  const [token, ...rest] = tokens
  if (token === undefined) {
    if (change.do === 'set') return change.value
    throw new ManifestsError('no-such-item', `"${change.do}" needs a key or an item, not the whole document`)
  }
  if (Array.isArray(value)) return changeList(value, token, rest, change)
  if (isMap(value)) return changeMap(value, token, rest, change)
  if (value === null || value === undefined) {
    if (change.do === 'remove') throw missing(change)
    return token === '-' ? [rest.length === 0 ? change.value : changeAt(undefined, rest, change)] : changeMap({}, token, rest, change)
  }
  throw new ManifestsError('not-a-container', `${change.pointer} leads into a scalar`)
}

function changeMap(map: Readonly<Record<string, unknown>>, token: string, rest: readonly string[], change: Change): unknown {
  const entries = new Map(Object.entries(map))
  if (rest.length > 0) entries.set(token, changeAt(entries.get(token), rest, change))
  else if (change.do === 'set') entries.set(token, change.value)
  else if (change.do === 'insert') throw new ManifestsError('no-such-item', `${change.pointer} is no place in a list`)
  else if (!entries.delete(token)) throw missing(change)
  return Object.fromEntries(entries)
}

function changeList(list: readonly unknown[], token: string, rest: readonly string[], change: Change): unknown {
  const index = token === '-' ? list.length : /^(0|[1-9]\d*)$/.test(token) ? Number(token) : -1
  const adds = change.do !== 'remove' && (token === '-' || (change.do === 'insert' && rest.length === 0))
  if (index < 0 || (adds ? index > list.length : index >= list.length)) throw missing(change)
  if (adds) return list.toSpliced(index, 0, rest.length === 0 ? change.value : changeAt(undefined, rest, change))
  if (rest.length > 0) return list.with(index, changeAt(list[index], rest, change))
  return change.do === 'remove' ? list.toSpliced(index, 1) : list.with(index, change.do === 'set' ? change.value : list[index])
}

function missing(change: Change): ManifestsError {
  return new ManifestsError('no-such-value', `there is nothing at ${change.pointer}`)
}
