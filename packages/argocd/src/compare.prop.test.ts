import type { KubeObject } from '@rollsync/manifests'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byName, rulesOf } from '../test/canary-ingress.ts'
import { compare } from './compare.ts'
import type { CompareMode } from './comparison.ts'
import { applyAs, type ApplyMethod, sync } from './sync.ts'

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
const annotations = fc.dictionary(word, fc.string({ maxLength: 12 }), { maxKeys: 4 })
const port = fc.record({ port: fc.integer({ min: 1, max: 5 }), protocol: fc.constantFrom('TCP', 'UDP'), name: word }, { requiredKeys: ['port'] })

const ingress: fc.Arbitrary<KubeObject> = fc.record({
  annotations, hosts: fc.array(fc.record({ host: word, services: fc.array(word, { maxLength: 3 }) }), { maxLength: 3 }), className: fc.option(word, { nil: undefined }),
}).map(({ annotations: given, hosts, className }) => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'shop', annotations: given },
  spec: {
    ...(className === undefined ? {} : { ingressClassName: className }),
    rules: hosts.map(({ host, services }) => ({ host, http: { paths: services.map((name) => ({ path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name, port: { number: 80 } } } })) } })),
  },
}))
const service: fc.Arbitrary<KubeObject> = fc.record({ annotations, ports: fc.uniqueArray(port, { selector: (one) => one.port, minLength: 1, maxLength: 3 }), selector: annotations })
  .map(({ annotations: given, ports, selector }) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop', annotations: given }, spec: { ports, selector } }))
const custom: fc.Arbitrary<KubeObject> = fc.record({ annotations, spec: fc.dictionary(word, fc.jsonValue({ maxDepth: 2, noUnicodeString: false }), { maxKeys: 4 }) })
  .map(({ annotations: given, spec }) => ({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'web', namespace: 'shop', annotations: given }, spec: withoutNulls(spec) as object }))
const manifest = fc.oneof(ingress, service, custom)

/** A null in a manifest means "not there" to kubectl: it can never be Synced. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null).map(([key, inner]) => [key, withoutNulls(inner)]))
}

const rules = rulesOf([byName])
const ways: readonly (readonly [CompareMode, ApplyMethod, readonly string[]])[] = [['legacy', 'client side', []], ['smd', 'server side', ['ServerSideApply=true']], ['ssd', 'server side', ['ServerSideApply=true']]]

describe.each(ways)('compare in mode %s after an apply on the %s', (mode, method, syncOptions) => {
  const known = mode === 'legacy' ? manifest : fc.oneof(ingress, service)
  const created = (target: KubeObject): KubeObject => {
    const result = applyAs(target, null, method)
    if (result.outcome !== 'applied') throw new Error(JSON.stringify(result))
    return result.live
  }

  it('is Synced for what was just created', () => {
    fc.assert(fc.property(known, (target) => { expect(compare(target, created(target), { rules, mode })).toMatchObject({ sync: 'Synced' }) }))
  })

  it('is Synced after a sync of whatever Git changed to', () => {
    fc.assert(fc.property(fc.oneof(fc.tuple(ingress, ingress), fc.tuple(service, service), ...(mode === 'legacy' ? [fc.tuple(custom, custom)] : [])), ([before, after]) => {
      const result = sync(after, created(before), { rules, syncOptions })
      expect(result).toMatchObject({ outcome: 'applied' })
      expect(compare(after, (result as { live: object }).live, { rules, mode })).toMatchObject({ sync: 'Synced' })
    }))
  })

  it('leaves its inputs as they are, and answers the same twice', () => {
    fc.assert(fc.property(known, known, (target, other) => {
      const live = created(other.kind === target.kind ? other : target)
      const texts = [JSON.stringify(target), JSON.stringify(live)]
      const first = JSON.stringify(compare(target, live, { rules, mode }))
      expect([JSON.stringify(target), JSON.stringify(live)]).toEqual(texts)
      expect(JSON.stringify(compare(target, live, { rules, mode }))).toBe(first)
    }))
  })
})
