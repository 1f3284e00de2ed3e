import { describe, expect, it } from 'vitest'
import { reshape, type Shape } from './go-shape.ts'
import { rolloutsProfile } from './profile.ts'
import { admitRollout } from './rollout-shape.ts'
import { canary, header, rollout } from './small-world.test-d.ts'

const shape: Shape = { struct: [
  ['name', 'string', 'always'], ['weight', 'int', 'pointer'], ['on', 'bool', 'omitempty'], ['match', { list: { struct: [['value', 'string', 'always']] } }, 'omitempty'], ['next', 'any', 'nullable'],
] }

describe('reshape', () => {
  it('prints what the type prints, in its order, and drops what it does not know', () => {
    expect(JSON.stringify(reshape({ unknown: 1, weight: 0, on: false, match: [], name: 'a' }, shape))).toBe('{"name":"a","weight":0,"next":null}')
    expect(reshape({ match: [{}], weight: null, on: true }, shape)).toEqual({ name: '', on: true, match: [{ value: '' }], next: null })
  })

  it('says by pointer where JSON and type do not fit', () => {
    expect(() => reshape({ match: [{ value: 1 }] }, shape, ['spec'])).toThrow('/spec/match/0/value must be a string, not 1')
    expect(() => reshape({ weight: 1.5 }, shape)).toThrow('/weight must be a whole number, not 1.5')
    expect(() => reshape({ match: {} }, shape)).toThrow('/match must be a list, not a map')
    expect(() => reshape([], shape)).toThrow('the object must be a map, not a list')
  })
})

describe('admitRollout', () => {
  it('reads an empty list as none: a header route with `match: []` is one to remove', () => {
    const subject = admitRollout(rollout(canary([{ setHeaderRoute: { name: 'hr', match: [] } }, header('hr')])), rolloutsProfile('v1.10.2').profile)
    expect(subject.spec.strategy.canary?.steps?.map((step) => step.setHeaderRoute?.match?.length)).toEqual([undefined, 1])
  })

  it('knows no field that its version does not know', () => {
    const subject = rollout(canary([], { replicaProgressThreshold: { type: 'Percent', value: 50 } }))
    const threshold = (version: string): unknown => admitRollout(subject, rolloutsProfile(version).profile).spec.strategy.canary?.replicaProgressThreshold
    expect([threshold('v1.10.2'), threshold('v1.8.5')]).toEqual([{ type: 'Percent', value: 50 }, undefined])
  })
})
