import { type KubeObject, valueAt } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { isNoticed } from './noticed.ts'
import { rolloutsProfile } from './profile.ts'
import { simulate } from './simulate.ts'
import { worldOf } from './world.ts'

const hash = 'rollouts-pod-template-hash'
const service = (name: string, selector: Readonly<Record<string, string>> = { app: 'web' }): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { selector } })
const ingress = (annotations: Readonly<Record<string, string>>): KubeObject => ({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'shop', annotations }, spec: { ingressClassName: 'alb' } })
const rollout: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas: 2, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
    strategy: { canary: { stableService: 'stable', canaryService: 'canary', steps: [{ setWeight: 10 }, { pause: {} }] } },
  },
}

describe('what wakes the controller', () => {
  it('is a Service with the hash in its selector, not one without', () => {
    expect([service('a', { app: 'web', [hash]: 'x' }), service('a')].map((one) => isNoticed(new Map(), one))).toEqual([true, false])
  })

  it('is an Ingress that names a Rollout in its bookkeeping, not one without', () => {
    const managed = { 'rollouts.argoproj.io/managed-alb-annotations': '{"web":[]}' }
    expect([ingress(managed), ingress({}), ingress({ 'rollouts.argoproj.io/managed-alb-annotations': 'no JSON' })].map((one) => isNoticed(new Map(), one))).toEqual([true, false, false])
  })

  it('is no object that no informer watches', () => {
    const route = (apiVersion: string, kind: string): KubeObject => ({ apiVersion, kind, metadata: { name: 'web' } })
    expect([route('gateway.networking.k8s.io/v1', 'HTTPRoute'), route('networking.istio.io/v1', 'VirtualService'), rollout].map((one) => isNoticed(new Map(), one))).toEqual([false, true, true])
  })
})

describe('simulate by informers', () => {
  const world = worldOf([rollout, service('stable'), service('canary')])
  const wipe = { do: 'edit', kind: 'Service', name: 'stable', patch: { spec: { selector: { [hash]: null } } } } as const
  const selectorAfter = (wake: 'informers' | 'every-change', more: readonly ({ readonly do: 'restart' } | { readonly do: 'retry' })[] = []): unknown => {
    const { states } = simulate(world, { events: [wipe, ...more], profile: rolloutsProfile('v1.10.2').profile, wake })
    return valueAt(states.at(-1)?.world.get('/Service/shop/stable'), '/spec/selector')
  }

  it('leaves a wiped selector as it is, where a look at every change puts it back', () => {
    expect(selectorAfter('informers')).toEqual({ app: 'web' })
    expect(selectorAfter('every-change')).toEqual({ app: 'web', [hash]: 'hash-1' })
  })

  it('puts it back once something happens to the Rollout, and an event without effect is nothing', () => {
    expect(selectorAfter('informers', [{ do: 'restart' }])).toEqual({ app: 'web', [hash]: 'hash-1' })
    expect(selectorAfter('informers', [{ do: 'retry' }])).toEqual({ app: 'web' })
  })
})
