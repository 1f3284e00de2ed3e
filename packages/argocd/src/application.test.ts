import { expect, it } from 'vitest'
import { byName, deployed, git, ingress, liveCanary, rulesOf, servicesOf } from '../test/canary-ingress.ts'
import { compareApplication, syncApplication } from './application.ts'

const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec: { ports: [{ port: 80 }] } }
const pairs = [{ target: git, live: liveCanary('client side') }, { target: service, live: deployed(service, 'client side') }]
const none = { rules: rulesOf([]), mode: 'legacy' as const }

it('is OutOfSync for one resource that differs, and Synced when a rule covers it', () => {
  expect(compareApplication(pairs, none)).toMatchObject({ sync: 'OutOfSync', resources: [{ sync: 'OutOfSync' }, { sync: 'Synced' }] })
  expect(compareApplication(pairs, { ...none, rules: rulesOf([byName]) })).toMatchObject({ sync: 'Synced' })
})

it('is Unknown with all its resources when one rule does not parse', () => {
  const broken = { kind: 'Nothing', jqPathExpressions: ['.a['] }
  expect(compareApplication(pairs, { ...none, rules: rulesOf([broken]) })).toMatchObject({ sync: 'Unknown', resources: [{ sync: 'Unknown' }, { sync: 'Unknown' }] })
})

it('does not count hooks, nor what live says may be extraneous', () => {
  const hook = ingress([], { 'argocd.argoproj.io/hook': 'PreSync' })
  const extraneous = { ...service, metadata: { ...service.metadata, name: 'extra', annotations: { 'argocd.argoproj.io/compare-options': 'IgnoreExtraneous' } } }
  expect(compareApplication([{ target: hook, live: null }, { target: null, live: extraneous }], none)).toMatchObject({ sync: 'Synced', resources: [{ sync: 'OutOfSync', requiresPruning: true }] })
})

it('applies every resource in a full sync, also those that a rule keeps Synced, and only those named in a partial one', () => {
  const options = { rules: rulesOf([byName]), syncOptions: [] }
  const full = syncApplication(pairs, options) as unknown as { result: { live: unknown } }[]
  expect(full).toHaveLength(2)
  expect(servicesOf(full[0]!.result.live)).toEqual(['web-active'])
  expect(syncApplication(pairs, options, [{ group: '', kind: 'Service', namespace: '', name: 'web' }])).toMatchObject([{ ref: { kind: 'Service' }, result: { outcome: 'applied' } }])
})
