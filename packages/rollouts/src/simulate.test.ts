import { refKey } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import type { Event } from './event.ts'
import { happyPath } from './happy-path.ts'
import type { Ingress } from './ingress.ts'
import { rolloutsProfile } from './profile.ts'
import { headerRoutesOf, weightOf } from './readings.ts'
import { simulate } from './simulate.ts'
import { canary, header, ingress, pathTo, rollout, smallWorld, WEB } from './small-world.test-d.ts'
import type { State } from './state.ts'
import type { World } from './world.ts'

const { profile } = rolloutsProfile('v1.10.2')
const INGRESS = refKey({ group: 'networking.k8s.io', kind: 'Ingress', namespace: 'default', name: 'web' })
const run = (world: World, events: readonly Event[]): readonly State[] => simulate(world, { events, profile }).states
const last = (states: readonly State[]): State => states.at(-1) as State
const steps = [{ setCanaryScale: { weight: 25 } }, header('hr'), { pause: {} }, { setWeight: 50 }, { pause: { duration: '10s' } }]

describe('simulate', () => {
  it('leads an update that goes well from step to step and back to idle', () => {
    const subject = rollout(canary(steps))
    const states = run(smallWorld(subject), happyPath(subject, 'app:2'))
    expect(states.map(({ moment, world }) => [moment.event, moment.at === 'step' ? moment.index : moment.at, moment.pods, weightOf(world, WEB), headerRoutesOf(world, WEB).map(({ name, complete }) => `${name} ${complete}`)])).toEqual([
      [0, 'deploying', 'starting', undefined, []], [0, 'idle', 'ready', 0, []],
      [1, 0, 'starting', 0, []], [1, 2, 'ready', 0, ['hr true']],
      [2, 4, 'ready', 50, ['hr true']],
      [3, 5, 'starting', 50, ['hr true']], [3, 'idle', 'ready', 0, []],
      [4, 'idle', 'ready', 0, []],
    ])
  })

  it('does not put a lost header route back, and says so', () => {
    const world = smallWorld(rollout(canary(steps)))
    const state = last(run(world, [{ do: 'apply', image: 'app:2' }, { do: 'overwrite', kind: 'Ingress', name: 'web', how: 'apply' }, { do: 'sync' }]))
    expect(headerRoutesOf(state.world, WEB)).toMatchObject([{ name: 'hr', complete: false }])
    expect(state.notes).toEqual([{ id: 'header-route-not-reasserted', on: 'Ingress web' }])
  })

  it('flaps for ever after an abort whose first step sets a header route', () => {
    const subject = rollout(canary([header('hr'), { setWeight: 50 }, { pause: {} }]))
    const state = last(run(smallWorld(subject), [{ do: 'apply', image: 'app:2' }, { do: 'abort' }]))
    expect(state.cycle?.worlds).toHaveLength(2)
    expect(state.notes.map(({ id }) => id)).toContain('flapping')
  })

  it('stops at a second Ingress that needs no change in the first, and says so', () => {
    const alb = { ingresses: ['a', 'b'], rootService: 'web-root', servicePort: 80 }
    const subject = rollout({ canary: { canaryService: 'web-canary', stableService: 'web-stable', trafficRouting: { alb }, steps: [{ setWeight: 20 }, { pause: {} }] } })
    const state = last(run(smallWorld(subject, [ingress('a'), ingress('b')]), [{ do: 'apply', image: 'app:2' }, { do: 'overwrite', kind: 'Ingress', name: 'b', how: 'replace' }]))
    expect(state.notes).toContainEqual({ id: 'later-ingress-skipped', on: 'Ingress a' })
    expect((state.world.get(INGRESS.replace('/web', '/b')) as Ingress).metadata.annotations).toEqual({ scheme: 'internal' })
  })

  it('keeps a panic of the controller in the state, with the function that panics', () => {
    const state = last(run(smallWorld(rollout(canary(steps)), [ingress('web', [{ http: { paths: [pathTo('web-root')] } }, { host: 'x' }])]), []))
    expect(state.errors).toEqual([{ by: 'rollouts', on: 'web', panic: 'runtime error: invalid memory address or nil pointer dereference', in: 'utils/ingress.indexPathByService' }])
    expect(state.notes).toContainEqual({ id: 'recovered-panic', on: 'Rollout web' })
  })

  it('refuses what the command refuses, and leaves the world as it was', () => {
    const states = run(smallWorld(rollout(canary(steps))), [{ do: 'undo', to: 9 }])
    expect(last(states).refused).toBe('unable to find specified revision 9 in history')
    expect(last(states).writes).toEqual([])
  })

  it('reports an invalid Rollout in the controller words and creates no ReplicaSet', () => {
    const state = last(run(smallWorld(rollout(canary([header('other')]))), []))
    expect(state.moment.at).toBe('invalid')
    expect(state.errors).toHaveLength(1)
    expect([...state.world.keys()].some((key) => key.includes('ReplicaSet'))).toBe(false)
  })

  it('scales the Deployment of a workloadRef and takes its template', () => {
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' }, spec: { replicas: 4, selector: { matchLabels: { app: 'app' } }, template: { metadata: { labels: { app: 'app' } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } } } }
    const { template: _, selector: __, ...spec } = rollout(canary(steps))['spec'] as Record<string, unknown>
    const subject = { ...rollout(canary(steps)), spec: { ...spec, workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', scaleDown: 'onsuccess' } } }
    const states = run(smallWorld(subject, [ingress('web'), deployment]), [{ do: 'apply', image: 'app:2' }, { do: 'promote' }, { do: 'wait', seconds: 11 }])
    expect(last(states).moment.at).toBe('idle')
    expect(states[1]?.world.get('apps/Deployment/default/web')).toHaveProperty('spec.replicas', 0)
    expect(last(states).world.get(refKey(WEB))).not.toHaveProperty('spec.template')
  })
})
