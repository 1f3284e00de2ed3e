import { jsonEqual } from '@rollsync/manifests'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type JsonMap } from './json-map.ts'
import { builtInType } from './schema.ts'
import { applyStrategicPatch, createThreeWayPatch } from './strategic-merge.ts'

const type = builtInType('apps/v1', 'Deployment')!
const word = fc.constantFrom('a', 'b', 'c', 'd')
const env = fc.uniqueArray(fc.record({ name: word, value: word }), { selector: (one) => one.name, maxLength: 4 })
const containers = fc.uniqueArray(fc.record({ name: word, image: word, env, args: fc.array(word, { maxLength: 3 }) }), { selector: (one) => one.name, maxLength: 3 })
const deployment: fc.Arbitrary<JsonMap> = fc.record({ finalizers: fc.uniqueArray(word), labels: fc.dictionary(word, word), containers, replicas: fc.integer({ min: 0, max: 3 }) })
  .map(({ finalizers, labels, containers: list, replicas }) => ({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', labels, finalizers }, spec: { replicas, template: { spec: { containers: list } } },
  }))

const keyed = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
  (Array.isArray(inner) && inner.every((item) => typeof item === 'object') ? Object.fromEntries(inner.map((item: { name: string }) => [item.name, item])) : inner)) as unknown

it('turns live into the manifest where live is what was last applied, but for the order and emptiness of merged lists', () => {
  fc.assert(fc.property(deployment, deployment, (before, after) => {
    const result = applyStrategicPatch(before, createThreeWayPatch(before, after, before, type), type)
    const containersOf = (object: JsonMap): unknown => (object as { spec: { template: { spec: { containers: unknown[] } } } }).spec.template.spec.containers
    expect(keyed(containersOf(result))).toEqual(keyed(containersOf(after)))
    expect(new Set((result as { metadata: { finalizers: string[] } }).metadata.finalizers)).toEqual(new Set((after as { metadata: { finalizers: string[] } }).metadata.finalizers))
    expect((result as { spec: { replicas: number } }).spec.replicas).toBe((after as { spec: { replicas: number } }).spec.replicas)
  }))
})

it('changes nothing where nothing differs, though it may ask for the order that is there', () => {
  fc.assert(fc.property(deployment, (one) => { expect(applyStrategicPatch(one, createThreeWayPatch(one, one, one, type), type)).toEqual(one) }))
})

it('keeps what only live has', () => {
  fc.assert(fc.property(deployment, (one) => {
    const live = { ...one, metadata: { ...(one['metadata'] as object), annotations: { own: 'x' } } }
    expect(jsonEqual(applyStrategicPatch(live, createThreeWayPatch(one, one, live, type), type), live)).toBe(true)
  }))
})
