import { afterAll, describe, expect, it } from 'vitest'
import { jqEngine } from './engine.ts'
import { gojqEngine } from './gojq-engine.ts'

const opened = await gojqEngine('0.12.17')
if (!opened) console.log('gojq.wasm is not built (Go is not installed): foreign expressions are not tested against it')

describe.skipIf(!opened)('gojq behind our grammar', () => {
  const engine = jqEngine({ gojq: '0.12.17', foreign: async () => opened ?? Promise.reject(new Error('not built')) })
  afterAll(async () => engine.close?.())

  it('answers foreign expressions in the words of its release', async () => {
    const answers = await Promise.all([
      engine.del('select(.s | test("(?=x)"))', { s: 'x' }),
      engine.del('select(.s | @csv)', { s: 'x' }),
      engine.del('select(.s | gsub("x"; "") == "") | .s', { s: 'x', t: 1 }),
      engine.check('select(.s | @csv)'),
      engine.check('(.s | @csv) | trimstr("x")'),
    ])
    expect(answers).toEqual([
      { answer: 'error', by: 'gojq', error: 'JQ patch returned error: invalid regular expression "(?=x)": error parsing regexp: invalid or unsupported Perl syntax: `(?=`' },
      { answer: 'error', by: 'gojq', error: 'JQ patch returned error: @csv cannot be applied to: string ("x")' },
      { answer: 'object', object: { t: 1 } },
      { check: 'valid' },
      { answer: 'invalid', by: 'gojq', error: 'function not defined: trimstr/1' },
    ])
  })
})
