import type { Chapter } from '@rollsync/ignore'
import { expect, it } from 'vitest'
import { storyTable } from './story-table.ts'

it('tells what happens again and again once, and what other Applications say', () => {
  const act = { by: 'Argo CD', what: 'edge heals: changes Ingress shop/web' } as const
  const state = { moment: { at: 'idle', event: 0, clock: '', pods: 'ready' }, world: new Map(), writes: [], notes: [], errors: [], settled: true } as unknown as Chapter['state']
  const chapter: Chapter = { event: 'first deploy', acts: [act, act, act], sync: 'Synced', because: '', others: [{ application: 'edge', sync: 'OutOfSync', because: 'Ingress shop/web at /spec' }], resources: [], syncs: 0, heals: 3, rest: 'both', writers: {}, state }
  const text = storyTable({ chapters: [chapter], fights: [] }, { group: 'argoproj.io', kind: 'Rollout', namespace: 'shop', name: 'web' })
  expect(text).toContain('edge heals: changes Ingress shop/web (3 times)  ')
  expect(text).toContain('Synced; edge OutOfSync: Ingress shop/web at /spec')
})
