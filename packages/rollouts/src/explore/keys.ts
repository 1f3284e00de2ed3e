import type { KubeObject } from '@rollsync/manifests'

import { secondsOf } from '../clock.ts'
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

/** What the controllers will do from here on hangs on this alone: times count by how far they are away, revisions by their role, and what only counts up does not count. */
export function behaviourKey({ world, clock, pods }: Cluster): string {
  const objects = textOf(world, (object) => {
    if (object.kind === 'ReplicaSet') return undefined
    if (object.kind === 'Rollout') return rolloutText(object as Rollout, clock)
    return remembered(settledTexts, object, ({ metadata, ...rest }) => canonicalJson({ ...rest, annotations: metadata.annotations, labels: metadata.labels }))
  })
  return `${objects}\n${replicaSetTexts(world, clock, pods)}`
}

// A ReplicaSet without pods does not count: an update to its template goes the same way as one to a new template.
function replicaSetTexts(world: World, clock: number, pods: Cluster['pods']): string {
  const texts = replicaSetsOf(world).filter((rs) => rs.spec.replicas > 0 || createdOf(rs) > 0).map((rs) => {
    const deadline = rs.metadata.annotations?.[SCALE_DOWN_DEADLINE]
    const left = deadline === undefined ? '' : Math.max(-1, secondsOf(deadline) - clock)
    return `${hashOf(rs)} ${rs.spec.replicas} ${createdOf(rs)} ${availableOf(rs)} ${left} ${JSON.stringify(pods.get(imageOf(rs)) ?? '')}`
  })
  return texts.sort().join('\n')
}

function rolloutText(rollout: Rollout, clock: number): string {
  const { conditions, pauseConditions, abortedAt: _, observedGeneration: __, restartedAt: ___, message: ____, ...status } = rollout.status
  const pauses = (pauseConditions ?? []).map(({ reason, startTime }) => `${reason} ${clock - secondsOf(startTime)}`)
  const told = (conditions ?? []).map(({ type, status: is, reason }) => `${type} ${is} ${reason}`).sort()
  const { template: _____, ...spec } = rollout.spec
  return `${canonicalJson(spec.strategy)}${spec.replicas ?? ''}${spec.paused === true ? 'paused' : ''}${JSON.stringify([pauses, told])}${canonicalJson(status)}`
}

/** A key in which the hashes of the stable, the current and other ReplicaSets are called so: two revisions in the same roles are one. */
export function byRole(key: string, world: World, rollout: Rollout | undefined, images: readonly string[]): string {
  const roles = new Map<string, string>()
  const image = rollout?.spec.template?.spec?.containers?.[0]?.image
  if (rollout?.status.stableRS !== undefined) roles.set(rollout.status.stableRS, 'hash of stable')
  if (rollout?.status.currentPodHash !== undefined && !roles.has(rollout.status.currentPodHash)) roles.set(rollout.status.currentPodHash, 'hash of canary')
  for (const rs of replicaSetsOf(world)) if (hashOf(rs) !== '' && !roles.has(hashOf(rs))) roles.set(hashOf(rs), `hash of other ${rs.spec.replicas > 0 ? roles.size : ''}`)
  const renamed = [...roles].sort(([a], [b]) => b.length - a.length).reduce((text, [hash, role]) => text.replaceAll(hash, role), key)
  const named = [...images].sort((a, b) => b.length - a.length).reduce((text, other) => text.replaceAll(JSON.stringify(other), other === image ? '"current image"' : '"other image"'), renamed)
  return named.replace(/rollout\.argoproj\.io\/revision":"\d+"/g, 'revision"')
}
