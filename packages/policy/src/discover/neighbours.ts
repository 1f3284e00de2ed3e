import { type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { group } from '../group.ts'
import type { DeployedObject } from './repository.ts'
import { textsOf } from './texts-of.ts'

/** What a namespace holds: each object once, and those of which several files hold one of that name. */
export interface Place {
  readonly firsts: readonly DeployedObject[]
  readonly several: ReadonlyMap<string, readonly DeployedObject[]>
}

export function sortedOut(objects: readonly DeployedObject[]): Place {
  const byKey = group(objects, keyOf)
  return { firsts: [...byKey.values()].flatMap(([first]) => first ?? []), several: new Map([...byKey].filter(([, same]) => same.length > 1)) }
}

/** The other objects of a Rollout's namespace. Of several with one name the nearest counts: nothing says which is deployed, and what belongs together lies together. */
export function neighboursOf(rollout: DeployedObject, { firsts, several }: Place): readonly DeployedObject[] {
  const own = keyOf(rollout)
  if (several.size === 0) return firsts.filter((one) => keyOf(one) !== own)
  const named = [...several.values()].filter(([first]) => first !== undefined && first.object.kind !== 'Rollout' && textsOf(rollout.object).has(first.object.metadata.name))
  return firsts.flatMap((first) => {
    const key = keyOf(first)
    if (key === own) return []
    const nearest = nearestTo(rollout, several.get(key) ?? [first])
    return nearest.object.kind === 'Rollout' && liveApart(rollout, nearest, named) ? [] : [nearest]
  })
}

/** Two Rollouts that name an object of which each has one of its own nearer than the other's are two variants, not two of one cluster. */
function liveApart(a: DeployedObject, b: DeployedObject, named: readonly (readonly DeployedObject[])[]): boolean {
  if (a.application !== undefined && b.application !== undefined) return false
  const texts = textsOf(b.object)
  return named.some((same) => texts.has(same[0]?.object.metadata.name ?? '') && nearestTo(a, same) !== nearestTo(b, same))
}

function nearestTo(from: DeployedObject, same: readonly DeployedObject[]): DeployedObject {
  return same.reduce((nearest, one) => (closeness(from, one) > closeness(from, nearest) ? one : nearest))
}

/** The same Application, then the same file, then the folders in common. */
function closeness(a: DeployedObject, b: DeployedObject): number {
  const folders = commonFolders(a.manifest.file, b.manifest.file)
  return (a.application !== undefined && a.application === b.application ? 1e6 : 0) + (a.manifest.file === b.manifest.file ? 1e5 : 0) + folders
}

function commonFolders(a: string, b: string): number {
  let count = 0
  for (let i = 0; i < a.length && i < b.length && a[i] === b[i]; i += 1) if (a[i] === '/') count += 1
  return count
}

const keys = new WeakMap<KubeObject, string>()

export function keyOf({ object }: DeployedObject): string {
  const known = keys.get(object) ?? refKey(refOf(object))
  keys.set(object, known)
  return known
}
