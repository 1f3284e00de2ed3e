import { afterAll, describe, expect, it } from 'vitest'
import { InvalidExpression } from './beyond-grammar.ts'
import { jqEngine } from './engine.ts'
import { jqWasmEngine } from './jq-wasm-engine.ts'
import { findDoubt, findDoubtInObject } from './lint.ts'

describe('what jq may answer differently', () => {
  it.each([
    ['.a // .b', 'the alternative //'],
    ['select(.env | has("x"))', 'the function has/1'],
    ['first(to_entries[] | {b: .value, a: .key})', 'an object'],
    ['select(.a | test("(?=x)"))', 'the regular expression of test'],
    ['select(env.HOME)', 'the function env/0'],
    ['repeat(.)', 'the function repeat/1'],
    ['select(.a == 1.50)', 'a fraction'],
    ['select(.a | ltrimstr("x"))', 'the function ltrimstr/1'],
    ['.a + {}', 'the operator + in a path'],
  ])('is found in %s', (expression, construct) => {
    expect(findDoubt(expression, '0.12.19')).toMatchObject({ construct })
  })

  it.each(['.env', '.["env"]', '.spec.now', '.a | select(.test == "repeat(.)")', 'select(.a | @base64 == "eA==")', 'select(.name | test("^canary-[a-z]+$"))'])('is not found in the names of %s', (expression) => {
    expect(findDoubt(expression, '0.12.19')).toBeUndefined()
  })

  it('tells what gojq does not know at all from what jq answers differently', () => {
    expect(findDoubt('keys_unsorted', '0.12.19')).toBeInstanceOf(InvalidExpression)
    expect(findDoubt('def f: nope; .', '0.12.19')).toBeInstanceOf(InvalidExpression)
  })

  it('is found in objects', () => {
    expect(findDoubtInObject({ a: ['b', 1, 1.5, null, true] })).toBeUndefined()
    expect([findDoubtInObject({ a: ['é'] }), findDoubtInObject({ é: 1 }), findDoubtInObject([1e21]), findDoubtInObject(-0)].map((doubt) => doubt?.construct))
      .toEqual(['text beyond ASCII', 'text beyond ASCII', 'the number 1e+21', 'the number 0'])
  })
})

describe('jq standing in for gojq', () => {
  const engine = jqEngine({ gojq: '0.12.19', foreign: async (version) => jqWasmEngine(version) })
  afterAll(async () => engine.close?.())

  it('answers what the lint lets it, and says that errors are its own', async () => {
    const answers = await Promise.all([
      engine.del('select(.a | @base64 == "eA==") | .b', { b: 1, a: 'x' }),
      engine.del('select(.a | @base64 == "eA==") | .b', { b: 1, a: 'y' }),
      engine.del('.c | .["x" | @base64]', { c: 1 }),
      engine.del('(.a | @base64) | nope', {}),
    ])
    expect(answers).toMatchObject([
      { answer: 'object', object: { a: 'x' } },
      { answer: 'object', object: { b: 1, a: 'y' } },
      { answer: 'error', by: 'jq' },
      { answer: 'invalid', by: 'jq' },
    ])
  })

  it('is unverified, with the construct and the reason, where it might be wrong', async () => {
    expect(await engine.del('select(.a | test("(?=x)"))', { a: 'x' })).toMatchObject({ answer: 'unverified', construct: 'the regular expression of test' })
    expect(await engine.del('now', {})).toMatchObject({ answer: 'unverified', construct: 'now' })
  })

  it('gives up what does not end, and answers what stood beside it', async () => {
    const loop = 'select((.a | @base64) == "eA==" and (def f(g): f(g | .); f(.)))'
    const answers = await Promise.all([engine.del(loop, { a: 'x' }), engine.del(loop, { a: 'y', b: 1 })])
    expect(answers).toMatchObject([{ answer: 'unverified' }, { answer: 'object', object: { a: 'y', b: 1 } }])
  })
})
