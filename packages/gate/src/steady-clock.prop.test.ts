import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Believed, believe } from './steady-clock.ts'

const looks = fc.array(fc.record({ passed: fc.integer({ min: 0, max: 60_000 }), jump: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -1e9, max: 1e9 }) }) }), { maxLength: 40 })

it('never goes back, and never falls behind what has elapsed', () => {
  fc.assert(fc.property(looks, (list) => {
    let wall = 1e12
    let elapsed = 0
    let before: Believed | undefined
    for (const { passed, jump } of list) {
      elapsed += passed
      wall += passed + jump
      const now = believe(before, { wall, elapsed })
      if (before !== undefined) expect(now.time - before.time).toBeGreaterThanOrEqual(passed)
      before = now
    }
  }))
})

it('passes over a jump that is gone at the next look, and follows one that stays', () => {
  const start = believe(undefined, { wall: 1_000_000, elapsed: 0 })
  const jumped = believe(start, { wall: 9_000_000, elapsed: 5_000 })
  expect(jumped.time).toBe(1_005_000)
  expect(believe(jumped, { wall: 1_010_000, elapsed: 10_000 }).time).toBe(1_010_000)
  expect(believe(jumped, { wall: 9_005_000, elapsed: 10_000 }).time).toBe(9_005_000)
})

it('follows a wall clock that is corrected in small steps', () => {
  const start = believe(undefined, { wall: 0, elapsed: 0 })
  expect(believe(start, { wall: 5_900, elapsed: 5_000 }).time).toBe(5_900)
})
