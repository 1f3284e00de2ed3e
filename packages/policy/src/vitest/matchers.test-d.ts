import { expect, expectTypeOf } from 'vitest'
import { defineRule } from '../rule.ts'
import { type LoadedRepository, loadRepository } from './index.ts'

// Held by the type checker alone; nothing here runs.
const repository = loadRepository('.', { ignore: ['charts/**'] })
const rule = defineRule({ meta: { id: 'a', severity: 'error', recommended: true, summary: '', messages: { bad: '' }, hint: '', threads: [] }, check() {} })

expectTypeOf(repository).toEqualTypeOf<LoadedRepository>()
expectTypeOf(expect(repository).toStaySynced()).toExtend<Promise<unknown>>()
expectTypeOf(expect(repository).not.toStaySynced({ argocd: '3.4', rollouts: '1.9' })).toExtend<Promise<unknown>>()
expectTypeOf(expect(repository).toSurviveSync({ argocd: '3.4' })).toExtend<Promise<unknown>>()
expectTypeOf(expect(repository).toReachCanary({ host: 'a', path: '/', headers: { version: '2' } }, { lbc: 'v3.5.0' })).toExtend<Promise<unknown>>()
expectTypeOf(expect(repository).toPassPolicy()).toExtend<Promise<unknown>>()
expectTypeOf(expect(repository).toPassPolicy('no-lost-route')).toExtend<Promise<unknown>>()
expectTypeOf(expect(repository).toPassPolicy(rule, { argocd: '3.4' })).toExtend<Promise<unknown>>()

// @ts-expect-error a request has a host
void expect(repository).toReachCanary({ path: '/' })
// @ts-expect-error releases are texts
void expect(repository).toSurviveSync({ argocd: 3.4 })
// @ts-expect-error there is no such release to choose
void expect(repository).toStaySynced({ argoCd: '3.4' })
// @ts-expect-error a rule is a rule or its id
void expect(repository).toPassPolicy(7)
// @ts-expect-error a message that the rule does not have
defineRule({ meta: { id: 'a', severity: 'error', recommended: true, summary: '', messages: { bad: '' }, hint: '', threads: [] }, check: ({ report }) => report('worse', {} as never) })
