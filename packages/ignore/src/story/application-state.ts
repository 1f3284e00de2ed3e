import { asRolloutsWrites, type ResourceState } from '@rollsync/argocd'
import { createMergePatch, jsonEqual, type KubeObject, refKey, refOf, refText, type ResourceRef, valueAt } from '@rollsync/manifests'
import { type Event, seenFrom, type State, type World } from '@rollsync/rollouts'
import { templateHolder } from '../explore-canary.ts'
import { pathsOf } from '../laws/covering.ts'
import { editable } from '../next-look.ts'
import { albSettings, routeParts } from '../routes.ts'
import type { StoryApplication, StorySettings } from './story-settings.ts'

export interface Synced {
  readonly revision: string
  readonly phase: 'Succeeded' | 'Failed' | 'Error'
  readonly finishedAt: number
  readonly selfHealAttempts: number
}

/** The Application as Argo CD compares it now. */
export interface ApplicationState {
  readonly sync: 'Synced' | 'OutOfSync' | 'Unknown' | 'unverified'
  readonly because: string
  readonly resources: readonly ResourceState[]
}

/** What Git holds now and what it held when it was last applied, and what the cluster holds. */
interface Now {
  readonly git: World
  readonly deployed: World
  readonly state: State
}

export async function comparedAll(day: Now, { judge, resources }: StoryApplication): Promise<ApplicationState> {
  const states: ResourceState[] = []
  const differing: string[] = []
  for (const ref of resources) {
    const key = refKey(ref)
    const target = day.git.get(key)
    const live = day.state.world.get(key)
    if (target === undefined) continue
    if (live === undefined) {
      states.push({ ref, sync: 'OutOfSync', requiresPruning: false })
      differing.push(`${refText(ref)} is missing`)
      continue
    }
    const answer = await judge.compare(target, live, day.deployed.get(key) ?? target)
    if (answer.sync === 'Unknown') return allUnknown(resources, answer.condition)
    if (answer.sync === 'panic') return allUnknown(resources, `Argo CD's code panics: ${answer.error}`)
    if (answer.sync === 'unverified') return { sync: 'unverified', because: answer.reason, resources: [] }
    states.push({ ref, sync: answer.sync, requiresPruning: false })
    if (answer.sync === 'OutOfSync') differing.push(`${refText(ref)} at ${pathsOf(answer.patch)}`)
  }
  return { sync: differing.length > 0 ? 'OutOfSync' : 'Synced', because: differing.join('; '), resources: states }
}

/** One error leaves nothing compared: state.go CompareAppState. */
function allUnknown(resources: readonly ResourceRef[], because: string): ApplicationState {
  return { sync: 'Unknown', because, resources: resources.map((ref) => ({ ref, sync: 'Unknown', requiresPruning: false })) }
}

export type SyncedOne = { readonly events: readonly Event[]; readonly applied: boolean; readonly fights: readonly string[]; readonly touches?: true } | { readonly failed: string }

/** One object of a sync, as the edit of the live object that it comes to. */
export async function syncOne(day: Now, target: KubeObject, settings: Pick<StorySettings, 'judge' | 'rollout'>): Promise<SyncedOne> {
  const key = refKey(refOf(target))
  const live = day.state.world.get(key)
  if (live === undefined) return { events: [{ do: 'apply', object: asRolloutsWrites(target) }], applied: true, fights: [] }
  const deployed = day.deployed.get(key) ?? target
  const result = await settings.judge.sync(target, live, deployed)
  if (result.outcome === 'failed') return { failed: result.message }
  if (result.outcome === 'unverified') return { failed: `unverified: ${result.reason}` }
  if (result.outcome === 'dropped') return { events: [], applied: false, fights: [] }
  const found = settings.judge.found(live, deployed)
  const after = asRolloutsWrites(result.live as KubeObject)
  const patch = createMergePatch(editable(found), editable(after))
  // What a controller fills in by itself and a sync takes out, and who owns which field, is no change that anyone would see, but it wakes those who watch.
  if (Object.keys(patch).length === 0) return { events: [], applied: true, fights: [], ...(isWritten(found, result.live as KubeObject) ? { touches: true } : {}) }
  return { events: [{ do: 'edit', kind: target.kind, name: target.metadata.name, patch }], applied: true, fights: [...lostRoutes(day, live, after, settings), ...lostSelector(live, after), ...imageBack(day, live, after, target, settings)] }
}

/** Whether the API server holds another version after it: a write that changes nothing at all is none. */
function isWritten(before: KubeObject, after: KubeObject): boolean {
  return !jsonEqual(withoutTimes(before), withoutTimes(after))
}

function withoutTimes({ metadata: { resourceVersion: _version, generation: _generation, managedFields, ...metadata }, status: _status, ...rest }: KubeObject & { readonly metadata: KubeObject['metadata'] & { readonly resourceVersion?: unknown; readonly generation?: unknown; readonly managedFields?: unknown } }): unknown {
  const fields = Array.isArray(managedFields) ? (managedFields as readonly { readonly time?: string }[]).map(({ time: _time, ...entry }) => entry) : []
  return { ...rest, metadata, fields }
}

function lostRoutes(day: Now, live: KubeObject, after: KubeObject, { rollout: ref }: Pick<StorySettings, 'rollout'>): readonly string[] {
  const rollout = day.state.world.get(refKey(ref))
  const alb = rollout === undefined ? undefined : albSettings(rollout)
  if (alb === undefined || live.kind !== 'Ingress' || seenFrom(day.state, ref).moment.at !== 'step') return []
  const has = (object: KubeObject, route: string): boolean => routeParts(object, route, alb.prefix).paths.length > 0
  return alb.managedRoutes.filter((route) => has(live, route) && !has(after, route)).map((route) => `Argo CD removes route ${route} and Rollouts does not put it back: lost until the next rollout`)
}

const hashKey = 'rollouts-pod-template-hash'

/** service/service.go:169: a Service without the hash wakes nobody. */
function lostSelector(live: KubeObject, after: KubeObject): readonly string[] {
  if (live.kind !== 'Service') return []
  const hash = (object: KubeObject): unknown => valueAt(object, `/spec/selector/${hashKey}`)
  return hash(live) === undefined || hash(after) !== undefined ? [] : [
    `Argo CD takes ${hashKey} out of the selector of Service ${live.metadata.name}, and Rollouts does not notice: it selects the pods of every revision until the Rollout is looked at again`,
  ]
}

function imageBack(day: Now, live: KubeObject, after: KubeObject, target: KubeObject, { rollout }: Pick<StorySettings, 'rollout'>): readonly string[] {
  const image = (object: KubeObject): unknown => valueAt(object, '/spec/template/spec/containers/0/image')
  const deployed = day.deployed.get(refKey(refOf(target)))
  const subject = day.state.world.get(refKey(rollout))
  const holder = subject === undefined ? undefined : refKey(refOf(templateHolder(day.state.world, subject)))
  if (holder !== refKey(refOf(target)) || deployed === undefined || image(deployed) !== image(target)) return []
  return image(live) !== image(after) ? [`Argo CD brings image ${String(image(after))} back, which Git still names: the undo in the cluster is undone`] : []
}
