import type { KubeObject } from '@rollsync/manifests'

import { type Cluster, replicaSetsOf } from '../cluster.ts'
import { canonicalJson } from '../fingerprint.ts'
import { availableOf, createdOf, hashOf, imageOf, SCALE_DOWN_DEADLINE } from '../replica-set.ts'
import type { Rollout } from '../rollout.ts'
import { compare, type World } from '../world.ts'

const INNER: ReadonlySet<string> = new Set(['ReplicaSet', 'AnalysisRun', 'Experiment', 'AnalysisTemplate', 'ClusterAnalysisTemplate'])

/** What Argo CD can see of a world: every object that Git may hold, without its status. Children of the Rollout are not among them. */
export function visibleKey(world: World): string {
  return textOf(world, (object) => (INNER.has(object.kind) ? undefined : remembered(visible, object, visibleText)))
}

const visible = new WeakMap<KubeObject, string>()
const settledTexts = new WeakMap<KubeObject, string>()

function remembered(memory: WeakMap<KubeObject, string>, object: KubeObject, make: (object: KubeObject) => string): string {
  const known = memory.get(object)
  if (known !== undefined) return known
  const text = make(object)
  memory.set(object, text)
  return text
}

function visibleText(object: KubeObject): string {
  const { status: _, metadata, ...rest } = object
  return canonicalJson({ ...rest, annotations: metadata.annotations, labels: metadata.labels })
}

function textOf(world: World, text: (object: KubeObject) => string | undefined): string {
  return [...world.keys()].sort(compare).flatMap((key) => {
    const part = text(world.get(key) as KubeObject)
    return part === undefined ? [] : [`${key}${part}`]
  }).join('\n')
}

/** What the controllers will do from here on hangs on this alone: how long a pause or a delay has yet to go does not count, nor what only counts up. Revisions count by role. */
export function behaviourKey({ world, pods }: Cluster, rollout: Rollout, images: readonly string[]): string {
  const roles = rolesIn(world, rollout)
  const objects = textOf(world, (object) => {
    if (object.kind === 'ReplicaSet') return undefined
    if (object.kind === 'Rollout') return rolloutText(object as Rollout)
    return remembered(settledTexts, object, ({ metadata, ...rest }) => canonicalJson({ ...rest, annotations: metadata.annotations, labels: metadata.labels }))
  })
  return `${renamed(objects, roles, rollout, images)}\n${replicaSetTexts(world, pods, roles)}`
}

// A ReplicaSet without pods does not count: an update to its template goes the same way as one to a new template.
function replicaSetTexts(world: World, pods: Cluster['pods'], roles: ReadonlyMap<string, string>): string {
  const texts = replicaSetsOf(world).filter((rs) => rs.spec.replicas > 0 || createdOf(rs) > 0).map((rs) => {
    const delayed = rs.metadata.annotations?.[SCALE_DOWN_DEADLINE] === undefined ? '' : 'delayed'
    return `${roles.get(hashOf(rs)) ?? ''} ${rs.spec.replicas} ${createdOf(rs)} ${availableOf(rs)} ${delayed} ${JSON.stringify(pods.get(imageOf(rs)) ?? '')}`
  })
  return texts.sort().join('\n')
}

function rolloutText(rollout: Rollout): string {
  const { conditions, pauseConditions, abortedAt: _, observedGeneration: __, restartedAt: ___, message: ____, ...status } = rollout.status
  const pauses = (pauseConditions ?? []).map(({ reason }) => reason)
  const told = (conditions ?? []).map(({ type, status: is, reason }) => `${type} ${is} ${reason}`).sort()
  const { strategy, replicas, paused } = rollout.spec
  return `${canonicalJson(strategy)}${replicas ?? ''}${paused === true ? 'paused' : ''}${JSON.stringify([pauses, told])}${canonicalJson(status)}`
}

// The hashes by what their ReplicaSets are to the Rollout.
function rolesIn(world: World, { status }: Rollout): ReadonlyMap<string, string> {
  const roles = new Map<string, string>()
  if (status?.stableRS !== undefined) roles.set(status.stableRS, 'hash of stable')
  if (status?.currentPodHash !== undefined && !roles.has(status.currentPodHash)) roles.set(status.currentPodHash, 'hash of canary')
  for (const rs of replicaSetsOf(world)) if (hashOf(rs) !== '' && !roles.has(hashOf(rs))) roles.set(hashOf(rs), 'hash of other')
  return roles
}

/** A state's key in which hashes and images are called by their role: two revisions in the same roles are one. */
export function byRole(key: string, world: World, rollout: Rollout | undefined, images: readonly string[]): string {
  return rollout === undefined ? key : renamed(key, rolesIn(world, rollout), rollout, images)
}

function renamed(key: string, roles: ReadonlyMap<string, string>, rollout: Rollout, images: readonly string[]): string {
  const current = rollout.spec.template?.spec?.containers?.[0]?.image
  const names = new Map([...roles, ...images.map((image) => [image, image === current ? 'current image' : 'other image'] as const)])
  const pattern = new RegExp(`"(${[...names.keys()].map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})"|"rollout.argoproj.io/revision":"\\d+"`, 'g')
  return key.replace(pattern, (found, name: string | undefined) => (name === undefined ? 'revision' : JSON.stringify(names.get(name) ?? found)))
}
