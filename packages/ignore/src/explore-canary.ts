import { type KubeObject, refKey, refOf, valueAt } from '@rollsync/manifests'
import { describeMoment, type Event, type RolloutsProfile, simulate, type World, worldOf } from '@rollsync/rollouts'
import type { JudgedState } from './canary-case.ts'

/** Every state that a Rollout was brought into, and the controller's own words where it rejects the Rollout. */
export interface ExploredCanary {
  readonly states: readonly JudgedState[]
  readonly invalid: string | undefined
}

/** Brings a Rollout among its neighbours, all as Git holds them, into every state of its stories. */
export function exploreCanary(rollout: KubeObject, around: readonly KubeObject[], profile: RolloutsProfile): ExploredCanary {
  const world = worldOf([...around, rollout])
  const found = new Map<string, JudgedState>()
  let invalid: string | undefined
  for (const events of storiesOf(rollout)) {
    for (const state of simulate(world, { events, profile }).states) {
      const git = gitAt(world, rollout, events.slice(0, state.moment.event))
      const moment = describeMoment(state.moment)
      if (state.moment.at === 'invalid') invalid ??= String(valueAt(state.world.get(refKey(refOf(rollout))), '/status/message') ?? 'invalid')
      for (const live of state.cycle?.worlds ?? [state.world]) {
        const key = fingerprint(live)
        if (!found.has(key)) found.set(key, { moment, git, live })
      }
    }
  }
  return { states: [...found.values()], invalid }
}

function fingerprint(world: World): string {
  return JSON.stringify([...world.values()].filter((object) => object.kind !== 'ReplicaSet').map(({ metadata, status: _status, ...rest }) => [metadata.name, metadata.annotations, metadata.labels, rest]))
}

function gitAt(world: World, rollout: KubeObject, events: readonly Event[]): World {
  const applied = events.findLast((event) => event.do === 'apply' && 'image' in event)
  if (applied === undefined || !('image' in applied)) return world
  return new Map(world).set(refKey(refOf(rollout)), withImage(rollout, applied.image))
}

function withImage(rollout: KubeObject, image: string): KubeObject {
  const copy = structuredClone(rollout) as unknown as { spec: { template: { spec: { containers: { image: string }[] } } } }
  const [first] = copy.spec.template.spec.containers
  if (first !== undefined) first.image = image
  return copy as unknown as KubeObject
}

const next = 'rollsync.invalid/next:1'

/** The happy path, and from each of its moments an abort, a full promotion, a crash of the new pods, a way back and a third image. */
function storiesOf(rollout: KubeObject): readonly (readonly Event[])[] {
  const steps = valueAt(rollout, '/spec/strategy/canary/steps')
  const image = String(valueAt(rollout, '/spec/template/spec/containers/0/image') ?? '')
  const happy: Event[] = [{ do: 'apply', image: next }]
  for (const step of Array.isArray(steps) ? steps : []) {
    const pause: unknown = valueAt(step, '/pause')
    if (pause === undefined) continue
    const duration = valueAt(pause, '/duration')
    happy.push(duration === undefined ? { do: 'promote' } : { do: 'wait', seconds: secondsOf(duration) + 1 })
  }
  happy.push({ do: 'wait', seconds: 31 })
  const twists: readonly (readonly Event[])[] = [
    [{ do: 'abort' }, { do: 'wait', seconds: 31 }], [{ do: 'promote-full' }], [{ do: 'pods', image: next, state: 'crash' }],
    [{ do: 'apply', image }, { do: 'wait', seconds: 31 }], [{ do: 'apply', image: 'rollsync.invalid/next:2' }],
  ]
  return [happy, ...happy.slice(0, -1).flatMap((_, index) => twists.map((twist) => [...happy.slice(0, index + 1), ...twist]))]
}

function secondsOf(duration: unknown): number {
  if (typeof duration === 'number') return duration
  const match = /^(\d+)(s|m|h)?$/.exec(String(duration))
  return match === null ? 0 : Number(match[1]) * { s: 1, m: 60, h: 3600 }[(match[2] ?? 's') as 's' | 'm' | 'h']
}
