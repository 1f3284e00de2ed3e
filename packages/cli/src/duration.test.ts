import { describe, expect, it } from 'vitest'
import { parseDuration } from './duration.ts'

describe('parseDuration', () => {
  it.each([['30m', 1800], ['90s', 90], ['1h30m', 5400], ['500ms', 0.5], ['1.5h', 5400], ['0s', 0], ['45', 45]])('reads %s as %d seconds', (text, seconds) => {
    expect(parseDuration(text, '--watch')).toBeCloseTo(seconds, 9)
  })

  it.each(['', ' ', 'soon', '-5m', '5 m', '5d', '1m x', '5m,', '1e3s', 'Infinity', '.5h', '5.', '1.5', '٣m'])('refuses %j and names the option', (text) => {
    expect(() => parseDuration(text, '--watch')).toThrow(expect.objectContaining({ code: 'USAGE', message: `--watch ${text}: not a duration` }))
  })
})
