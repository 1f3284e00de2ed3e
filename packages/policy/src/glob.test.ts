import { expect, it } from 'vitest'
import { globMatcher } from './glob.ts'

it('matches a path by any of the globs', () => {
  const matches = globMatcher(['*.yaml', 'a/**'])
  expect(['b.yaml', 'a/b/c.json', 'b/c.yaml', '.b.yaml'].map(matches)).toEqual([true, true, false, false])
  expect(globMatcher(['*.yaml'], { dot: true })('.b.yaml')).toBe(true)
})

it.each([['x'.repeat(50_000)], ['x'.repeat(100_000)], ['[z-a]'], ['('], ['{a'], ['']])('matches nothing by a glob that no expression can be made of, and says so by no error', (glob) => {
  expect(globMatcher([glob, 'b'])('a')).toBe(false)
  expect(globMatcher([glob, 'a'])('a')).toBe(true)
})
