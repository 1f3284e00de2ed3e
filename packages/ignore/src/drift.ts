import { isMap, type KubeObject, type Pointer, refKey, type ResourceRef, toPointer, jsonEqual } from '@rollsync/manifests'
import { type CanaryCase, pairsOf } from './canary-case.ts'

/** One step of a JSON Patch (RFC 6902) from Git to the cluster. */
export type DriftOperation =
  | { readonly op: 'add' | 'replace'; readonly path: Pointer; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: Pointer }

/** What the cluster holds other than Git at some moments. `patch` leads from the target to the live object, metadata beside labels and annotations and status aside. */
export interface Drift {
  readonly resource: ResourceRef
  readonly moments: readonly string[]
  readonly patch: readonly DriftOperation[]
}

/** Every distinct drift of a case, in order of (resource, first moment); pairs without drift are left out. */
export function drift(canary: CanaryCase): readonly Drift[] {
  const found = new Map<string, { resource: ResourceRef; moments: string[]; patch: readonly DriftOperation[] }>()
  for (const pair of pairsOf(canary)) {
    const patch = driftOf(pair.target, pair.live)
    if (patch.length === 0) continue
    const key = `${refKey(pair.resource)}\n${JSON.stringify(patch)}`
    const known = found.get(key)
    if (known === undefined) found.set(key, { resource: pair.resource, moments: [...pair.moments], patch })
    else known.moments.push(...pair.moments)
  }
  return [...found.values()]
}

/** The patch from one target to one live object: maps key by key, lists by their common head and tail, so that a path put in front is one `add`. */
export function driftOf(target: KubeObject, live: KubeObject): readonly DriftOperation[] {
  return [...difference(comparable(target), comparable(live), [])]
}

/** The same with labels and annotations always key by key, also where one side has none at all: for laying a drift over another copy of the target. */
export function driftByKey(target: KubeObject, live: KubeObject): readonly DriftOperation[] {
  return driftOf(withMaps(target), withMaps(live))
}

function withMaps(object: KubeObject): KubeObject {
  const { labels, annotations } = object.metadata
  return { ...object, metadata: { ...object.metadata, labels: labels ?? {}, annotations: annotations ?? {} } }
}

function comparable(object: KubeObject): Readonly<Record<string, unknown>> {
  const { status: _status, metadata, ...rest } = object
  const { labels, annotations } = metadata
  return { ...rest, metadata: { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }) } }
}

type Path = readonly (string | number)[]

function* difference(from: unknown, to: unknown, path: Path): Generator<DriftOperation> {
  if (jsonEqual(from, to)) return
  if (isMap(from) && isMap(to)) yield* mapDifference(from, to, path)
  else if (Array.isArray(from) && Array.isArray(to)) yield* listDifference(from, to, path)
  else yield { op: 'replace', path: toPointer(path), value: to }
}

function* mapDifference(from: Readonly<Record<string, unknown>>, to: Readonly<Record<string, unknown>>, path: Path): Generator<DriftOperation> {
  for (const key of [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()) {
    const before = Object.hasOwn(from, key) ? from[key] : undefined
    const after = Object.hasOwn(to, key) ? to[key] : undefined
    if (after === undefined && before !== undefined) yield { op: 'remove', path: toPointer([...path, key]) }
    else if (before === undefined && after !== undefined) yield { op: 'add', path: toPointer([...path, key]), value: after }
    else yield* difference(before, after, [...path, key])
  }
}

/** Items of the differing middle are matched by position where both sides hold as many, else removed from the back and then added. */
function* listDifference(from: readonly unknown[], to: readonly unknown[], path: Path): Generator<DriftOperation> {
  let head = 0
  while (head < from.length && head < to.length && jsonEqual(from[head], to[head])) head += 1
  let tail = 0
  while (tail < from.length - head && tail < to.length - head && jsonEqual(from[from.length - 1 - tail], to[to.length - 1 - tail])) tail += 1
  const before = from.slice(head, from.length - tail)
  const after = to.slice(head, to.length - tail)
  if (before.length === after.length) {
    for (const [offset, item] of before.entries()) yield* difference(item, after[offset], [...path, head + offset])
    return
  }
  for (let index = before.length - 1; index >= 0; index -= 1) yield { op: 'remove', path: toPointer([...path, head + index]) }
  for (const [offset, item] of after.entries()) yield { op: 'add', path: toPointer([...path, head + offset]), value: item }
}
