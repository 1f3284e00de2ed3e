import { describe, expect, it } from 'vitest'
import { jqEngine } from './engine.ts'

const engine = jqEngine({ gojq: '0.12.19', foreign: 'none' })
const ingress = {
  spec: { rules: [{ host: 'a', http: { paths: [{ backend: { service: { name: 'canary' } } }, { backend: { service: { name: 'active' } } }] } }, { host: 'b' }] },
}

describe('the grammar that Argo CD users write', () => {
  it('takes the managed route out of every rule and keeps the list', () => {
    expect(engine.del('.spec.rules[]?.http.paths[]?|select(.backend.service.name=="canary")', ingress)).toEqual({
      answer: 'object',
      object: { spec: { rules: [{ host: 'a', http: { paths: [{ backend: { service: { name: 'active' } } }] } }, { host: 'b' }] } },
    })
    expect(ingress.spec.rules[0]?.http?.paths).toHaveLength(2)
  })

  it('keeps an emptied list as a list and shares what it does not change', () => {
    const object = { kept: { deep: [1] }, list: [{ name: 'x' }] }
    const answer = engine.del('.list[]|select(.name=="x")', object)
    expect(answer).toEqual({ answer: 'object', object: { kept: { deep: [1] }, list: [] } })
    expect(answer).toHaveProperty('object.kept', object.kept)
  })

  it('deletes all indices at once, so that none moves under another', () => {
    expect(engine.del('.[0],.[1],.[0]', [1, 2, 3])).toEqual({ answer: 'object', object: [3] })
  })

  it('fails as a whole on the first run-time error', () => {
    expect(engine.del('.spec.rules[].http.paths[]', ingress)).toEqual({ answer: 'error', error: 'JQ patch returned error: cannot iterate over: null' })
  })

  it.each([
    ['.spec.rules[]?.http.paths[]?|select (.backend. service.name=="x")', 'unexpected token "service"'],
    ['.a # c', 'unexpected EOF'],
    ['', 'unexpected token ")"'],
    ['.a); del(.b', 'unexpected token ";"'],
    ['.a == .b == .c', 'unexpected token "=="'],
    ['"\\q"', 'invalid escape sequence "\\q" in string literal'],
    ['1x', 'invalid token "1x"'],
    ['"a', 'unterminated string literal'],
    ['.a "b"', 'unexpected token "\\"b\\""'],
    ['-1 .a | nope', 'function not defined: nope/0'],
    ['nope', 'function not defined: nope/0'],
    ['$x', 'variable not defined: $x'],
    ['break $x', 'label not defined: $x'],
    ['input', 'input(s)/0 is not allowed'],
    ['debug("x")', 'function not defined: debug/1'],
  ])('says of %j what gojq says', (expression, error) => {
    expect(engine.check(expression)).toEqual({ answer: 'invalid', error, by: 'grammar' })
    expect(engine.del(expression, {})).toEqual({ answer: 'invalid', error, by: 'grammar' })
  })

  it.each([
    ['.a) | del(.b', { a: 1, b: 2, c: 3 }, { answer: 'object', object: { c: 3 } }],
    ['.a) , del(.b', {}, { answer: 'error', error: 'JQ patch returned multiple objects' }],
    ['.a) | empty | del(.b', {}, { answer: 'error', error: 'JQ patch did not return any data' }],
    ['.', { a: 1 }, { answer: 'object', object: null }],
    ['.a | 1', { a: 1 }, { answer: 'unverified' }],
    ['.a | 1', { a: 2 }, { answer: 'error', error: 'JQ patch returned error: invalid path against: number (1)' }],
  ])('pastes %j as text into del()', (expression, object, answer) => {
    expect(engine.del(expression, object)).toMatchObject(answer)
  })

  it('overlooks, as gojq does, what follows a literal that is a key or has a sign', () => {
    expect(engine.del('.["a"[0:1]], .[-1 .b]', { a: 1, b: 2 })).toEqual({ answer: 'error', error: 'JQ patch returned error: expected an array but got: object ({"a":1,"b":2})' })
    expect(engine.del('.["a"[0:1]]', { a: 1, b: 2 })).toEqual({ answer: 'object', object: { b: 2 } })
  })

  it('treats __proto__ and constructor as any other key', () => {
    const object = JSON.parse('{"__proto__":{"a":1},"constructor":{"b":1,"c":2}}') as unknown
    expect(JSON.stringify(engine.del('.["__proto__"].a,.constructor.b,.toString.x', object))).toBe('{"answer":"object","object":{"__proto__":{},"constructor":{"c":2}}}')
  })

  it.each(['0.12.13', '0.12.17', '0.12.18', '0.12.19'] as const)('knows the functions of %s', (gojq) => {
    const known = (expression: string): boolean => !('error' in jqEngine({ gojq, foreign: 'none' }).check(expression))
    const isFirst = gojq === '0.12.13'
    expect([known('leaf_paths'), known('pick(.a)'), known('ltrim'), known('trimstr("a")')]).toEqual([isFirst, !isFirst, !isFirst, gojq >= '0.12.18'])
  })

  it.each(['def f: f; f', 'repeat(.)', 'recurse(.)', 'while(true;.)', 'until(false;.)', 'last(repeat(1))', 'def f: 1+f; f', '.a|recurse(.x)', 'last(range(1000000000))|.spec', '[range(1e9)]|length'])('sees that %s never ends', (expression) => {
    expect(engine.del(expression, {})).toEqual({ answer: 'error', error: 'JQ patch execution timed out (1s)' })
  })

  it.each(['def f: .; f|f|f', 'first(repeat(.))', 'limit(100;repeat(.))', 'select(first(range(1e9)) == 0)', 'select([range(0;1;0)] == [])', 'select([range(0;-1e9)] == [])', `def f: .; ${'f|'.repeat(300)}f`])('sees that %s ends', (expression) => {
    expect(engine.del(expression, {})).toEqual({ answer: 'object', object: null })
  })

  it('counts the outputs of what never ends', () => {
    expect(engine.del('.x) | repeat(.) | del(.x', {})).toEqual({ answer: 'error', error: 'JQ patch returned multiple objects' })
  })

  it('refuses, as 0.12.13 did, an operator in an object', () => {
    expect(jqEngine({ gojq: '0.12.13', foreign: 'none' }).check('{a: .b = , c}')).toMatchObject({ answer: 'invalid', error: 'unexpected token "="' })
    expect(engine.check('{a: .b = , c}')).toMatchObject({ answer: 'invalid', error: 'unexpected token ","' })
  })

  it('leaves what may never end to an engine with a clock', () => {
    expect(engine.del('def f(g): f(g|.); f(.)', {})).toMatchObject({ answer: 'unverified' })
    expect(engine.del(`${'('.repeat(5000)}.${')'.repeat(5000)}`, {})).toMatchObject({ answer: 'unverified' })
  })
})
