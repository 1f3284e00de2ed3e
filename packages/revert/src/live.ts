import { isMap, parse, valueAt } from '@rollsync/manifests'
import type { RolloutName } from './locate.ts'
import { RevertError } from './revert-error.ts'

/** One container's image in a pod template. */
export interface ContainerImage {
  readonly container: string
  readonly image: string
}

/** What the cluster says of one Rollout: what runs as stable, and what it was asked to run. */
export interface LiveImages {
  readonly rollout: { readonly name: string; readonly namespace: string }
  readonly stable: readonly ContainerImage[]
  readonly wanted: readonly ContainerImage[]
}

/** Reads `kubectl get rollout,replicaset -o json` (a List; YAML will do): the images of the ReplicaSet that `status.stableRS` names. */
export function stableImages(live: string, rollout?: RolloutName): LiveImages {
  const { manifests, diagnostics } = parse([{ file: 'live objects', text: live }])
  const broken = diagnostics.find((one) => one.severity === 'error')
  if (manifests.length === 0) throw new RevertError('bad-live-state', `no object of Kubernetes in the live state${broken === undefined ? '' : `: ${broken.message}`}`, { hint: 'kubectl get rollout,replicaset -o json' })
  const rollouts = manifests.filter((one) => one.ref.kind === 'Rollout' && (rollout === undefined || (one.ref.name === rollout.name && (rollout.namespace === undefined || one.ref.namespace === rollout.namespace))))
  const [found] = rollouts
  if (found === undefined || rollouts.length > 1) {
    throw new RevertError(found === undefined ? 'bad-live-state' : 'ambiguous', found === undefined ? 'the live state holds no such Rollout' : `the live state holds ${rollouts.length} Rollouts`, { hint: 'name it with --rollout [NAMESPACE/]NAME', candidates: rollouts.map((one) => ({ id: `${one.ref.namespace}/${one.ref.name}`, what: 'Rollout', image: '' })) })
  }
  const hash = valueAt(found.value, '/status/stableRS')
  if (typeof hash !== 'string' || hash === '') throw new RevertError('no-stable', `Rollout ${found.ref.name} has no stable ReplicaSet yet`, { hint: 'give the image with --to IMAGE' })
  const owned = manifests.find((one) => one.ref.kind === 'ReplicaSet' && one.ref.namespace === found.ref.namespace && valueAt(one.value, '/metadata/labels/rollouts-pod-template-hash') === hash && isOwnedBy(one.value, found.ref.name))
  if (owned === undefined) throw new RevertError('no-stable', `the live state lacks the stable ReplicaSet ${found.ref.name}-${hash}`, { hint: 'kubectl get rollout,replicaset -o json gives both' })
  return { rollout: { name: found.ref.name, namespace: found.ref.namespace }, stable: imagesOf(owned.value), wanted: imagesOf(found.value) }
}

function isOwnedBy(object: unknown, name: string): boolean {
  const owners = valueAt(object, '/metadata/ownerReferences')
  return !Array.isArray(owners) || owners.some((owner: unknown) => valueAt(owner, '/kind') === 'Rollout' && valueAt(owner, '/name') === name)
}

function imagesOf(object: unknown): readonly ContainerImage[] {
  return ['initContainers', 'containers'].flatMap((list) => {
    const containers = valueAt(object, `/spec/template/spec/${list}`)
    if (!Array.isArray(containers)) return []
    return containers.flatMap((one: unknown) => (isMap(one) && typeof one['name'] === 'string' && typeof one['image'] === 'string' ? [{ container: one['name'], image: one['image'] }] : []))
  })
}

/** The stable images that differ from what the Rollout was asked to run; all of them where it was asked for nothing else (after an undo, only Git is wrong). */
export function imagesToRestore({ stable, wanted }: LiveImages): readonly string[] {
  const differing = stable.filter((one) => wanted.some((other) => other.container === one.container && other.image !== one.image))
  return [...new Set((differing.length > 0 ? differing : stable).map((one) => one.image))]
}
