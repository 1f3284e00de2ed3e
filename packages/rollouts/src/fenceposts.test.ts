import { describe, expect, it } from 'vitest'
import { maxSurge, maxUnavailable } from './fenceposts.ts'
import { rollout } from './small-world.test-d.ts'
import type { Rollout } from './rollout.ts'

const of = (canary: Readonly<Record<string, unknown>>, replicas = 10): Rollout => rollout({ canary }, { replicas }) as Rollout
const both = (one: Rollout): readonly number[] => [maxSurge(one), maxUnavailable(one)]

describe('maxSurge and maxUnavailable', () => {
  it('are a quarter unless given, surge rounded up, unavailable down', () => {
    expect(both(of({}))).toEqual([3, 2])
    expect(both(of({}, 1))).toEqual([1, 0])
  })

  it('take numbers as they are and every text as a percentage, with or without the sign', () => {
    expect(both(of({ maxSurge: 4, maxUnavailable: 1 }))).toEqual([4, 1])
    expect(both(of({ maxSurge: '30%', maxUnavailable: '30' }))).toEqual([3, 3])
  })

  it('let one pod go where neither leaves room', () => {
    expect(both(of({ maxSurge: 0, maxUnavailable: 0 }))).toEqual([0, 1])
    expect(both(of({ maxSurge: 0, maxUnavailable: '9%' }))).toEqual([0, 1])
  })

  it('are both 0 where one cannot be read', () => {
    expect(both(of({ maxSurge: 'many', maxUnavailable: 3 }))).toEqual([0, 0])
  })

  it('let no more pods go than there are', () => {
    expect(maxUnavailable(of({ maxUnavailable: 20 }, 2))).toBe(2)
    expect(maxUnavailable(of({ maxUnavailable: 20 }, 0))).toBe(0)
  })
})
