import { createMergePatch, type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { type Event, type RolloutsProfile, simulate, type World } from '@rollsync/rollouts'
import type { JudgedState } from './canary-case.ts'

/** How a state came about: what was deployed, and what happened since. */
interface Origin {
  readonly world: World
  readonly story: readonly Event[]
  readonly profile: RolloutsProfile
}

const origins = new WeakMap<JudgedState, Origin>()

/** Keeps beside a state how it came about; states stay plain values. */
export function rememberOrigin(state: JudgedState, origin: Origin): JudgedState {
  origins.set(state, origin)
  return state
}

export function hasOrigin(state: JudgedState): boolean {
  return origins.has(state)
}

/** An object as somebody else's write leaves it and the Rollouts controller then makes it, when it looks at its Rollouts next; undefined where that cannot be played. */
export function afterNextLook(state: JudgedState, before: KubeObject, after: KubeObject): KubeObject | undefined {
  const origin = origins.get(state)
  if (origin === undefined) return undefined
  const edit: Event = { do: 'edit', kind: after.kind, name: after.metadata.name, patch: createMergePatch(editable(before), editable(after)) }
  return simulate(origin.world, { events: [...origin.story, edit], profile: origin.profile }).states.at(-1)?.world.get(refKey(refOf(before)))
}

const marks = /^(argocd\.argoproj\.io\/tracking-id|kubectl\.kubernetes\.io\/last-applied-configuration)$/

/** What a sync can change of an object: neither Argo CD's marks nor the API server's fields. */
export function editable({ metadata: { labels, annotations }, status: _status, apiVersion: _version, kind: _kind, ...rest }: KubeObject): Readonly<Record<string, unknown>> {
  const kept = Object.fromEntries(Object.entries(annotations ?? {}).filter(([name]) => !marks.test(name)))
  return { ...rest, metadata: { labels: labels ?? {}, annotations: kept } }
}
