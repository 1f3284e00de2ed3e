import { existsSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { type Gojq, openGojq } from './gojq.ts'

const isBuilt = existsSync(new URL('../wasm/gojq.wasm', import.meta.url))
if (!isBuilt) console.log('gojq.wasm is not built (Go is not installed): its tests are skipped')

describe.skipIf(!isBuilt)('gojq as WebAssembly', () => {
  let gojq: Promise<Gojq> | undefined
  const open = (): Promise<Gojq> => (gojq ??= openGojq())
  afterAll(async () => (await gojq)?.close())

  it('answers many expressions on many objects in one request', async () => {
    const reply = await (await open()).evaluate({
      gojq: '0.12.19', limit: 1000, expressions: ['.a', '.b.c', '.a['], objects: [{ a: 1, b: { c: 2 } }, { b: 1 }], pairs: [[0, 0], [1, 0], [1, 1], [2, 0]],
    })
    expect(reply.invalid).toEqual([null, null, 'unexpected token ")"'])
    expect(reply.answers).toMatchObject([
      { answer: 'object', object: { b: { c: 2 } } },
      { answer: 'object', object: { a: 1, b: {} } },
      { answer: 'error', error: 'JQ patch returned error: expected an object but got: number (1)' },
      { answer: 'invalid', error: 'unexpected token ")"' },
    ])
  })

  it.each([
    ['0.12.13', { answer: 'object' }],
    ['0.12.17', { answer: 'error', error: 'JQ patch returned error: ltrimstr("a") cannot be applied to: number (1)' }],
    ['0.12.18', { answer: 'error' }],
    ['0.12.19', { answer: 'error' }],
  ] as const)('holds release %s', async (release, answer) => {
    const reply = await (await open()).evaluate({ gojq: release, limit: 1000, expressions: ['select(.a|ltrimstr("a"))'], objects: [{ a: 1 }], pairs: [[0, 0]] })
    expect(reply.answers).toMatchObject([answer])
  })

  it('stops what does not end at the limit and answers the rest', async () => {
    const reply = await (await open()).evaluate({ gojq: '0.12.19', limit: 50, expressions: ['def f: f; f', '.a'], objects: [{ a: 1 }], pairs: [[0, 0], [1, 0]] })
    expect(reply.answers).toMatchObject([{ answer: 'timed out' }, { answer: 'object', object: {} }])
  })

  it('keeps keys such as __proto__ and text of every kind', async () => {
    const object = JSON.parse('{"__proto__":{"a":1},"text":"héllo 😀 \\u0000","a":1}') as unknown
    const reply = await (await open()).evaluate({ gojq: '0.12.19', limit: 1000, expressions: ['.a'], objects: [object], pairs: [[0, 0]] })
    expect(JSON.stringify(reply.answers[0])).toContain('"object":{"__proto__":{"a":1},"text":"héllo 😀 \\u0000"}')
  })

  it('answers again after a request that filled much memory', async () => {
    const own = await openGojq()
    const hungry = own.evaluate({ gojq: '0.12.19', limit: 300, expressions: ['[range(1e9)]'], objects: [{}], pairs: [[0, 0]] })
    await expect(hungry.then((reply) => reply.answers[0]?.answer, () => 'stopped')).resolves.toMatch(/timed out|stopped/)
    const reply = await own.evaluate({ gojq: '0.12.19', limit: 1000, expressions: ['.a'], objects: [{ a: 1 }], pairs: [[0, 0]] })
    expect(reply.answers).toMatchObject([{ answer: 'object', object: {} }])
    await own.close()
  })
})
