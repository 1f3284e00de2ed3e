import { applyEdits, type Change, editDocument, isMap, jsonEqual, type Manifest, parse, type SourceText, toPointer, valueAt } from '@rollsync/manifests'
import type { Commit } from '@rollsync/ignore'
import { ClusterError } from '../cluster/cluster-error.ts'

/** A file as a commit leaves it. */
export interface Edited {
  readonly file: string
  readonly text: string
}

/** The files of a repository after a commit as an event script describes it; every byte that it does not mean stays. `rollout` is meant where the event names none. */
export function editedBy(event: Commit, files: readonly SourceText[], rollout: string, namespace: string): Edited {
  const { manifests } = parse(files)
  const find = (kind: string, name: string): Manifest => {
    const found = manifests.find(({ ref }) => ref.kind === kind && ref.name === name && (ref.namespace === '' || ref.namespace === namespace))
    if (found === undefined) throw new ClusterError('refused', `no file of the folder holds ${kind} ${name}`, 'a commit changes what Git holds; what a chart or an overlay renders cannot be committed to')
    return found
  }
  if (!('image' in event)) {
    const manifest = find(event.kind, event.name)
    return edited(manifest, changesFor(manifest.value, event.patch))
  }
  const manifest = find('Rollout', event.rollout ?? rollout)
  const workload = valueAt(manifest.value, '/spec/workloadRef')
  const holder = isMap(workload) ? find(String(workload['kind']), String(workload['name'])) : manifest
  return edited(holder, [{ do: 'set', pointer: '/spec/template/spec/containers/0/image', value: event.image }])
}

/** The changes that an RFC 7386 patch comes to. Where it writes a list as long as the one that stands there, only the items that differ are changed, so that the comments of the others stay. */
export function changesFor(value: unknown, patch: unknown, tokens: readonly string[] = []): readonly Change[] {
  if (isMap(patch) && isMap(value)) {
    return Object.entries(patch).flatMap(([key, wanted]) => {
      if (wanted !== null) return changesFor(value[key], wanted, [...tokens, key])
      return value[key] === undefined ? [] : [{ do: 'remove', pointer: toPointer([...tokens, key]) }]
    })
  }
  if (jsonEqual(value, patch)) return []
  if (Array.isArray(patch) && Array.isArray(value) && patch.length === value.length) return patch.flatMap((item: unknown, index) => itemChanges(value[index], item, [...tokens, String(index)]))
  return [{ do: 'set', pointer: toPointer(tokens), value: withoutNulls(patch) }]
}

/** Inside a list nothing is merged: what the new item does not name goes. */
function itemChanges(value: unknown, item: unknown, tokens: readonly string[]): readonly Change[] {
  if (jsonEqual(value, item)) return []
  if (!isMap(value) || !isMap(item)) return [{ do: 'set', pointer: toPointer(tokens), value: item }]
  const gone = Object.keys(value).filter((key) => item[key] === undefined).map((key): Change => ({ do: 'remove', pointer: toPointer([...tokens, key]) }))
  return [...gone, ...Object.entries(item).flatMap(([key, wanted]) => (jsonEqual(value[key], wanted) ? [] : [{ do: 'set', pointer: toPointer([...tokens, key]), value: wanted } as const]))]
}

/** A null in a patch of what is not there yet adds nothing. */
function withoutNulls(value: unknown): unknown {
  return isMap(value) ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null).map(([key, one]) => [key, withoutNulls(one)])) : value
}

export function edited({ file, document, base }: Manifest, changes: readonly Change[]): Edited {
  const placed = changes.map((change) => ({ ...change, pointer: `${base}${change.pointer}` }))
  return { file, text: applyEdits(document.text, editDocument(document, placed)) }
}
