import { describe, expect, it } from 'vitest'
import { byName, deployed, git, ingress, liveCanary, rulesOf, servicesOf } from '../test/canary-ingress.ts'
import { sync } from './sync.ts'

const both = ['canary-header-route', 'web-active']

describe('a full sync during a canary with a header route', () => {
  it.each([
    ['3.5.1', [], ['web-active']],
    ['3.5.1', ['ServerSideApply=true'], ['web-active']],
    ['3.5.1', ['RespectIgnoreDifferences=true'], ['web-active']],
    ['3.4.7', ['RespectIgnoreDifferences=true'], ['web-active']],
    ['3.4.4', ['RespectIgnoreDifferences=true'], both],
    ['2.14.21', ['RespectIgnoreDifferences=true', 'ServerSideApply=true'], both],
    ['2.10.20', ['RespectIgnoreDifferences=true', 'Replace=true'], both],
  ] as const)('in %s with %j leaves the paths %j', (version, syncOptions, services) => {
    const result = sync(git, liveCanary('client side'), { rules: rulesOf([byName], version), syncOptions })
    expect(result).toMatchObject({ outcome: 'applied' })
    expect(servicesOf((result as { live: unknown }).live)).toEqual(services)
  })

  it('is not done at all with ApplyOutOfSyncOnly, until something else differs', () => {
    const options = { rules: rulesOf([byName]), syncOptions: ['ApplyOutOfSyncOnly=true'] }
    expect(sync(git, liveCanary('client side'), options)).toMatchObject({ outcome: 'dropped' })
    expect(servicesOf((sync(ingress(['web-active'], { team: 'shop' }), liveCanary('client side'), options) as { live: unknown }).live)).toEqual(['web-active'])
  })

  it('keeps live-only annotations, unless it replaces', () => {
    const annotationsAfter = (syncOptions: readonly string[]): string[] => {
      const result = sync(git, liveCanary('client side'), { rules: rulesOf([]), syncOptions })
      return Object.keys((result as { live: { metadata: { annotations: object } } }).live.metadata.annotations).filter((key) => key.startsWith('alb'))
    }
    expect(annotationsAfter([])).toEqual(['alb.ingress.kubernetes.io/actions.canary-header-route'])
    expect(annotationsAfter(['ServerSideApply=true'])).toEqual(['alb.ingress.kubernetes.io/actions.canary-header-route'])
    expect(annotationsAfter(['Replace=true'])).toEqual([])
  })

  it('keeps the route where Git itself holds it', () => {
    for (const syncOptions of [[], ['ServerSideApply=true']]) {
      const result = sync(ingress(both), liveCanary('client side'), { rules: rulesOf([byName]), syncOptions })
      expect(servicesOf((result as { live: unknown }).live)).toEqual(both)
    }
  })

  it('is refused when an expression does not parse', () => {
    const broken = { kind: 'Ingress', jqPathExpressions: ['.a['] }
    expect(sync(git, liveCanary('client side'), { rules: rulesOf([broken]), syncOptions: [] })).toMatchObject({
      outcome: 'failed', message: expect.stringMatching(/^Failed to compare desired state to live state: failed to create diff normalizer: /) as string,
    })
  })
})

describe('sync', () => {
  it('goes by annotations of the object before the options of the Application', () => {
    const replaced = ingress(['web-active'], { 'argocd.argoproj.io/sync-options': 'Prune=false, Replace=true' })
    expect(sync(replaced, liveCanary('client side'), { rules: rulesOf([]), syncOptions: [] })).toMatchObject({ lastApplied: 'absent' })
    const clientSide = ingress(['web-active'], { 'argocd.argoproj.io/sync-options': 'ServerSideApply=false' })
    expect(sync(clientSide, null, { rules: rulesOf([]), syncOptions: ['ServerSideApply=true'] })).toMatchObject({ lastApplied: 'present' })
  })

  it('makes no difference when it is done twice', () => {
    for (const syncOptions of [[], ['ServerSideApply=true'], ['Replace=true'], ['RespectIgnoreDifferences=true']]) {
      const options = { rules: rulesOf([byName]), syncOptions }
      const once = (sync(git, liveCanary('client side'), options) as { live: object }).live
      expect((sync(git, once, options) as { live: object }).live).toEqual(once)
    }
  })

  it('takes over on the server side what kubectl applied on the client side, so that what Git has dropped goes', () => {
    const before = deployed(ingress(['web-active'], { team: 'shop' }), 'client side')
    const kubectl = (before.metadata['managedFields'] as { manager: string }[]).map((entry) => ({ ...entry, manager: 'kubectl-client-side-apply' }))
    const live = { ...before, metadata: { ...before.metadata, managedFields: kubectl } }
    const annotationsAfter = (syncOptions: readonly string[]): object => (sync(git, live, { rules: rulesOf([]), syncOptions }) as { live: { metadata: { annotations: object } } }).live.metadata.annotations
    expect(annotationsAfter(['ServerSideApply=true'])).not.toHaveProperty('team')
    expect(annotationsAfter(['ServerSideApply=true', 'ClientSideApplyMigration=false'])).toHaveProperty('team')
  })
})
