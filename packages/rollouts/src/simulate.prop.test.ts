import { applyMergePatch, jsonEqual, type KubeObject, refKey } from '@rollsync/manifests'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { Event } from './event.ts'
import { rolloutsProfile, rolloutsVersions } from './profile.ts'
import { simulate } from './simulate.ts'
import { canary, header, ingress, pathTo, rollout, smallWorld } from './small-world.test-d.ts'
import type { State } from './state.ts'
import type { World } from './world.ts'
import type { Write } from './write.ts'

const step = fc.oneof(
  fc.constantFrom(0, 1, 20, 50, 100).map((setWeight) => ({ setWeight })), fc.constantFrom({}, { duration: 5 }, { duration: '30s' }).map((pause) => ({ pause })),
  fc.constantFrom({ weight: 25 }, { replicas: 0 }, { replicas: 2 }, { matchTrafficWeight: true }).map((setCanaryScale) => ({ setCanaryScale })),
  fc.constantFrom('hr', 'hs').map((name) => header(name)), fc.constantFrom('hr', 'hs').map((name) => ({ setHeaderRoute: { name } })),
)

const strategy = fc.oneof(
  { weight: 5, arbitrary: fc.record({ steps: fc.array(step, { maxLength: 6 }), dynamicStableScale: fc.boolean() }).map(({ steps, ...more }) => canary(steps, more, ['hr', 'hs'])) },
  { weight: 1, arbitrary: fc.record({ steps: fc.array(step.filter((one) => 'setWeight' in one || 'pause' in one), { maxLength: 4 }) }).map((basic) => ({ canary: basic })) },
  { weight: 1, arbitrary: fc.record({ autoPromotionEnabled: fc.boolean() }).map((more) => ({ blueGreen: { activeService: 'web-stable', previewService: 'web-canary', ...more } })) },
)

const image = fc.constantFrom('app:1', 'app:2', 'app:3')
const plain: fc.Arbitrary<Exclude<Event, { readonly do: 'interrupt' }>> = fc.oneof(
  image.map((name) => ({ do: 'apply' as const, image: name })), fc.constantFrom('promote', 'promote-full', 'abort', 'retry', 'undo', 'pause', 'resume', 'restart', 'sync').map((name) => ({ do: name }) as Exclude<Event, { readonly do: 'interrupt' }>),
  fc.constantFrom(1, 6, 31, 700).map((seconds) => ({ do: 'wait' as const, seconds })), fc.constantFrom(0, 1, 6).map((replicas) => ({ do: 'scale' as const, replicas })),
  fc.record({ do: fc.constant('pods' as const), image, state: fc.constantFrom('ready' as const, 'slow' as const, 'crash' as const) }),
  fc.constantFrom('apply' as const, 'replace' as const).map((how) => ({ do: 'overwrite' as const, kind: 'Ingress', name: 'web', how })),
  fc.constant({ do: 'delete' as const, kind: 'Rollout', name: 'web' }), fc.constant({ do: 'edit' as const, kind: 'Ingress', name: 'web', patch: { spec: { rules: [] } } }),
)
const event: fc.Arbitrary<Event> = fc.oneof({ weight: 9, arbitrary: plain }, { weight: 1, arbitrary: fc.record({ do: fc.constant('interrupt' as const), first: plain, rounds: fc.nat({ max: 4 }), then: plain }) })

const rules = fc.constantFrom<readonly unknown[]>([{ http: { paths: [pathTo('web-root')] } }], [{ host: 'a' }, { http: { paths: [pathTo('web-root')] } }], [{ http: { paths: [pathTo('other'), pathTo('web-root')] } }])
const scene = fc.record({ strategy, replicas: fc.constantFrom(1, 2, 4, 10), rules, events: fc.array(event, { maxLength: 8 }), version: fc.constantFrom(...rolloutsVersions) })
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never

function run({ strategy: of, replicas, rules: ruled, events, version }: Scene): readonly State[] {
  return simulate(smallWorld(rollout(of, { replicas, revisionHistoryLimit: 2 }), [ingress('web', ruled)]), { events, profile: rolloutsProfile(version).profile }).states
}

// The Ingresses and Services after these writes, starting from those of a world.
function replay(before: World, writes: readonly Write[]): ReadonlyMap<string, unknown> {
  const objects = new Map([...before].filter(([, object]) => isRouted(object)).map(([key, object]) => [key, contentOf(object)] as const))
  for (const write of writes) {
    const key = refKey(write.to)
    if (!objects.has(key) || write.error !== undefined || write.patch === undefined) continue
    objects.set(key, withoutEmpty(applyMergePatch(objects.get(key), JSON.parse(write.patch))))
  }
  return objects
}

const isRouted = ({ kind }: KubeObject): boolean => kind === 'Ingress' || kind === 'Service'
const contentOf = ({ metadata, ...object }: KubeObject): unknown => withoutEmpty({ metadata: { annotations: metadata.annotations ?? {} }, spec: object['spec'] })
const withoutEmpty = (content: unknown): unknown => {
  const { metadata, spec } = content as { metadata: { annotations?: object }; spec: unknown }
  return { metadata: { annotations: metadata.annotations ?? {} }, spec }
}

describe('simulate', () => {
  it('never throws, and says the same thing twice', () => {
    fc.assert(fc.property(scene, (one) => {
      const [first, second] = [run(one), run(one)]
      return first.length > one.events.length && jsonEqual(first.map(toPlain), second.map(toPlain))
    }), { numRuns: 40 })
  })

  it('tells every write: applied to the world before, they give the world after', () => {
    fc.assert(fc.property(scene, (one) => run(one).every((state, i, all) => {
      const before = all[i - 1]
      const quiet = before?.moment.event === state.moment.event || ['wait', 'sync', 'promote', 'abort', 'retry', 'pods', 'restart', 'scale'].includes(one.events[state.moment.event - 1]?.do ?? '')
      if (before === undefined || !quiet || before.cycle !== undefined) return true
      return [...replay(before.world, state.writes)].every(([key, content]) => jsonEqual(content, contentOf(state.world.get(key) as KubeObject)))
    })), { numRuns: 60 })
  })
})

function toPlain(state: State): unknown {
  return { ...state, world: [...state.world], cycle: state.cycle?.writes }
}
