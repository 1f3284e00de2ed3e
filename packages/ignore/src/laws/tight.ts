import type { IgnoreDifference } from '@rollsync/argocd'
import { isMap, jsonEqual, type KubeObject, type Pointer, refText, toPointer, valueAt } from '@rollsync/manifests'
import type { Pair } from '../canary-case.ts'
import type { FieldPath } from '../derive/object-kind.ts'
import type { Judge } from '../judge.ts'
import { type CounterExample, counted, type Verdict, verdictOf } from '../verdict.ts'
import { singleParts } from './minimal.ts'

/** The places of an object that are the controller's: changes there are rightly not seen. */
export type OwnedFields = (object: KubeObject) => readonly FieldPath[]

/**
 * tight: change any field that the controller does not own, in the live object or in Git, and it is OutOfSync. Every leaf of Git's labels, annotations and spec is tried. Judged are the parts of
 * the rules that hide something of the controller's; what a person hides for other reasons is not the canary's matter.
 */
export async function tight(pairs: readonly Pair[], judge: Judge, ownedFields: OwnedFields): Promise<Verdict> {
  const chosen = firstPairs(pairs)
  const parts = await canaryParts(chosen, judge, ownedFields)
  if (parts.length === 0) return verdictOf('tight', 'no rule hides anything of the controller\'s', [], [])
  const narrowed = judge.withRules(parts.map(({ alone }) => alone))
  const counterExamples: CounterExample[] = []
  const unverified: string[] = []
  let tried = 0
  for (const pair of await touched(chosen, narrowed)) {
    for (const path of leavesOf(pair.target)) {
      if (isOwned(path, ownedFields(pair.target))) continue
      for (const changed of changesAt(pair, path, ownedFields)) {
        tried += 1
        const answer = await narrowed.compare(changed.target, changed.live, pair.target)
        if (answer.sync === 'unverified') unverified.push(answer.reason)
        if (answer.sync === 'Synced') counterExamples.push(await unseen(pair, changed, toPointer(path), judge, parts))
      }
    }
  }
  return verdictOf('tight', `${counted(tried, 'changed field')}`, counterExamples, unverified)
}

type Part = ReturnType<typeof singleParts>[number]

/** Managers are always judged: what they hide depends on who wrote last. */
async function canaryParts(pairs: readonly Pair[], judge: Judge, ownedFields: OwnedFields): Promise<readonly Part[]> {
  const found: Part[] = []
  for (const part of singleParts(judge.rules)) {
    if (part.by === 'managedFieldsManagers' || (await hidesOwned(pairs, judge, part.alone, ownedFields))) found.push(part)
  }
  return found
}

async function hidesOwned(pairs: readonly Pair[], judge: Judge, rule: IgnoreDifference, ownedFields: OwnedFields): Promise<boolean> {
  const alone = judge.withRules([rule])
  for (const object of pairs.flatMap((pair) => [pair.target, pair.live])) {
    const owned = ownedFields(object)
    const answer = owned.length === 0 ? undefined : await alone.strip(object)
    if (answer !== undefined && 'stripped' in answer && owned.some((path) => !jsonEqual(valueAt(object, toPointer(path)) ?? null, valueAt(answer.stripped, toPointer(path)) ?? null))) return true
  }
  return false
}

/** The pairs of objects that the rules take anything from; of others they hide nothing. */
async function touched(pairs: readonly Pair[], judge: Judge): Promise<readonly Pair[]> {
  const found: Pair[] = []
  const managers = judge.rules.some((rule) => (rule.managedFieldsManagers ?? []).length > 0)
  for (const pair of pairs) {
    const [target, live] = [await judge.strip(pair.target), await judge.strip(pair.live)]
    if (managers || !('stripped' in target && 'stripped' in live && jsonEqual(target.stripped, pair.target) && jsonEqual(live.stripped, pair.live))) found.push(pair)
  }
  return found
}

interface Changed {
  readonly side: "Git's" | 'the live'
  readonly target: KubeObject
  readonly live: KubeObject
}

