import { applyMergePatch, type KubeObject, refOf } from '@rollsync/manifests'

import { notFound } from './born.ts'
import { rfc3339 } from './clock.ts'
import type { Cluster } from './cluster.ts'
import type { Event } from './event.ts'
import { finishExperiments, finishRuns } from './finish-runs.ts'
import { apply, applyImage, overwrite } from './git.ts'
import { promote, promoteFull, undo, withRollout } from './kubectl.ts'
import { findObject, type Outcome, put } from './put.ts'
import { objectsOf, withoutObject } from './world.ts'

type PlainEvent = Exclude<Event, { readonly do: 'interrupt' }>

/** What a person, Git or the cluster's pods do. No controller runs in it. */
export function act(cluster: Cluster, event: PlainEvent): Outcome {
  switch (event.do) {
    case 'apply': return 'object' in event ? apply(cluster, event.object) : applyImage(cluster, event.image, event.rollout)
    case 'overwrite': return overwrite(cluster, event.kind, event.name, event.how)
    case 'edit': return edit(cluster, findObject(cluster, event.kind, event.name), `no ${event.kind} ${event.name}`, event.patch)
    case 'delete': return remove(cluster, event.kind, event.name)
    case 'promote': return promote(cluster, event.skip, event.rollout)
    case 'promote-full': return withRollout(cluster, event.rollout, promoteFull)
    case 'abort': return withRollout(cluster, event.rollout, () => [{ status: { abort: true } }])
    case 'retry': return withRollout(cluster, event.rollout, () => [{ status: { abort: false } }])
    case 'undo': return undo(cluster, event.to, event.rollout)
    case 'pause': return withRollout(cluster, event.rollout, () => [{ spec: { paused: true } }])
    case 'resume': return withRollout(cluster, event.rollout, () => [{ spec: { paused: null } }])
    case 'scale': return withRollout(cluster, event.rollout, () => [{ spec: { replicas: event.replicas } }])
    case 'restart': return withRollout(cluster, event.rollout, () => [{ spec: { restartAt: rfc3339(cluster.clock) } }])
    case 'wait': return { cluster: { ...cluster, clock: cluster.clock + event.seconds } }
    case 'sync': return { cluster }
    case 'pods': return { cluster: { ...cluster, pods: new Map(cluster.pods).set(event.image, 'available' in event ? { mode: 'limit', available: event.available } : { mode: event.state }) } }
    case 'analysis': return { cluster: finishRuns(cluster, event.phase, event.message) }
    case 'experiment': return { cluster: finishExperiments(cluster, event.phase, event.message) }
    default: return event satisfies never
  }
}

function edit(cluster: Cluster, live: KubeObject | undefined, missing: string, patch: unknown): Outcome {
  return live === undefined ? { refused: missing } : put(cluster, applyMergePatch(live, patch) as KubeObject)
}

function remove(cluster: Cluster, kind: string, name: string): Outcome {
  const live = findObject(cluster, kind, name)
  if (live === undefined) return { refused: notFound({ group: GROUPS.get(kind) ?? '', kind, namespace: '', name }) }
  let world = withoutObject(cluster.world, refOf(live))
  if (kind === 'Rollout') { // the garbage collector
    for (const child of ['ReplicaSet', 'AnalysisRun', 'Experiment'].flatMap((owned) => objectsOf(world, owned))) {
      if ((child.metadata['ownerReferences'] as readonly { readonly name: string }[] | undefined)?.[0]?.name === name) world = withoutObject(world, refOf(child))
    }
  }
  return { cluster: { ...cluster, world } }
}

const GROUPS: ReadonlyMap<string, string> = new Map([['Rollout', 'argoproj.io'], ['AnalysisRun', 'argoproj.io'], ['AnalysisTemplate', 'argoproj.io'], ['Experiment', 'argoproj.io'],
  ['Ingress', 'networking.k8s.io'], ['ReplicaSet', 'apps'], ['Deployment', 'apps']])
