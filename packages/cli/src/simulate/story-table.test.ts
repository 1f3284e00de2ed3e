import type { Chapter } from '@rollsync/ignore'
import { expect, it } from 'vitest'
import { shortImages } from './row.ts'
import { storyTable } from './story-table.ts'

it('shortens images and leaves JSON Pointers and names of objects as they are', () => {
  expect(shortImages('Argo CD brings image registry.example.com/team/web:next back')).toBe('Argo CD brings image web:next back')
  expect(shortImages('Ingress shop/web at /spec/rules/0/http/paths/1, /metadata/annotations/a.b~1c:d')).toBe('Ingress shop/web at /spec/rules/0/http/paths/1, /metadata/annotations/a.b~1c:d')
})

it('tells what happens again and again once, and what other Applications say', () => {
  const act = { by: 'Argo CD', what: 'edge heals: changes Ingress shop/web' } as const
  const state = { moment: { at: 'idle', event: 0, clock: '', pods: 'ready' }, world: new Map(), writes: [], notes: [], errors: [], settled: true } as unknown as Chapter['state']
  const chapter: Chapter = { event: 'first deploy', acts: [act, act, act], sync: 'Synced', because: '', others: [{ application: 'edge', sync: 'OutOfSync', because: 'Ingress shop/web at /spec' }], resources: [], syncs: 0, heals: 3, rest: 'both', writers: {}, state }
  const text = storyTable({ chapters: [chapter], fights: [] }, { group: 'argoproj.io', kind: 'Rollout', namespace: 'shop', name: 'web' })
  expect(text).toContain('edge heals: changes Ingress shop/web (3 times)  ')
  expect(text).toContain('Synced; edge OutOfSync: Ingress shop/web at /spec')
})
