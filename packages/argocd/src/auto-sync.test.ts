import { expect, it } from 'vitest'
import { type ApplicationView, autoSync } from './auto-sync.ts'
import { argocdProfile } from './profile.ts'
import { selfHealDefaults, selfHealDelay } from './self-heal.ts'

const flags = selfHealDefaults(argocdProfile('3.5.1')!.profile)
const ref = { group: 'networking.k8s.io', kind: 'Ingress', namespace: 'shop', name: 'web' }
const other = { ...ref, kind: 'Service', group: '' }
const drifted: ApplicationView = {
  automated: { selfHeal: true }, sync: 'OutOfSync', revision: 'abc', operation: 'none', now: 100,
  resources: [{ ref, sync: 'OutOfSync', requiresPruning: false }, { ref: other, sync: 'Synced', requiresPruning: false }],
  last: { revision: 'abc', phase: 'Succeeded', finishedAt: 90, selfHealAttempts: 0 },
}

it('waits 0, 2, 6, 18, 54, 162 and then 300 seconds between attempts', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 50].map((attempts) => selfHealDelay(attempts, flags))).toEqual([0, 2, 6, 18, 54, 162, 300, 300, 300])
})

it('waits a constant time before back-off came in', () => {
  expect([0, 9].map((attempts) => selfHealDelay(attempts, selfHealDefaults(argocdProfile('2.10.20')!.profile)))).toEqual([5, 5])
})

it('heals only what is not Synced, and counts', () => {
  expect(autoSync(drifted, flags)).toEqual({ decision: 'sync', resources: [ref], selfHealAttempts: 1 })
})

it('waits for the back-off after the first attempts', () => {
  expect(autoSync({ ...drifted, last: { ...drifted.last!, finishedAt: 95, selfHealAttempts: 3 } }, flags)).toEqual({ decision: 'wait', seconds: 13, because: 'self-heal back-off' })
})

it('syncs everything for a new revision, self-heal or not', () => {
  expect(autoSync({ ...drifted, automated: {}, revision: 'def' }, flags)).toEqual({ decision: 'sync', resources: 'all', selfHealAttempts: 0 })
})

it.each([
  [{ sync: 'Synced' }, 'not OutOfSync'], [{ sync: 'Unknown' }, 'not OutOfSync'], [{ automated: undefined }, 'not automated'], [{ automated: { enabled: false } }, 'not automated'],
  [{ operation: 'running' }, 'operation running'], [{ automated: {} }, 'revision already synced'],
  [{ last: { ...drifted.last!, phase: 'Failed' } }, 'last sync failed'],
  [{ resources: [{ ref, sync: 'OutOfSync', requiresPruning: true }] }, 'only pruning is left'],
  [{ automated: { prune: true, selfHeal: true }, resources: [{ ref, sync: 'OutOfSync', requiresPruning: true }] }, 'everything would be pruned'],
])('does nothing for %j: %s', (change, because) => {
  expect(autoSync({ ...drifted, ...change } as ApplicationView, flags)).toMatchObject({ decision: 'nothing', because })
})
