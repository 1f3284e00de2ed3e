import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { foldRecording, joinResult, printWalk } from './fold-walk.mjs'

const packs = new URL('../vectors/rollouts/', import.meta.url)

/** The texts of all recorded walks, byte for byte: a pack holds them between its own braces. */
const recordedTexts = () =>
  readdirSync(fileURLToPath(packs)).filter(name => name.endsWith('.json.br')).flatMap(name => {
    const text = brotliDecompressSync(readFileSync(new URL(name, packs))).toString('utf8')
    return text.slice(text.indexOf('\n') + 1, text.lastIndexOf('\n} }')).split(/,\n(?="[^"]+\.json": \{"format")/).map(member => `${member.slice(member.indexOf('": ') + 3)}\n`)
  })

describe('a walk file', () => {
  const texts = recordedTexts()

  it('is printed as it was recorded, byte for byte', () => {
    expect(texts.length).toBeGreaterThan(300)
    for (const text of texts) expect(printWalk(JSON.parse(text)) === text).toBe(true)
  })

  it('comes out the same when a version is taken away and its result joined again', () => {
    for (const text of texts.filter((_, index) => index % 7 === 0)) {
      const walk = JSON.parse(text)
      for (const { versions: [version], ...result } of walk.results) {
        expect(printWalk(joinResult(walk, version, { result, trace: walk.trace.moments })) === text).toBe(true)
      }
    }
  })

  it('keeps a version that behaves otherwise in an entry of its own, newest first', () => {
    const walk = { scenario: {}, results: [{ versions: ['v1.10.2', 'v1.9.3'], objects: {}, moments: [] }], trace: { version: 'v1.10.2', moments: [] } }
    const other = { result: { objects: {}, moments: [1] }, trace: [2] }
    expect(joinResult(walk, 'v1.9.3', other).results.map(({ versions }) => versions)).toEqual([['v1.10.2'], ['v1.9.3']])
    expect(joinResult(walk, 'v1.9.3', other).trace).toEqual(walk.trace)
    expect(joinResult(walk, 'v1.11.0', other).results.map(({ versions }) => versions)).toEqual([['v1.11.0'], ['v1.10.2', 'v1.9.3']])
    expect(joinResult(walk, 'v1.11.0', other).trace).toEqual({ version: 'v1.11.0', moments: [2] })
  })
})

describe('folding what the recorder wrote down', () => {
  const state = { rollouts: { web: { image: 'a', status: { phase: 'Paused', observedGeneration: '3', pauseConditions: [{ reason: 'CanaryPauseStep', startTime: 'x' }] } } }, ingresses: { web: { spec: { service: 'web-abc1' } } }, services: {}, replicaSets: [{ name: 'web-abc1', hash: 'abc1' }] }
  const status = { verb: 'patch', kind: 'Rollout', patch: '{"status":{}}', by: 'rollouts' }
  const patch = { verb: 'patch', kind: 'Service', patch: '{"hash":"abc1"}', by: 'rollouts' }
  const sync = (writes, more = {}) => ({ by: 'rollouts', key: 'web', writes, ...more })
  const recording = { scenario: { group: 'seed', name: 'x' }, hashes: ['abc1'], moments: [{ event: 0, clock: 'c', pods: 'ready', syncs: [sync([status, patch], { events: ['Normal Paused why'] }), sync([], { error: 'at 0xc000123456' })], idle: [sync([])], state }] }

  it('renames hashes, names equal objects once and leaves status writes out', () => {
    const { result } = foldRecording(recording, 'v1.10.2')
    expect(result.objects).toEqual({ r1: { image: 'a', status: { phase: 'Paused', pauseConditions: ['CanaryPauseStep'] } }, i1: { spec: { service: 'web-hash-1' } }, p1: { name: 'web-hash-1', hash: 'hash-1' } })
    expect(result.moments).toEqual([{ event: 0, clock: 'c', pods: 'ready', writes: [{ ...patch, patch: '{"hash":"hash-1"}' }], errors: [{ by: 'rollouts', on: 'web', error: 'at 0xADDRESS' }], state: { rollouts: { web: 'r1' }, ingresses: { web: 'i1' }, services: {}, replicaSets: ['p1'] } }])
  })

  it('traces each sync', () => {
    const [{ syncs }] = foldRecording(recording, 'v1.10.2').trace
    expect(syncs).toEqual([{ by: 'rollouts', on: 'web', writes: 1, status: '{"status":{}}', events: ['Paused'] }, { by: 'rollouts', on: 'web', writes: 0, error: 'at 0xADDRESS' }])
  })

  it('tells a cycle from a loop that only the status goes through', () => {
    const cycle = (states, writes) => foldRecording({ ...recording, moments: [{ ...recording.moments[0], cycle: { syncs: [sync(writes)], states } }] }, 'v1.10.2').result.moments[0]
    expect(cycle([state, state], [status])).toMatchObject({ statusLoop: true })
    expect(cycle([state, { ...state, ingresses: {} }], [status])).toMatchObject({ cycle: { writes: [] } })
    expect(cycle([state, state], [patch])).toHaveProperty('cycle')
  })

  it('leaves out the walk that an old release built with its own Go would have written otherwise', () => {
    const odd = { ...recording, scenario: { group: 'header', name: 'control-characters' } }
    expect(foldRecording(odd, 'v1.7.2')).toBeUndefined()
    expect(foldRecording(odd, 'v1.8.5')).toBeDefined()
  })
})