/** The field changed in Git, and in the live object where it stands there with the same value. */
function changesAt(pair: Pair, path: FieldPath, ownedFields: OwnedFields): readonly Changed[] {
  const pointer = toPointer(path)
  const held = valueAt(pair.live, pointer)
  const inGit: Changed = { side: "Git's", target: changedAt(pair.target, path), live: pair.live }
  const same = jsonEqual(held ?? null, valueAt(pair.target, pointer) ?? null) && !isOwned(path, ownedFields(pair.live))
  return same ? [inGit, { side: 'the live', target: pair.target, live: changedAt(pair.live, path) }] : [inGit]
}

async function unseen(pair: Pair, changed: Changed, pointer: Pointer, judge: Judge, parts: readonly Part[]): Promise<CounterExample> {
  const [before, after] = changed.side === "Git's" ? [pair.target, changed.target] : [pair.live, changed.live]
  const blamed = await firstThatHides(before, after, judge, parts)
  return {
    moment: pair.moments[0] ?? '', moments: pair.moments, resource: pair.resource,
    what: `a change of ${pointer} in ${changed.side} ${refText(pair.resource)} is not seen`, ...(blamed === undefined ? {} : { rule: blamed.rule }),
  }
}

async function firstThatHides(before: KubeObject, after: KubeObject, judge: Judge, parts: readonly Part[]): Promise<Part | undefined> {
  for (const part of parts) {
    const alone = judge.withRules([part.alone])
    const [one, two] = [await alone.strip(before), await alone.strip(after)]
    if ('stripped' in one && 'stripped' in two && jsonEqual(one.stripped, two.stripped)) return part
  }
  return undefined
}

/** Two states of each object are enough for what rules hide: its first and its most different one. */
function firstPairs(pairs: readonly Pair[]): readonly Pair[] {
  const byName = new Map<string, Pair[]>()
  for (const pair of pairs) byName.set(refText(pair.resource), [...(byName.get(refText(pair.resource)) ?? []), pair])
  const sizeOf = (pair: Pair): number => JSON.stringify([pair.live['spec'] ?? null, pair.live.metadata.annotations ?? null]).length
  return [...byName.values()].flatMap((list) => {
    const largest = list.reduce((best, pair) => (sizeOf(pair) > sizeOf(best) ? pair : best))
    return list[0] === largest || list[0] === undefined ? [largest] : [list[0], largest]
  })
}

function isOwned(path: FieldPath, places: readonly FieldPath[]): boolean {
  return places.some((place) => place.length <= path.length && place.every((token, index) => token === path[index]))
}

function leavesOf(target: KubeObject): readonly FieldPath[] {
  const { labels, annotations } = target.metadata
  return [
    ...leaves(labels ?? {}, ['metadata', 'labels']),
    ...leaves(annotations ?? {}, ['metadata', 'annotations']),
    ...Object.entries(target).flatMap(([key, value]) => (['apiVersion', 'kind', 'metadata', 'status'].includes(key) ? [] : [...leaves(value, [key])])),
  ]
}

function* leaves(value: unknown, path: FieldPath): Generator<FieldPath> {
  if (isMap(value)) for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, key])
  else if (Array.isArray(value)) for (const [index, inner] of value.entries()) yield* leaves(inner, [...path, index])
  else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') yield path
}

function changedAt(object: KubeObject, path: FieldPath): KubeObject {
  return changed(object, path) as KubeObject
}

function changed(value: unknown, path: FieldPath): unknown {
  const [token, ...rest] = path
  if (token === undefined) return typeof value === 'string' ? `${value}-changed` : typeof value === 'number' ? value + 1 : value !== true
  if (Array.isArray(value)) return value.map((item, index) => (index === token ? changed(item, rest) : item))
  return Object.fromEntries(Object.entries(isMap(value) ? value : {}).map(([key, inner]) => [key, key === token ? changed(inner, rest) : inner]))
}
