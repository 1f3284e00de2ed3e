import { describe, expect, it } from 'vitest'
import { durationSeconds, rfc3339, secondsOf } from './clock.ts'

describe('durationSeconds', () => {
  it.each([[20, 20], ['20', 20], ['60s', 60], ['1m30s', 90], ['1.5h', 5400], ['1500ms', 1], ['-5s', -5], ['0s', 0], ['soon', -1], ['5', 5], ['1d', -1], ['', -1]])('reads %j as %d', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds)
  })

  it('is 0 where there is none', () => {
    expect(durationSeconds(undefined)).toBe(0)
  })
})

it('prints and reads times as Go does', () => {
  expect(rfc3339(secondsOf('2026-01-01T00:00:59Z') + 2)).toBe('2026-01-01T00:01:01Z')
  expect(secondsOf('2026-01-01T02:00:00+02:00')).toBe(secondsOf('2026-01-01T00:00:00Z'))
})
