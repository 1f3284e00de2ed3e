import { jsonEqual, type KubeObject, type Pointer, refKey, refText, valueAt } from '@rollsync/manifests'
import type { Pair } from '../canary-case.ts'
import { driftByKey } from '../drift.ts'
import { type GitChange, gitChanges } from '../git-change.ts'
import type { Judge } from '../judge.ts'
import { afterNextLook } from '../next-look.ts'
import { brokenPaths, lostParts, type OwnedPart, ownedParts } from '../owned.ts'
import type { AlbSettings } from '../routes.ts'
import { type CounterExample, counted, type Verdict, verdictOf } from '../verdict.ts'

/** sync-safe: a sync at any state keeps what the controller wrote, breaks no path, and lands what Git changed. */
export async function syncSafe(pairs: readonly Pair[], judge: Judge, alb: AlbSettings | undefined): Promise<Verdict> {
  const found: CounterExample[] = []
  const unverified: string[] = []
  for (const pair of pairs) {
    for (const change of [undefined, ...gitChanges(pair.target, await hiddenBy(pair, judge))]) {
      const answer = await afterSync(pair, change, judge, alb)
      if ('unverified' in answer) unverified.push(answer.unverified)
      else found.push(...answer.harms)
    }
  }
  const mended = found.length > 0 && found.every((one) => one.restored !== undefined) ? '; what is lost comes back with the next reconcile' : ''
  return verdictOf('sync-safe', `${counted(pairs.length, 'distinct object')}, each with and without a change in Git${mended}`, merged(found), unverified)
}

/** Whether the rules take something out of the list at a place, in live or in Git; of what cannot be stripped nothing is known, so every list counts. */
async function hiddenBy({ target, live }: Pair, judge: Judge): Promise<(list: Pointer) => boolean> {
  const answers = await Promise.all([live, target].map(async (object) => ({ object, answer: await judge.strip(object) })))
  return (list) => answers.some(({ object, answer }) => !('stripped' in answer) || !jsonEqual(valueAt(answer.stripped, list), valueAt(object, list)))
}

/** What one sync does to one object: the harms, or why nothing is known. `pair.target` is what was deployed, `git` what is synced where Git has changed since. */
export async function syncHarms(pair: Pair, git: KubeObject, judge: Judge, alb: AlbSettings | undefined): Promise<{ readonly harms: readonly CounterExample[] } | { readonly unverified: string }> {
  const steps = driftByKey(pair.target, git)
  const change: GitChange | undefined = steps.length === 0 ? undefined : {
    what: 'what differs from the last sync',
    target: git,
    landed: (live) => !driftByKey(live, git).some((left) => steps.some((step) => jsonEqual(step, left))),
  }
  return afterSync(pair, change, judge, alb)
}

async function afterSync(pair: Pair, change: GitChange | undefined, judge: Judge, alb: AlbSettings | undefined): Promise<{ harms: readonly CounterExample[] } | { unverified: string }> {
  const target = change?.target ?? pair.target
  const result = await judge.sync(target, pair.live, pair.target)
  const harm = (verdict: NonNullable<CounterExample['verdict']>, what: string): CounterExample =>
    ({ moment: pair.moments[0] ?? '', moments: pair.moments, resource: pair.resource, verdict, what, ...(change === undefined ? {} : { gitChange: change.what }) })
  switch (result.outcome) {
    case 'unverified': return { unverified: result.reason }
    case 'failed': return { harms: [harm('unknown', `the sync fails: ${result.message}`)] }
    case 'dropped': return { harms: change === undefined ? [] : [harm('freezes', `Git's change of ${refText(pair.resource)} is not applied: it compares Synced`)] }
    case 'applied': return { harms: harmsOf(pair, change, result.live as KubeObject, alb, harm, judge) }
    default: return result satisfies never
  }
}

type MakeHarm = (verdict: NonNullable<CounterExample['verdict']>, what: string) => CounterExample

function harmsOf(pair: Pair, change: GitChange | undefined, after: KubeObject, alb: AlbSettings | undefined, harm: MakeHarm, judge: Judge): readonly CounterExample[] {
  const owned = ownedParts(pair.target, pair.live, alb)
  const lost = lostParts(owned, pair.target, after, alb).filter((part) => !(pair.leaving ?? []).some((route) => isOf(route, part)))
  const before = brokenPaths(pair.live, alb)
  const broken = brokenPaths(after, alb).filter((fault) => !before.includes(fault))
  return [
    ...(lost.length === 0 ? [] : [{ ...harm('reverts', `a sync takes ${lost.join(', ')} from ${refText(pair.resource)}`), ...(isRestored(pair, owned.filter(({ name }) => lost.includes(name)), after, alb, judge) ? { restored: 'by the next reconcile' } as const : {}) }]),
    ...broken.map((fault) => harm('outage', `after a sync ${fault}`)),
    ...(change === undefined || change.landed(after) ? [] : [harm('freezes', `Git's change of ${refText(pair.resource)} is not applied by a sync`)]),
  ]
}

/** A part of a managed route, by its name in an Ingress or by the path to its item elsewhere. */
function isOf(route: string, part: string): boolean {
  return part.replace(/ \(host .*\)$/, '').endsWith(` of route ${route}`) || part.split('/').includes(route.replaceAll('~', '~0').replaceAll('/', '~1'))
}

/**
 * Whether the controller's next look brings all of it back: played where the state can be played on, else by what SetWeight, UpdateHash and ensureSVCTargets write in every reconcile. A managed
 * route does not come back (docs/laws.md).
 */
function isRestored(pair: Pair, lost: readonly OwnedPart[], after: KubeObject, alb: AlbSettings | undefined, judge: Judge): boolean {
  if (lost.some(({ name }) => / of route /.test(name))) return false
  const again = pair.state === undefined ? undefined : afterNextLook(pair.state, judge.found(pair.live, pair.target), after)
  if (again === undefined) return lost.every(({ name }) => /\/weight$|\/rollouts-pod-template-hash$/.test(name) || name === `annotation ${alb?.rootAction}`)
  return lostParts(lost, pair.target, again, alb).length === 0
}

/** One counter-example for the same harm at several moments. */
function merged(examples: readonly CounterExample[]): readonly CounterExample[] {
  const found = new Map<string, CounterExample>()
  for (const example of examples) {
    const key = JSON.stringify([refKey(example.resource), example.verdict, example.what, example.gitChange, example.restored])
    const known = found.get(key)
    found.set(key, known === undefined ? example : { ...known, moments: [...known.moments, ...example.moments] })
  }
  return [...found.values()]
}
