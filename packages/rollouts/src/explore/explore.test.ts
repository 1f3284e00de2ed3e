import { jsonEqual, type KubeObject, refKey } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { rolloutsProfile } from '../profile.ts'
import { headerRoutesOf } from '../readings.ts'
import { RolloutsError } from '../rollouts-error.ts'
import { seenFrom } from '../seen-from.ts'
import { simulate } from '../simulate.ts'
import type { State } from '../state.ts'
import { canary, header, ingress, pathTo, rollout, service, smallWorld, WEB } from '../small-world.test-d.ts'
import { describeStory } from '../story.ts'
import { explore } from './explore.ts'

const { profile } = rolloutsProfile('v1.10.2')
const steps = [{ setCanaryScale: { weight: 25 } }, header('hr'), { pause: {} }, { setWeight: 50 }, { pause: { duration: '10s' } }]
const world = smallWorld(rollout(canary(steps)))

describe('explore', () => {
  const exploration = explore(world, WEB, profile)

  it('finds each state once, and the same ones again', () => {
    const again = explore(world, WEB, profile)
    expect(again.states.map(({ story }) => describeStory(story))).toEqual(exploration.states.map(({ story }) => describeStory(story)))
    expect(exploration.cut).toBe('turns')
  })

  it('tells stories that lead where they say', () => {
    for (const { story, state, seen } of exploration.states) {
      if (seen === 'passing') continue
      const told = simulate(world, { events: story, profile }).states.filter(({ moment }) => jsonEqual(moment, state.moment))
      expect(told.some((one) => sameObjects(one.world, state.world)), describeStory(story)).toBe(true)
    }
  })

  it('finds what can go wrong on the way', () => {
    const found = new Set(exploration.states.flatMap(({ state }) => [...state.notes.map(({ id }) => id), state.moment.at]))
    expect([...found]).toEqual(expect.arrayContaining(['header-route-not-reasserted', 'hot-loop', 'aborted', 'step', 'idle', 'deploying']))
  })

  it('passes through every state of an update that goes well', () => {
    const good = exploration.states.filter(({ story }) => story.every((event) => ['apply', 'promote', 'wait'].includes(event.do)))
    expect(good.some(({ state }) => headerRoutesOf(state.world, WEB).some(({ complete }) => complete))).toBe(true)
  })

  it('says where the bound cut it', () => {
    expect(explore(world, WEB, profile, { moments: 3, turns: 1 })).toMatchObject({ cut: 'moments', tried: 3 })
    expect(explore(world, WEB, profile, { moments: 1000, turns: 0 }).states.length).toBeLessThan(exploration.states.length)
  })

  it('does not run Rollouts that cannot be seen from this one', () => {
    const stranger: KubeObject = { ...rollout({ canary: {} }), metadata: { name: 'stranger', namespace: 'default' } }
    const { states } = explore(new Map([...world, ['x', stranger], ['y', service('z')]]), WEB, profile)
    expect(states.some(({ state }) => [...state.world.values()].some(({ metadata }) => metadata.name === 'stranger'))).toBe(false)
  })

  it('updates a Rollout that takes its template from a Deployment through the same states', () => {
    const { template, ...spec } = rollout(canary(steps))['spec'] as Readonly<Record<string, unknown>>
    const deployment: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app', namespace: 'default' }, spec: { replicas: 0, selector: spec['selector'], template } }
    const subject = { ...rollout({}), spec: { ...spec, workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' } } }
    const { states } = explore(new Map([...smallWorld(subject), ['d', deployment]]), WEB, profile)
    const places = (found: typeof states): readonly string[] => [...new Set(found.map(({ state: { moment } }) => `${moment.at} ${moment.at === 'step' ? moment.index : ''}`))].sort()
    expect(places(states)).toEqual(expect.arrayContaining([...places(exploration.states)]))
  })

  it('tells where its own Rollout stands, whichever comes first by name', () => {
    const text = JSON.stringify({ ...rollout(canary(steps)), metadata: { name: 'a-neighbour', namespace: 'default' } }).replaceAll('web-', 'other-').replaceAll('"hr"', '"other-hr"')
    const shared = ingress('web', [{ http: { paths: [pathTo('web-root'), pathTo('other-root')] } }])
    const beside = smallWorld(rollout(canary(steps)), [shared, service('other-root'), service('other-canary'), service('other-stable'), JSON.parse(text) as KubeObject])
    const { states } = explore(beside, WEB, profile)
    const isUnderWay = ({ world: live }: State): boolean => {
      const status = live.get(refKey(WEB))?.['status'] as { readonly currentPodHash?: string; readonly stableRS?: string; readonly abort?: boolean }
      return (status.stableRS ?? '') !== '' && status.currentPodHash !== status.stableRS && status.abort !== true
    }
    expect(states.filter(({ state }) => isUnderWay(state)).length).toBeGreaterThan(5)
    expect(states.filter(({ state }) => isUnderWay(state) !== (state.moment.at === 'step')).map(({ story }) => describeStory(story))).toEqual([])
    const events = [{ do: 'apply', image: 'app:next', rollout: 'web' }] as const
    expect(seenFrom(simulate(beside, { events, profile }).states.at(-1) as State, WEB).moment).toMatchObject({ at: 'step' })
  })

  it('refuses a Rollout that the world does not hold', () => {
    expect(() => explore(world, { ...WEB, name: 'other' }, profile)).toThrow(RolloutsError)
  })
})

function sameObjects(a: ReadonlyMap<string, KubeObject>, b: ReadonlyMap<string, KubeObject>): boolean {
  return [...a].every(([key, object]) => jsonEqual(object, b.get(key)))
}
