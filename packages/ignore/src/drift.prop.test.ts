import fc from 'fast-check'
import jsonpatch from 'fast-json-patch'
import { expect, it } from 'vitest'
import { driftOf } from './drift.ts'

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)
const object = fc.record({ spec: json, annotations: fc.dictionary(fc.string(), fc.string()) }).map(({ spec, annotations }) => ({
  apiVersion: 'v1', kind: 'Thing', metadata: { name: 'x', annotations: annotations }, spec,
}))

it('a drift applied to the target gives the live object', () => {
  fc.assert(fc.property(object, object, (target, live) => {
    fc.pre(!JSON.stringify([target, live]).includes('__proto__'))
    const { annotations } = target.metadata
    const start = { apiVersion: 'v1', kind: 'Thing', metadata: { annotations }, spec: target.spec }
    const end = jsonpatch.applyPatch(start, structuredClone(driftOf(target, live)) as jsonpatch.Operation[], true, false).newDocument
    expect(end).toEqual({ apiVersion: 'v1', kind: 'Thing', metadata: { annotations: live.metadata.annotations }, spec: live.spec })
  }))
})

it('a path put in front of a list is one addition', () => {
  const ingress = (...paths: string[]) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' }, spec: { rules: [{ http: { paths } }] } })
  expect(driftOf(ingress('root', 'other'), ingress('route', 'root', 'other'))).toEqual([{ op: 'add', path: '/spec/rules/0/http/paths/0', value: 'route' }])
})
