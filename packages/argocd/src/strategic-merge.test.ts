import { describe, expect, it } from 'vitest'
import type { JsonMap } from './json-map.ts'
import { builtInType } from './schema.ts'
import { applyStrategicPatch, createThreeWayPatch } from './strategic-merge.ts'

const type = builtInType('v1', 'Service')!
interface Port { port: number; protocol?: string; name?: string }
const tcp = (name: string): Port => ({ port: 53, protocol: 'TCP', name })
const udp = (name: string): Port => ({ port: 53, protocol: 'UDP', name })
const service = (ports: readonly Port[], finalizers?: readonly string[]): JsonMap => ({ metadata: finalizers ? { finalizers } : {}, spec: { ports } })
const patchOf = (original: JsonMap, modified: JsonMap, current: JsonMap): JsonMap => createThreeWayPatch(original, modified, current, type)

// What k8s.io/apimachinery v0.36.1 answers to the same three documents.
describe('a strategic three-way patch', () => {
  it('is empty for two ports of one number that nobody changed', () => {
    const one = service([tcp('tcp'), udp('udp')])
    expect(patchOf(one, one, one)).toEqual({})
  })

  it('renames the wrong one of two ports of one number', () => {
    const before = service([tcp('tcp'), udp('udp')])
    const patch = patchOf(before, service([tcp('tcp'), udp('dns')]), before)
    expect(patch).toEqual({ spec: { '$setElementOrder/ports': [{ port: 53 }, { port: 53 }], ports: [{ name: 'dns', port: 53 }] } })
    expect(applyStrategicPatch(before, patch, type)).toEqual(service([tcp('dns'), udp('udp')]))
  })

  it('is refused where ports of one number do not stand together', () => {
    const modified = service([{ port: 8080, protocol: 'TCP', name: 'web' }, { port: 80, name: 'b' }, { port: 8080, name: 'c' }])
    expect(() => patchOf(service([{ port: 443 }, { port: 80 }]), modified, service([{ port: 53, protocol: 'UDP' }, { port: 8080, name: 'd' }]))).toThrow(
      'The order in patch list:\n[map[name:c port:8080] map[name:web port:8080 protocol:TCP] map[name:b port:80]]\n doesn\'t match $setElementOrder list:\n[map[port:8080] map[port:80] map[port:8080]]\n')
  })

  it('deletes what has left the manifest, and adds in its order', () => {
    const before = service([{ port: 1 }, { port: 2 }, { port: 3 }])
    const patch = patchOf(before, service([{ port: 4 }, { port: 2 }]), before)
    expect(patch).toEqual({ spec: { '$setElementOrder/ports': [{ port: 4 }, { port: 2 }], ports: [{ port: 4 }, { $patch: 'delete', port: 1 }, { $patch: 'delete', port: 3 }] } })
    expect(applyStrategicPatch(before, patch, type)).toEqual(service([{ port: 4 }, { port: 2 }]))
  })

  it('counts repeated texts one by one', () => {
    const patch = patchOf(service([], ['b', 'b']), service([], ['a', 'b']), service([], ['c', 'b']))
    expect(patch).toEqual({ metadata: { '$deleteFromPrimitiveList/finalizers': ['b'], '$setElementOrder/finalizers': ['a', 'b'], finalizers: ['a'] } })
    expect(applyStrategicPatch(service([], ['c', 'b']), patch, type)).toEqual(service([], ['a', 'c']))
  })

  it('replaces a selector that is marked to be replaced, and keeps what a map is not asked about', () => {
    const budget = builtInType('policy/v1', 'PodDisruptionBudget')!
    const of = (labels: object): JsonMap => ({ spec: { selector: { matchLabels: labels } } })
    expect(applyStrategicPatch(of({ a: '1', b: '2' }), createThreeWayPatch(of({ a: '1' }), of({ a: '2' }), of({ a: '1', b: '2' }), budget), budget)).toEqual(of({ a: '2' }))
  })
})
