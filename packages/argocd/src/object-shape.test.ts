import { expect, it } from 'vitest'
import { rulesOf } from '../test/canary-ingress.ts'
import { compare } from './compare.ts'
import { compileRules, type CompiledRules } from './compile-rules.ts'
import { readCustomSchemas } from './object-shape.ts'
import { applyAs } from './sync.ts'
import { jqEngine } from './jq/engine.ts'

const definition = {
  spec: {
    group: 'example.com', names: { kind: 'Widget' },
    versions: [{
      name: 'v1',
      schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: {
        parts: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: { type: 'object', properties: { name: { type: 'string' }, size: { type: 'integer' } } } },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        amount: { 'x-kubernetes-int-or-string': true },
      } } } } },
    }],
  },
}
const schemas = readCustomSchemas([definition])
const widget = (spec: object) => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w', namespace: 'shop' }, spec })
const { profile } = rulesOf([])
const rules = compileRules([], { profile, jq: jqEngine({ gojq: profile.gojq, foreign: 'none' }), schemas }) as CompiledRules

it('merges the lists of a custom resource by the keys that its definition names', () => {
  const first = applyAs(widget({ parts: [{ name: 'a', size: 1 }], tags: ['x'] }), null, 'server side', schemas) as unknown as { live: { spec: object } }
  const live = { ...first.live, spec: { parts: [{ name: 'a', size: 1 }, { name: 'b', size: 2 }], tags: ['x', 'y'] } }
  expect(applyAs(widget({ parts: [{ name: 'a', size: 3 }], tags: ['x'], free: { a: [1] }, amount: '5' }), live, 'server side', schemas)).toMatchObject({
    live: { spec: { parts: [{ name: 'a', size: 3 }, { name: 'b', size: 2 }], tags: ['x', 'y'], free: { a: [1] }, amount: '5' } },
  })
})

it('compares by structured merge only what has a schema', () => {
  const target = widget({ tags: ['x'] })
  expect(compare(target, target, { rules, mode: 'smd' })).toMatchObject({ sync: 'Synced' })
  expect(compare(target, target, { rules: rulesOf([]), mode: 'smd' })).toMatchObject({ sync: 'Unknown', error: expect.stringContaining('example.com/v1, Kind=Widget') as string })
})

it('keeps knowing the published definitions', () => {
  expect(schemas('argoproj.io/v1alpha1', 'Rollout')).toBeDefined()
  expect(schemas('example.com/v1', 'Gadget')).toBeUndefined()
  expect(readCustomSchemas([{}, { spec: { group: 'a', names: { kind: 'B' }, versions: [{ name: 'v1' }] } }])('a/v1', 'B')).toBeUndefined()
})
