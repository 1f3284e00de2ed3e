import { type KubeObject, refKey, type ResourceRef } from '@rollsync/manifests'
import { leavingRoutes } from './leaving-routes.ts'
import { hasOrigin } from './next-look.ts'

/** One moment at which Argo CD may look: what Git renders then, and what the cluster holds. `live` objects are the controllers' alone, without Argo CD's own marks. */
export interface JudgedState {
  /** In a person's words, e.g. `step 2 of 9, pods ready`. */
  readonly moment: string
  readonly git: ReadonlyMap<string, KubeObject>
  readonly live: ReadonlyMap<string, KubeObject>
}

/** One Rollout under one Application: its states, and the objects of that Application which the Rollout's controllers may write. */
export interface CanaryCase {
  readonly rollout: ResourceRef
  readonly resources: readonly ResourceRef[]
  readonly states: readonly JudgedState[]
}

/** A target and a live object that occur together, with every moment at which they do. */
export interface Pair {
  readonly resource: ResourceRef
  readonly target: KubeObject
  readonly live: KubeObject
  readonly moments: readonly string[]
  /** Managed routes that the current step is about to take away, at every one of these moments. */
  readonly leaving?: readonly string[]
  /** One of the moments, from where it can be played on. */
  readonly state?: JudgedState
}

/** The distinct pairs of a case, in order of first appearance. A resource that Git or the cluster lacks at a moment makes no pair there. */
export function pairsOf(canary: CanaryCase): readonly Pair[] {
  const found = new Map<string, Pair & { moments: string[]; leaving: readonly string[]; state?: JudgedState }>()
  for (const state of canary.states) {
    const leaving = leavingRoutes(state.live.get(refKey(canary.rollout)))
    for (const resource of canary.resources) {
      const key = refKey(resource)
      const target = state.git.get(key)
      const live = state.live.get(key)
      if (target === undefined || live === undefined) continue
      const identity = `${key}\n${JSON.stringify(target)}\n${JSON.stringify(seenByArgoCd(live))}`
      const pair = found.get(identity)
      if (pair === undefined) found.set(identity, { resource, target, live, moments: [state.moment], leaving, ...(hasOrigin(state) ? { state } : {}) })
      else {
        if (pair.state === undefined && hasOrigin(state)) pair.state = state
        pair.moments.push(state.moment)
        pair.leaving = pair.leaving.filter((route) => leaving.includes(route))
      }
    }
  }
  return [...found.values()]
}

/** What can make a difference to Argo CD: neither status nor the bookkeeping of the API server. */
function seenByArgoCd(live: KubeObject): unknown {
  const { status: _status, metadata, ...rest } = live
  return { ...rest, metadata: { labels: metadata.labels, annotations: metadata.annotations } }
}
