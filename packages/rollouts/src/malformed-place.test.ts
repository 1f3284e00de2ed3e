import type { KubeObject } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { malformedPlace } from './malformed-place.ts'
import { canary, header, rollout } from './small-world.test-d.ts'

const specified = (spec: unknown): KubeObject => ({ ...rollout(canary([])), spec })
const good = rollout(canary([header('hr')]))

describe('malformedPlace', () => {
  it('finds nothing in a Rollout that the API server takes, nor in a kind that no controller of ours reads', () => {
    expect(malformedPlace(good)).toBeUndefined()
    expect(malformedPlace({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, spec: 7 })).toBeUndefined()
    expect(malformedPlace({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } })).toBeUndefined()
  })

  it.each([
    ['/spec', null], ['/spec', undefined], ['/spec', 7], ['/spec/template', { template: 'x' }], ['/spec/template/spec', { template: { spec: [] } }],
    ['/spec/template/spec/containers', { template: { spec: { containers: {} } } }], ['/spec/template/spec/containers/0/image', { template: { spec: { containers: [{ image: {} }] } } }],
    ['/spec/template/metadata/labels/app', { template: { metadata: { labels: { app: 1 } } } }], ['/spec/selector/matchLabels/app', { selector: { matchLabels: { app: {} } } }],
    ['/spec/replicas', { replicas: '3' }], ['/spec/strategy/canary/steps/0/setWeight', { strategy: { canary: { steps: [{ setWeight: 1.5 }] } } }],
  ] as const)('finds %s of a Rollout with spec %j', (pointer, spec) => {
    expect(malformedPlace(specified(spec))?.pointer).toBe(pointer)
  })

  it.each([
    ['networking.k8s.io/v1', 'Ingress', { rules: [{ http: { paths: [{ path: 1 }] } }] }, '/spec/rules/0/http/paths/0/path'],
    ['v1', 'Service', { selector: { app: 1 } }, '/spec/selector/app'],
    ['apps/v1', 'Deployment', { template: { spec: { containers: 'x' } } }, '/spec/template/spec/containers'],
  ] as const)('finds the place in a %s %s too', (apiVersion, kind, spec, pointer) => {
    expect(malformedPlace({ apiVersion, kind, metadata: { name: 'a' }, spec })?.pointer).toBe(pointer)
  })

  it.each(['a\nb', 'Web', '-a', 'a..b', 'x'.repeat(254)])('finds the name %j, which no API server takes', (name) => {
    expect(malformedPlace({ ...good, metadata: { name } })?.pointer).toBe('/metadata/name')
    expect(malformedPlace({ ...good, metadata: { name: 'a', namespace: name } })?.pointer).toBe('/metadata/namespace')
    expect(malformedPlace({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name } })).toBeUndefined()
  })

  it('prints no endless value', () => {
    expect(malformedPlace(specified({ replicas: 'x'.repeat(5000) }))?.fault.length).toBeLessThan(120)
  })
})
