import { link, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseState, printState } from './gate-state.ts'
import { stateFile, type StateStore } from './state-file.ts'

let folder: string
let count = 0
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'rollsync-state-'))))
afterEach(async () => rm(folder, { recursive: true, force: true }))
const store = (with_: typeof fs = fs): StateStore => stateFile(join(folder, 'deep/er/gate.json'), with_, () => `${count++}`)

describe('a state file', () => {
  it('gives what was written last, and is a row of files that are never changed', async () => {
    expect(await store().read()).toBeUndefined()
    expect([await store().write(1, 'a'), await store().write(2, 'b')]).toEqual(['written', 'written'])
    expect(await store().read()).toEqual({ generation: 2, text: 'b' })
    expect((await readdir(join(folder, 'deep/er'))).sort()).toEqual(['gate.json', 'gate.json.2'])
    expect(await readFile(join(folder, 'deep/er/gate.json'), 'utf8')).toBe('a')
  })

  it('lets the first of many writers win', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, async (_, i) => store().write(1, `writer ${i}`)))
    expect(answers.filter((one) => one === 'written')).toHaveLength(1)
    expect((await store().read())?.text).toBe(`writer ${answers.indexOf('written')}`)
    expect(await readdir(join(folder, 'deep/er'))).toEqual(['gate.json'])
  })

  it('does so where there are no hard links', async () => {
    const without = { ...fs, link: async () => Promise.reject(Object.assign(new Error('not permitted'), { code: 'EPERM' })) }
    const answers = await Promise.all(Array.from({ length: 10 }, async (_, i) => store(without).write(1, `writer ${i}`)))
    expect(answers.filter((one) => one === 'written')).toHaveLength(1)
  })

  it('says that it cannot be written, and leaves nothing behind', async () => {
    await writeFile(join(folder, 'deep'), 'a file in the way')
    await expect(store().write(1, 'a')).rejects.toMatchObject({ code: 'state-unwritable' })
    const full = { ...fs, link: async (from: fs.FileHandle | string, to: string) => link(String(from), join(to, 'nowhere/at/all')) } as unknown as typeof fs
    await rm(join(folder, 'deep'))
    await expect(store(full).write(1, 'a')).rejects.toMatchObject({ code: 'state-unwritable' })
    expect(await readdir(join(folder, 'deep/er'))).toEqual([])
  })
})

describe('a state', () => {
  const state = { version: 1, rollout: { namespace: 'a', name: 'b' }, openedAt: '2026-01-01T00:00:00.000Z', deadline: '2026-01-01T00:30:00.000Z', onDeadline: 'revert', promote: 'step', settleSeconds: 600 } as const

  it('is read as it was written', () => expect(parseState(printState(state), 'f')).toEqual(state))

  it.each<[string, unknown]>([
    ['no object', []], ['another version', { ...state, version: 2 }], ['no deadline', { ...state, deadline: undefined }], ['a deadline that is no time', { ...state, deadline: 'soon' }], ['an unknown action', { ...state, onDeadline: 'explode' }],
    ['a release without images', { ...state, release: { podHash: 'a', stableHash: 'b' } }], ['a decision of no kind', { ...state, decision: { verdict: 'maybe', at: state.deadline } }], ['a Rollout without a namespace', { ...state, rollout: { name: 'b' } }],
  ])('is refused with %s', (_, value) => {
    let code: unknown
    try {
      parseState(JSON.stringify(value), 'f')
    } catch (error) {
      code = (error as { code: unknown }).code
    }
    expect(code).toBe('bad-state')
  })
})
