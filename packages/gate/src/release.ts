import { isMap, type KubeObject, valueAt } from '@rollsync/manifests'
import { parseImage, readImage, sameImage } from '@rollsync/revert'
import type { ObjectName } from './cluster.ts'
import type { RolloutStatus } from './rollout-status.ts'

/** A container's name and image. */
export interface Container {
  readonly name: string
  readonly image: string
}

/** What a gate decides on, fixed when it is first seen, so that no later state of the cluster can change what is restored. */
export interface Release {
  readonly podHash: string
  readonly stableHash: string
  readonly containers: readonly Container[]
  readonly stableContainers: readonly Container[]
  /** RFC 3339, of its ReplicaSet. */
  readonly createdAt: string
  /** Whether the newest change of the image in Git is itself a revert. */
  readonly broughtBy: 'a revert' | 'a change' | 'unknown'
}

/** The release that is under way in a Rollout, or undefined where there is none yet, or its ReplicaSets are not all there. `image`: only one that runs this image. */
export function releaseOf(name: ObjectName, rollout: RolloutStatus, replicaSets: readonly KubeObject[], image: string | undefined): Omit<Release, 'broughtBy'> | undefined {
  const { podHash, stableHash, observed } = rollout
  if (observed === 'not yet' || podHash === '' || stableHash === '' || podHash === stableHash) return undefined
  const current = ownedBy(name, replicaSets, podHash)
  const stable = ownedBy(name, replicaSets, stableHash)
  if (current === undefined || stable === undefined) return undefined
  const containers = containersOf(current)
  if (image !== undefined && !runs(containers, image)) return undefined
  return { podHash, stableHash, containers, stableContainers: containersOf(stable), createdAt: String(current.metadata['creationTimestamp'] ?? '') }
}

/** Whether the stable pods of a Rollout run an image, and no other pods were asked for. */
export function isStable(name: ObjectName, { podHash, stableHash, observed }: RolloutStatus, replicaSets: readonly KubeObject[], image: string): boolean {
  if (observed === 'not yet' || podHash === '' || podHash !== stableHash) return false
  const stable = ownedBy(name, replicaSets, stableHash)
  return stable !== undefined && runs(containersOf(stable), image)
}

/** The images that a roll back takes out of Git, and those that it puts there. Both empty where the release changed no image. */
export function imagesOf({ containers, stableContainers }: Pick<Release, 'containers' | 'stableContainers'>): { readonly from: readonly string[]; readonly to: readonly string[] } {
  const changed = stableContainers.flatMap((stable) => {
    const current = containers.find((one) => one.name === stable.name)
    return current === undefined || current.image === stable.image ? [] : [{ from: current.image, to: stable.image }]
  })
  return { from: [...new Set(changed.map((one) => one.from))], to: [...new Set(changed.map((one) => one.to))] }
}

/** The release as `kubectl get rollout,replicaset -o json` showed it when it was first seen: what a revert takes its target from. */
export function liveText({ namespace, name }: ObjectName, { stableHash, containers, stableContainers }: Release): string {
  const template = (list: readonly Container[]): object => ({ spec: { template: { spec: { containers: list } } } })
  return JSON.stringify({
    apiVersion: 'v1', kind: 'List', items: [
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name, namespace }, ...template(containers), status: { stableRS: stableHash } },
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: `${name}-${stableHash}`, namespace, labels: { 'rollouts-pod-template-hash': stableHash }, ownerReferences: [{ kind: 'Rollout', name }] }, ...template(stableContainers) },
    ],
  })
}

function runs(containers: readonly Container[], image: string): boolean {
  const wanted = parseImage(image)
  return containers.some((one) => {
    const found = readImage(one.image)
    return found !== undefined && sameImage(found, wanted)
  })
}

function ownedBy({ name }: ObjectName, replicaSets: readonly KubeObject[], hash: string): KubeObject | undefined {
  return replicaSets.find((one) => {
    const owners = valueAt(one, '/metadata/ownerReferences')
    return one.metadata.labels?.['rollouts-pod-template-hash'] === hash && Array.isArray(owners) && owners.some((owner: unknown) => valueAt(owner, '/kind') === 'Rollout' && valueAt(owner, '/name') === name)
  })
}

function containersOf(replicaSet: KubeObject): readonly Container[] {
  return (['initContainers', 'containers'] as const).flatMap((list) => {
    const found = valueAt(replicaSet, `/spec/template/spec/${list}`)
    return Array.isArray(found) ? found.flatMap((one: unknown) => (isMap(one) && typeof one['name'] === 'string' && typeof one['image'] === 'string' ? [{ name: one['name'], image: one['image'] }] : [])) : []
  })
}
