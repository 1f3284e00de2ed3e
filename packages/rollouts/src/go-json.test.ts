import { describe, expect, it } from 'vitest'
import { goJson, goMapJson, withLongEscapes } from './go-json.ts'

describe('goJson', () => {
  it('escapes what encoding/json escapes, and nothing else', () => {
    expect(goJson('<a> & "b" \\ / é \u2028 \u2029 \u007f \u0001 \t')).toBe('"\\u003ca\\u003e \\u0026 \\"b\\" \\\\ / é \\u2028 \\u2029 \u007f \\u0001 \\t"')
  })

  it('prints a lone surrogate as the replacement character', () => {
    expect(goJson('a\ud800b\\ud800')).toBe('"a\ufffdb\\\\ud800"')
    expect(goJson('\u{1f600}')).toBe('"\u{1f600}"')
  })

  it('keeps the order of a struct and leaves undefined out', () => {
    expect(goJson({ b: 1, a: [undefined, null, { d: undefined, c: true }] })).toBe('{"b":1,"a":[null,null,{"c":true}]}')
  })
})

describe('goMapJson', () => {
  it('sorts keys at every depth', () => {
    expect(goMapJson({ b: [{ z: 1, y: 2 }], a: '<' })).toBe('{"a":"\\u003c","b":[{"y":2,"z":1}]}')
  })
})

describe('withLongEscapes', () => {
  it('spells \\b and \\f as Go before 1.22 does, and leaves an escaped backslash alone', () => {
    expect(withLongEscapes(goJson('\b\f\\b'))).toBe('"\\u0008\\u000c\\\\b"')
  })
})
