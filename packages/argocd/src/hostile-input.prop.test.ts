import fc from 'fast-check'
import { expect, it } from 'vitest'
import { byName, rulesOf } from '../test/canary-ingress.ts'
import { compare } from './compare.ts'
import { respectIgnore } from './respect-ignore.ts'
import { applyAs } from './sync.ts'

const keys = ['apiVersion', 'kind', 'metadata', 'spec', 'annotations', 'labels', 'name', 'managedFields', 'fieldsV1', 'rules', 'ports', 'containers', 'template', 'data', 'stringData', 'subsets', '__proto__', 'constructor']
const values = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof({ maxDepth: 5 }, fc.constantFrom('a', 'v1', 1, 0.5, '', true, null, '{'), fc.array(tie('json'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...keys), tie('json'), { maxKeys: 5 })),
})).json
const gvk = fc.constantFrom(['v1', 'Service'], ['v1', 'Secret'], ['v1', 'Endpoints'], ['apps/v1', 'StatefulSet'], ['networking.k8s.io/v1', 'Ingress'], ['argoproj.io/v1alpha1', 'Rollout'], ['x/v1', 'Y'])
const object = fc.tuple(fc.dictionary(fc.constantFrom(...keys), values, { maxKeys: 6 }), fc.option(gvk)).map(([rest, kind]) => (kind ? { ...rest, apiVersion: kind[0], kind: kind[1] } : rest))

it.each(['3.5.1', '2.10.20'])('answers in %s whatever an object looks like', (version) => {
  const everywhere = { group: '*', kind: '*', jsonPointers: ['/metadata/annotations'], managedFieldsManagers: ['a'] }
  const rules = rulesOf([byName, everywhere], version)
  fc.assert(fc.property(object, object, (target, live) => {
    for (const mode of ['legacy', 'smd', 'ssd'] as const) expect(compare(target, live, { rules, mode })).toHaveProperty('sync')
    expect(respectIgnore(target, live, rules)).toHaveProperty('respecting')
    for (const method of ['client side', 'server side', 'replace'] as const) for (const before of [live, null]) expect(applyAs(target, before, method)).toHaveProperty('outcome')
  }), { numRuns: 300 })
  expect(Object.keys(Object.prototype)).toEqual([])
})

it('applies an object that says nothing', () => {
  expect(applyAs({}, null, 'server side')).toMatchObject({ outcome: 'applied' })
})

it('compares Endpoints whose subsets are null, in any order', () => {
  const endpoints = (subsets: unknown): object => ({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'web', namespace: 'shop' }, subsets })
  const none = { rules: rulesOf([]), mode: 'legacy' as const }
  expect(compare(endpoints([null]), endpoints([null]), none)).toMatchObject({ sync: 'Synced' })
  const subset = (port: number): object => ({ addresses: [{ ip: '10.0.0.1' }], ports: [{ port }] })
  expect(compare(endpoints([subset(1), subset(2)]), endpoints([subset(2), { ...subset(1), ports: [{ port: 1, protocol: 'TCP' }] }]), none)).toMatchObject({ sync: 'Synced' })
  expect(compare(endpoints([subset(1)]), endpoints([subset(2)]), none)).toMatchObject({ sync: 'OutOfSync' })
})
