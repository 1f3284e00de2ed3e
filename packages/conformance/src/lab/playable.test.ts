import { fileURLToPath } from 'node:url'
import type { KubeObject } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { rollout } from '../e2e/base-canary.ts'
import { checkPlayable, usesRenderer } from './playable.ts'

const application = (namespace: string, path = '.'): KubeObject => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'web' }, spec: { destination: { namespace }, source: { path } } })
const subject: KubeObject = { ...rollout(), metadata: { name: 'web', namespace: 'shop' } }
const commit = { event: { do: 'commit', image: 'web:2' }, text: 'commit: image web:2' } as const
const examples = fileURLToPath(new URL('../../../../examples/', import.meta.url))

describe('a day that cannot be lived', () => {
  it('commits to what kustomize or helm renders', () => {
    const overlay = usesRenderer(`${examples}kustomize-overlays`, application('shop', 'overlays/prod'))
    expect(overlay).toBe('kustomize')
    expect(usesRenderer(`${examples}helm-values`, application('shop', 'chart'))).toBe('helm')
    expect(usesRenderer(`${examples}alb-header-route`, application('shop'))).toBeUndefined()
    expect(() => checkPlayable({ application: application('shop'), rollout: subject, events: [commit] }, overlay)).toThrow('commit: image web:2: kustomize renders Application web')
    expect(() => checkPlayable({ application: application('shop'), rollout: subject, events: [{ event: { do: 'abort' }, text: 'aborted' }] }, overlay)).not.toThrow()
  })

  it('spans two namespaces', () => {
    expect(() => checkPlayable({ application: application('elsewhere'), rollout: subject, events: [] })).toThrow('Application web deploys to namespace elsewhere, and Rollout web names shop')
  })

  it('has an event that nobody can make happen here', () => {
    expect(() => checkPlayable({ application: application('shop'), rollout: subject, events: [{ event: { do: 'analysis', phase: 'Failed' }, text: 'analysis failed' }] })).toThrow('lab cannot make this happen: analysis failed')
    expect(() => checkPlayable({ application: application('shop'), rollout: subject, events: [{ event: { do: 'edit', kind: 'VirtualService', name: 'web', patch: {} }, text: 'edited' }] })).toThrow('lab cannot make this happen')
  })
})
