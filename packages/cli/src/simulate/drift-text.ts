import { type KubeObject, refText, refOf, toYaml } from '@rollsync/manifests'
import { readableObject } from '@rollsync/policy'
import { driftOf } from '@rollsync/ignore'
import type { World } from '@rollsync/rollouts'
import type { Paint } from '../paint.ts'
import { unifiedDiff } from '../unified-diff.ts'
import type { Row } from './row.ts'

/** What each object that Git holds looks like in the cluster at one moment, against Git, as unified diffs; the Rollout itself aside, whose image is the event's. */
export function driftText(live: World, git: World, row: Row, paint: Paint): string {
  const diffs = routed(git).flatMap(([key, target]) => {
    const object = live.get(key)
    if (object === undefined) return [`${refText(refOf(target))} does not exist\n`]
    if (driftOf(target, object).length === 0) return []
    const ref = refOf(target)
    return [unifiedDiff(`${ref.kind}/${ref.name}`, toYaml(readableObject(target)), toYaml(readableObject(object)), paint)]
  })
  const head = paint.bold(`== ${row.number}: ${row.step}${row.pods === '' ? '' : `, pods ${row.pods}`}`)
  return `\n${head}\n${diffs.length === 0 ? 'as in Git\n' : diffs.join('')}`
}

/** The objects that Git holds, as the cluster holds them. */
export function liveText(live: World, git: World): string {
  return routed(git).flatMap(([key]) => {
    const object = live.get(key)
    return object === undefined ? [] : [toYaml(readableObject(object))]
  }).join('---\n')
}

function routed(git: World): readonly (readonly [string, KubeObject])[] {
  return [...git].filter(([, object]) => object.kind !== 'Rollout').sort(([a], [b]) => (a < b ? -1 : 1))
}
