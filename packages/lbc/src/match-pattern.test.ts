import { expect, it } from 'vitest'
import { exampleOf, matchesPattern } from './match-pattern.ts'

it('lets a star stand for any run, also an empty one and one with slashes', () => {
  expect(['/', '/a', '/a/b'].map((path) => matchesPattern(path, '/*', 'case matters'))).toEqual([true, true, true])
  expect(matchesPattern('a-b-c', 'a*b*c', 'case matters')).toBe(true)
  expect(matchesPattern('a-b', 'a*b*c', 'case matters')).toBe(false)
})

it('lets a question mark stand for exactly one character', () => {
  expect(['v', 'v1', 'v12'].map((value) => matchesPattern(value, 'v?', 'any case'))).toEqual([false, true, false])
  expect(matchesPattern('v😀', 'v?', 'any case')).toBe(true)
})

it('matches the whole text, not a part', () => {
  expect(matchesPattern('22', '2', 'any case')).toBe(false)
})

it('tells letters of a different case apart only where that is asked', () => {
  expect(matchesPattern('ABC', 'abc', 'any case')).toBe(true)
  expect(matchesPattern('ABC', 'abc', 'case matters')).toBe(false)
})

it('reads a backslash as an escape only where ALB does', () => {
  expect(matchesPattern('a*', 'a\\*', 'any case', 'backslash escapes')).toBe(true)
  expect(matchesPattern('ab', 'a\\*', 'any case', 'backslash escapes')).toBe(false)
  expect(matchesPattern('a\\b', 'a\\*', 'any case')).toBe(true)
})

it('is quick for many stars', () => {
  expect(matchesPattern('a'.repeat(5000), `${'*a'.repeat(200)}*b`, 'case matters')).toBe(false)
})

it('gives an example that matches', () => {
  for (const pattern of ['', '*', 'v?-*', '/*', '*.example.com']) expect(matchesPattern(exampleOf(pattern, 'x'), pattern, 'case matters')).toBe(true)
})
