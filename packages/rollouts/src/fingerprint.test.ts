import type { KubeObject } from '@rollsync/manifests'
import fc from 'fast-check'
import { expect, it } from 'vitest'

import { fingerprint, isSameWorld } from './fingerprint.ts'
import { worldOf } from './world.ts'

const map = (...keys: readonly string[]): fc.Arbitrary<Readonly<Record<string, unknown>>> => {
  const value = fc.oneof(fc.constantFrom(undefined, null, 0, 1, 'a'), fc.constant([1]), fc.constant({ a: 1 }))
  return fc.dictionary(fc.constantFrom(...keys, 'constructor', 'a'), value, { maxKeys: 3 })
}
const object: fc.Arbitrary<KubeObject> = fc.record({ metadata: map('generation', 'annotations'), status: fc.option(map('observedGeneration', 'conditions')), spec: map() }, { requiredKeys: ['metadata'] })
  .map(({ metadata, ...rest }) => ({ apiVersion: 'v1', kind: 'Service', metadata: { ...metadata, name: 'web' }, ...rest }))

it('two worlds are the same exactly where their fingerprints are', () => {
  fc.assert(fc.property(object, object, (a, b) => {
    const [left, right] = [worldOf([a]), worldOf([b])]
    expect(isSameWorld(left, right)).toBe(fingerprint(left) === fingerprint(right))
  }), { numRuns: 2000 })
})

it('passes over generations, which only count up', () => {
  const at = (generation: number): KubeObject => ({ apiVersion: 'v1', kind: 'Rollout', metadata: { name: 'web', generation }, status: { observedGeneration: String(generation), phase: 'Healthy' } })
  expect(isSameWorld(worldOf([at(1)]), worldOf([at(2)]))).toBe(true)
})
