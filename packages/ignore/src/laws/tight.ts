import { isMap, type KubeObject, type Pointer, refText, toPointer } from '@rollsync/manifests'
import type { Pair } from '../canary-case.ts'
import type { Judge } from '../judge.ts'
import { type CounterExample, counted, type Verdict, verdictOf } from '../verdict.ts'

/** Whether a field is the controller's own: changes there are rightly not seen. `path` leads from the object to the field; lists by index. */
export type OwnsField = (object: KubeObject, path: readonly (string | number)[]) => boolean

/** tight: change any field that the controller does not own, in the live object or in Git, and it is OutOfSync. Every leaf of Git's labels, annotations and spec is tried. */
export async function tight(pairs: readonly Pair[], judge: Judge, ownsField: OwnsField): Promise<Verdict> {
  const counterExamples: CounterExample[] = []
  const unverified: string[] = []
  let tried = 0
  for (const pair of firstPairs(pairs)) {
    for (const path of leavesOf(pair.target)) {
      if (ownsField(pair.target, path)) continue
      tried += 1
      const answer = await judge.compare(changedAt(pair.target, path), pair.live, pair.target)
      if (answer.sync === 'unverified') unverified.push(answer.reason)
      if (answer.sync === 'Synced') counterExamples.push(unseen(pair, toPointer(path)))
    }
  }
  return verdictOf('tight', `${counted(tried, 'changed field')}`, counterExamples, unverified)
}

function unseen(pair: Pair, pointer: Pointer): CounterExample {
  const what = `a change of ${pointer} in Git's ${refText(pair.resource)} is not seen`
  return { moment: pair.moments[0] ?? '', moments: pair.moments, resource: pair.resource, what }
}

/** Two states of each object are enough for what rules hide: its first and its most different one. */
function firstPairs(pairs: readonly Pair[]): readonly Pair[] {
  const byName = new Map<string, Pair[]>()
  for (const pair of pairs) byName.set(refText(pair.resource), [...(byName.get(refText(pair.resource)) ?? []), pair])
  return [...byName.values()].flatMap((list) => {
    const largest = list.reduce((best, pair) => (JSON.stringify(pair.live['spec']).length > JSON.stringify(best.live['spec']).length ? pair : best))
    return list[0] === largest || list[0] === undefined ? [largest] : [list[0], largest]
  })
}

type Path = readonly (string | number)[]

function leavesOf(target: KubeObject): readonly Path[] {
  const { labels, annotations } = target.metadata
  return [
    ...leaves(labels ?? {}, ['metadata', 'labels']),
    ...leaves(annotations ?? {}, ['metadata', 'annotations']),
    ...Object.entries(target).flatMap(([key, value]) => (['apiVersion', 'kind', 'metadata', 'status'].includes(key) ? [] : [...leaves(value, [key])])),
  ]
}

function* leaves(value: unknown, path: Path): Generator<Path> {
  if (isMap(value)) for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, key])
  else if (Array.isArray(value)) for (const [index, inner] of value.entries()) yield* leaves(inner, [...path, index])
  else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') yield path
}

function changedAt(object: KubeObject, path: Path): KubeObject {
  return changed(object, path) as KubeObject
}

function changed(value: unknown, path: Path): unknown {
  const [token, ...rest] = path
  if (token === undefined) return typeof value === 'string' ? `${value}-changed` : typeof value === 'number' ? value + 1 : value !== true
  if (Array.isArray(value)) return value.map((item, index) => (index === token ? changed(item, rest) : item))
  return Object.fromEntries(Object.entries(isMap(value) ? value : {}).map(([key, inner]) => [key, key === token ? changed(inner, rest) : inner]))
}
