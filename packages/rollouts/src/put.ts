import { jsonEqual, type KubeObject, refKey, refOf } from '@rollsync/manifests'

import { admit } from './admit.ts'
import { born } from './born.ts'
import type { Cluster } from './cluster.ts'
import { refusal } from './refuse.ts'
import type { Rollout } from './rollout.ts'
import { objectsOf, withObject } from './world.ts'

/** An event that the API server or the command refused: the text is the refusal, the cluster is unchanged. */
export type Outcome = { readonly cluster: Cluster } | { readonly refused: string }

/** Writes an object as a person would: metadata.generation goes up where the spec differs from the live one. */
export function put(cluster: Cluster, wanted: KubeObject): Outcome {
  const old = cluster.world.get(refKey(refOf(wanted)))
  const object = admit(wanted, cluster.profile, old)
  const refused = refusal(object)
  if (refused !== undefined) return { refused }
  if (old === undefined) {
    const made = born(cluster, object)
    return { cluster: { ...made.cluster, world: withObject(made.cluster.world, made.object) } }
  }
  const generation = typeof old.metadata['generation'] === 'number' ? old.metadata['generation'] : 0
  const next = jsonEqual(old['spec'], object['spec']) ? object : { ...object, metadata: { ...object.metadata, generation: generation + 1 } }
  return { cluster: { ...cluster, world: withObject(cluster.world, next) } }
}

export function findObject(cluster: Cluster, kind: string, name: string): KubeObject | undefined {
  return objectsOf(cluster.world, kind).find((object) => object.metadata.name === name)
}

export function findRollout(cluster: Cluster, name: string | undefined): Rollout | undefined {
  const rollouts = objectsOf(cluster.world, 'Rollout') as readonly Rollout[]
  return name === undefined ? rollouts[0] : rollouts.find((rollout) => rollout.metadata.name === name)
}
