import { describe, expect, it } from 'vitest'
import { joinAnswer, mergePatch } from './record-calls.mjs'

describe('an answer recorded again', () => {
  it('stands with the versions that answer alike, the newest first', () => {
    const answers = [{ versions: ['v1.10.2'], errors: [] }, { versions: ['v1.9.3', 'v1.8.5'], errors: ['a'] }]
    expect(joinAnswer(answers, 'v1.8.5', { errors: [] })).toEqual([{ versions: ['v1.10.2', 'v1.8.5'], errors: [] }, { versions: ['v1.9.3'], errors: ['a'] }])
  })

  it('changes nothing where it is what is recorded', () => {
    const answers = [{ versions: ['v1.10.2', 'v1.9.3'], panic: 'x' }]
    expect(joinAnswer(answers, 'v1.9.3', { panic: 'x' })).toEqual(answers)
  })

  it('is new for a new version', () => {
    expect(joinAnswer([{ versions: ['v1.10.2'] }], 'v1.11.0', { error: 'x' })).toEqual([{ versions: ['v1.11.0'], error: 'x' }, { versions: ['v1.10.2'] }])
  })
})

it('a case is a merge patch of the base', () => {
  expect(mergePatch({ a: { b: 1, c: 2 } }, { a: { b: null, d: [3] } })).toEqual({ a: { c: 2, d: [3] } })
})
