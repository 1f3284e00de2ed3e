import { describe, expect, it } from 'vitest'
import { rolloutsProfile } from '../../profile.ts'
import type { Rollout } from '../../rollout.ts'
import { canary, rollout } from '../../small-world.test-d.ts'
import { type Annotations, MANAGED_ANNOTATIONS, withHeaderRoute, withoutManagedRoutes, withWeight } from './annotations.ts'

const { profile } = rolloutsProfile('v1.10.2')
const older = (version: string): typeof profile => rolloutsProfile(version).profile
const P = 'alb.ingress.kubernetes.io'

function albRollout(alb: Readonly<Record<string, unknown>> = {}, routes: readonly string[] = ['hr']): Rollout {
  const trafficRouting = { managedRoutes: routes.map((name) => ({ name })), alb: { ingress: 'web', rootService: 'web-root', servicePort: 80, ...alb } }
  return rollout(canary([], { trafficRouting })) as Rollout
}

const match = (...pairs: readonly (readonly [string, string])[]): { name: string; match: { headerName: string; headerValue: { exact: string } }[] } =>
  ({ name: 'hr', match: pairs.map(([headerName, exact]) => ({ headerName, headerValue: { exact } })) })
const managed = (list: readonly string[] | null): Annotations => ({ [MANAGED_ANNOTATIONS]: JSON.stringify({ web: list }) })

describe('the weight action', () => {
  it('names the canary first and the stable service last, whatever maxTrafficWeight says', () => {
    expect(withWeight({}, albRollout(), 20, [{ serviceName: 'extra', weight: 5 }] as never, profile)).toEqual({
      [`${P}/actions.web-root`]: `{"Type":"forward","ForwardConfig":{"TargetGroups":[${[['web-canary', 20], ['extra', 5], ['web-stable', 75]].map(([name, weight]) => `{"ServiceName":"${name}","ServicePort":"80","Weight":${weight}}`).join(',')}]}}`,
      [MANAGED_ANNOTATIONS]: `{"web":["${P}/actions.web-root"]}`,
    })
  })

  it('says stickiness inside the forward config, and fails for a duration out of range', () => {
    const sticky = (durationSeconds: number): Annotations => withWeight({}, albRollout({ stickinessConfig: { enabled: true, durationSeconds } }), 20, [], profile)
    expect(sticky(60)[`${P}/actions.web-root`]).toContain('],"TargetGroupStickinessConfig":{"Enabled":true,"DurationSeconds":60}}}')
    for (const seconds of [0, 604801]) expect(() => sticky(seconds)).toThrow('must be between 1 and 604800 seconds')
  })

  it('takes another prefix and the list of managed annotations as it finds it', () => {
    const next = withWeight(managed(['x']), albRollout({ annotationPrefix: 'my.io' }), 0, [], profile)
    expect(JSON.parse(next[MANAGED_ANNOTATIONS] ?? '')).toEqual({ web: ['x', 'my.io/actions.web-root'] })
  })

  it('makes annotations where there are none, since 1.8', () => {
    expect(() => withWeight(undefined, albRollout(), 0, [], profile)).not.toThrow()
    expect(() => withWeight(undefined, albRollout(), 0, [], older('v1.7.2'))).toThrow('nil map')
  })
})

describe('the header route', () => {
  it('is an action that forwards all to the canary, and a condition; since 1.7 with the values of a header together', () => {
    const route = match(['a', '1'], ['b', '2'], ['a', '3'])
    const condition = (version: string): unknown => JSON.parse(withHeaderRoute({}, albRollout(), route, older(version))[`${P}/conditions.hr`] ?? '').map((one: { httpHeaderConfig: { httpHeaderName: string; values: string[] } }) => [one.httpHeaderConfig.httpHeaderName, ...one.httpHeaderConfig.values])
    expect(condition('v1.10.2')).toEqual([['a', '1', '3'], ['b', '2']])
    expect(condition('v1.6.6')).toEqual([['a', '1'], ['b', '2'], ['a', '3']])
    expect(withHeaderRoute({}, albRollout(), route, profile)[`${P}/actions.hr`]).toBe('{"Type":"forward","ForwardConfig":{"TargetGroups":[{"ServiceName":"web-canary","ServicePort":"80","Weight":100}]}}')
  })

  it('escapes as the Go of the version does', () => {
    const value = (version: string): string | undefined => withHeaderRoute({}, albRollout(), match(['a', '<\b\f\u2028>']), older(version))[`${P}/conditions.hr`]
    expect(value('v1.10.2')).toContain('\\u003c\\b\\f\\u2028\\u003e')
    expect(value('v1.7.2')).toContain('\\u003c\\u0008\\u000c\\u2028\\u003e')
  })

  it('without a match is taken out, and panics on an Ingress without annotations', () => {
    const there = withHeaderRoute({ own: 'x' }, albRollout(), match(['a', '1']), profile)
    expect(withHeaderRoute(there, albRollout(), { name: 'hr' }, profile)).toEqual({ own: 'x', [MANAGED_ANNOTATIONS]: '{"web":[]}' })
    expect(() => withHeaderRoute(undefined, albRollout(), { name: 'hr' }, profile)).toThrow('nil map')
  })
})

describe('the removal of managed routes', () => {
  const keys = [`${P}/actions.hr`, `${P}/conditions.hr`] as const
  const listed = (annotations: Annotations): unknown => JSON.parse(annotations[MANAGED_ANNOTATIONS] ?? '').web

  it('drops both keys of each route from the annotations and from the list; a null list is an empty one', () => {
    expect(withoutManagedRoutes({ ...managed([...keys, 'kept']), [keys[0]]: '{}', other: 'x' }, albRollout(), profile)).toEqual({ [MANAGED_ANNOTATIONS]: '{"web":["kept"]}', other: 'x' })
    expect(listed(withoutManagedRoutes(managed(null), albRollout(), profile))).toEqual([])
  })

  it('panics over a key that is listed twice, when nothing else is left behind it', () => {
    expect(() => withoutManagedRoutes(managed([keys[0], keys[0]]), albRollout(), profile)).toThrow('slice bounds out of range')
  })

  it('panics over a list that is null as a whole, and over an Ingress without annotations', () => {
    expect(() => withoutManagedRoutes({ [MANAGED_ANNOTATIONS]: 'null' }, albRollout(), profile)).toThrow('nil map')
    expect(() => withoutManagedRoutes(undefined, albRollout(), profile)).toThrow('nil map')
  })
})
