import { isMap, jsonEqual, type KubeObject, pointerTokens, refKey, refOf, type ResourceRef, toPointer, valueAt } from '@rollsync/manifests'
import { kindOf } from '../derive/index.ts'
import type { FieldPath } from '../derive/object-kind.ts'
import { type DriftOperation, driftByKey } from '../drift.ts'
import { albSettings, pathsOfIngress } from '../routes.ts'
import type { JudgedState } from '../canary-case.ts'
import { isApiDefault } from './api-defaults.ts'
import { ownersOf } from './field-owner.ts'
import { type KnownWriter, writerByOwner, writerByPlace, writerOfFinalizer } from './known-fields.ts'

/** One difference between Git and the cluster, and who made it. */
export interface Attribution {
  readonly pointer: string
  readonly change: DriftOperation['op']
  readonly value?: unknown
  readonly by: KnownWriter['by'] | 'unexplained'
  readonly who: string
  readonly why: string
  /** by rollouts: the first simulated moment with this very difference; absent where no state has it. */
  readonly moment?: string
}

/** A Rollout that may have written the object, and the states that it can lead to. */
export interface ExplainedRollout {
  readonly rollout: KubeObject
  readonly states: readonly JudgedState[]
}

export interface ExplainedObject {
  readonly resource: ResourceRef
  readonly differences: readonly Attribution[]
}

/** Attributes each difference of one object: to a moment of a Rollout, a known controller, Argo CD, the API server, somebody's hand, or nobody. */
export function explainObject(target: KubeObject, live: KubeObject, rollouts: readonly ExplainedRollout[]): ExplainedObject {
  const drift = driftByKey(target, live).map((step) => attributed(target, live, step, rollouts))
  return { resource: refOf(live), differences: [...drift, ...bookkeeping(target, live)] }
}

function attributed(target: KubeObject, live: KubeObject, step: DriftOperation, rollouts: readonly ExplainedRollout[]): Attribution {
  const path = pathOf(step.path, step.op === 'remove' ? target : live)
  const base = { pointer: step.path, change: step.op, ...(step.op === 'remove' ? {} : { value: step.value }) }
  const owner = byOwner(live, path, step)
  // A list may be owned as a whole: who wrote it last says little of one item.
  const hand = owner?.by === 'hand' ? owner : undefined
  const writer = byMoment(target, live, step, rollouts)
    ?? (path.some((token) => typeof token === 'number') ? undefined : hand)
    ?? byOwnedPlace(target, live, step, path, rollouts, hand)
    ?? writerByPlace(path)
    ?? (step.op === 'add' && isApiDefault(live, step.path, step.value) ? apiServer : undefined)
    ?? byBookkeeping(live, step, path)
    ?? owner
  return writer === undefined ? { ...base, by: 'unexplained', who: 'nobody known', why: unexplained(live) } : { ...base, ...writer }
}

function unexplained(live: KubeObject): string {
  return valueAt(live, '/metadata/managedFields') === undefined ? 'the live object comes without managedFields: kubectl get -o json --show-managed-fields tells more' : 'no manager owns this field'
}

/** The tokens of a pointer, with numbers where they lead into lists. */
function pathOf(pointer: string, object: KubeObject): FieldPath {
  let value: unknown = object
  return pointerTokens(pointer).map((token) => {
    const index = Array.isArray(value) && /^\d+$/.test(token) ? Number(token) : token
    value = Array.isArray(value) ? value[Number(token)] : isMap(value) && Object.hasOwn(value, token) ? value[token] : undefined
    return index
  })
}

const apiServer: KnownWriter = { by: 'api-server', who: 'the API server', why: 'a default for what Git leaves out' }
const rolloutName = (rollout: KubeObject): string => `Argo Rollouts, for Rollout ${rollout.metadata.name}`

/** A state that differs from Git in just this way names the moment. */
function byMoment(target: KubeObject, live: KubeObject, step: DriftOperation, rollouts: readonly ExplainedRollout[]): (KnownWriter & Pick<Attribution, 'moment'>) | undefined {
  const key = refKey(refOf(live))
  for (const { rollout, states } of rollouts) {
    const moment = states.find((state) => {
      const simulated = state.live.get(key)
      return simulated !== undefined && driftByKey(target, simulated).some((other) => jsonEqual(other, step))
    })?.moment
    if (moment !== undefined) return { by: 'rollouts', who: rolloutName(rollout), why: `so it writes at ${moment}`, moment }
  }
  return undefined
}

/** A place that is the controller's is its own at least, unless somebody wrote there last. */
function byOwnedPlace(target: KubeObject, live: KubeObject, step: DriftOperation, path: FieldPath, rollouts: readonly ExplainedRollout[], hand: Writer | undefined): Writer | undefined {
  if (live.kind === 'Rollout' || live.kind === 'Deployment') return undefined
  for (const { rollout } of rollouts) {
    const owned = kindOf(refOf(live))?.owned(step.op === 'remove' ? target : live, { rollout, alb: albSettings(rollout), mode: 'legacy' }) ?? []
    if (!owned.some((place) => place.length <= path.length && place.every((token, index) => token === path[index]))) continue
    return hand ?? { by: 'rollouts', who: rolloutName(rollout), why: 'the place is its own, though no simulated state has this value' }
  }
  return undefined
}

const bookkeepingKey = 'rollouts.argoproj.io/managed-alb-annotations'

/** Without a Rollout at hand, the controller's own list on the Ingress says which annotations are its, and with them their paths. */
function byBookkeeping(live: KubeObject, step: DriftOperation, path: FieldPath): KnownWriter | undefined {
  const listed = live.metadata.annotations?.[bookkeepingKey]
  if (listed === undefined) return undefined
  const writer: KnownWriter = { by: 'rollouts', who: 'Argo Rollouts', why: `its list ${bookkeepingKey} names it` }
  if (path[1] === 'annotations' && typeof path[2] === 'string') return listed.includes(`"${path[2]}"`) ? writer : undefined
  if (step.op !== 'add') return undefined
  const added = pathsOfIngress(live).find((one) => jsonEqual(one.value, step.value))
  return added !== undefined && listed.includes(`/actions.${added.service}"`) ? writer : undefined
}

type Writer = ReturnType<typeof writerByOwner>

function byOwner(live: KubeObject, path: FieldPath, step: DriftOperation): Writer | undefined {
  if (step.op === 'remove') return undefined
  const [owner] = ownersOf(live, path)
  return owner === undefined ? undefined : writerByOwner(owner, live)
}

/** What no comparison looks at: finalizers and status. */
function bookkeeping(target: KubeObject, live: KubeObject): readonly Attribution[] {
  const finalizers = valueAt(live, '/metadata/finalizers')
  const inGit = valueAt(target, '/metadata/finalizers')
  const held: readonly unknown[] = Array.isArray(inGit) ? inGit : []
  const added = (Array.isArray(finalizers) ? finalizers : []).flatMap((value: unknown, index): readonly Attribution[] => {
    if (typeof value !== 'string' || held.includes(value)) return []
    const writer = writerOfFinalizer(value)
    return [{ pointer: toPointer(['metadata', 'finalizers', index]), change: 'add', value, ...(writer ?? { by: 'unexplained', who: 'nobody known', why: 'a finalizer of a controller that is not known here' }) }]
  })
  const status = live['status']
  if (status === undefined || jsonEqual(status, target['status'] ?? null)) return added
  return [...added, { pointer: '/status', change: target['status'] === undefined ? 'add' : 'replace', by: 'controller', who: 'its controller', why: 'status is never compared' }]
}
