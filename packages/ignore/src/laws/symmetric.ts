import { isMap, jsonEqual, type KubeObject, refText } from '@rollsync/manifests'
import type { Pair } from '../canary-case.ts'
import type { Judge } from '../judge.ts'
import { type CounterExample, counted, type Verdict, verdictOf } from '../verdict.ts'
import { itemName } from '../item-name.ts'
import { singleParts } from './minimal.ts'

/** A value that a rule took away. List items are named, as their indices shift. */
interface Removal {
  readonly path: readonly string[]
  readonly value: unknown
}

/**
 * symmetric: each expression means the same on target and live. A value that both sides hold at the same place, and whatever stands at a place that keys alone lead to, must be taken from both or from neither;
 * an expression whose condition reads something that only one side has fails this, whatever one compare mode happens to answer.
 */
export async function symmetric(pairs: readonly Pair[], judge: Judge): Promise<Verdict> {
  const counterExamples: CounterExample[] = []
  const unverified: string[] = []
  const parts = singleParts(judge.rules)
  for (const part of parts) {
    const alone = judge.withRules([part.alone])
    for (const pair of pairs) {
      const target = await alone.strip(pair.target)
      const live = await alone.strip(pair.live)
      if ('unverified' in target || 'unverified' in live) {
        unverified.push('unverified' in target ? target.unverified : (live as { unverified: string }).unverified)
        break
      }
      const found = oneSided(pair, target.stripped, live.stripped)
      if (found === undefined) continue
      const what = `${part.text} takes ${found.path.join('.')} of ${refText(pair.resource)} only from ${found.side}`
      counterExamples.push({ moment: pair.moments[0] ?? '', moments: pair.moments, resource: pair.resource, rule: part.rule, what })
      break
    }
  }
  return verdictOf('symmetric', `${counted(parts.length, 'part')} on ${counted(pairs.length, 'distinct object')}`, counterExamples, unverified)
}

function oneSided(pair: Pair, target: KubeObject, live: KubeObject): { path: readonly string[]; side: string } | undefined {
  const fromTarget = [...removals(pair.target, target, [])]
  const fromLive = [...removals(pair.live, live, [])]
  const lonely = (mine: readonly Removal[], theirs: readonly Removal[], other: KubeObject): Removal | undefined =>
    mine.find((one) => (holds(other, one.path, one.value) && !theirs.some((two) => jsonEqual(two, one))) || (hasKeys(other, one.path) && !theirs.some((two) => jsonEqual(two.path, one.path))))
  const inTarget = lonely(fromTarget, fromLive, pair.live)
  if (inTarget !== undefined) return { path: inTarget.path, side: 'Git' }
  const inLive = lonely(fromLive, fromTarget, pair.target)
  return inLive === undefined ? undefined : { path: inLive.path, side: 'the live object' }
}

/** What is in `before` and no longer in `after`, which came about by deletions alone. */
function* removals(before: unknown, after: unknown, path: readonly string[]): Generator<Removal> {
  if (isMap(before) && isMap(after)) {
    for (const [key, value] of Object.entries(before)) {
      if (!Object.hasOwn(after, key)) yield { path: [...path, key], value }
      else yield* removals(value, after[key], [...path, key])
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    yield* listRemovals(before, after, path)
  }
}

/** Items keep their order, so each is what the next item left was, or is gone. */
function* listRemovals(before: readonly unknown[], after: readonly unknown[], path: readonly string[]): Generator<Removal> {
  let next = 0
  for (const [index, item] of before.entries()) {
    const mustStay = before.length - index === after.length - next
    if (next < after.length && (mustStay || comesFrom(after[next], item))) {
      yield* removals(item, after[next], [...path, itemName(item)])
      next += 1
    } else {
      yield { path: [...path, itemName(item)], value: item }
    }
  }
}

/** Whether a value can come from another one by deletions. */
function comesFrom(after: unknown, before: unknown): boolean {
  if (isMap(before) && isMap(after)) return Object.entries(after).every(([key, value]) => Object.hasOwn(before, key) && comesFrom(value, before[key]))
  if (!Array.isArray(before) || !Array.isArray(after)) return jsonEqual(after, before)
  let next = 0
  for (const item of before) if (next < after.length && comesFrom(after[next], item)) next += 1
  return next === after.length
}

/** A place that keys alone lead to is one place whatever it holds: an expression that takes it from one side and leaves another value on the other one chose by something else. */
function hasKeys(document: unknown, path: readonly string[]): boolean {
  const [token, ...rest] = path
  if (token === undefined) return true
  return isMap(document) && Object.hasOwn(document, token) && hasKeys(document[token], rest)
}

function holds(document: unknown, path: readonly string[], value: unknown): boolean {
  const [token, ...rest] = path
  if (token === undefined) return jsonEqual(document, value)
  if (Array.isArray(document)) return document.some((item) => itemName(item) === token && holds(item, rest, value))
  return isMap(document) && Object.hasOwn(document, token) && holds(document[token], rest, value)
}
