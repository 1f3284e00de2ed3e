import { argocdProfile, type ArgocdProfile, jqEngine } from '@rollsync/argocd'
import { type KubeObject, refOf } from '@rollsync/manifests'
import { expect, it } from 'vitest'
import { argocdJudge } from '../argocd-judge.ts'
import type { Pair } from '../canary-case.ts'
import { syncSafe } from './sync-safe.ts'

const object = (apiVersion: string, kind: string, spec: object): KubeObject => ({ apiVersion, kind, metadata: { name: 'web', namespace: 'default' }, spec } as KubeObject)
const service = (weights: readonly [number, number], name: string, key: string): readonly object[] => [{ [key]: 'stable', weight: weights[0] }, { [key]: 'canary', weight: weights[1] }].map((one) => (name === '' ? one : { [name]: { [key]: one[key] }, weight: one.weight }))

const kinds = [
  { group: 'networking.istio.io', kind: 'VirtualService', of: (weights: readonly [number, number]) => object('networking.istio.io/v1', 'VirtualService', { hosts: ['web'], http: [{ name: 'primary', route: service(weights, 'destination', 'host') }] }), rule: '.spec.http[]?.route[]?.weight', list: 'http' },
  { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', of: (weights: readonly [number, number]) => object('gateway.networking.k8s.io/v1', 'HTTPRoute', { rules: [{ name: 'primary', backendRefs: service(weights, '', 'name') }] }), rule: '.spec.rules[]?.backendRefs[]?.weight', list: 'rules' },
  { group: 'traefik.io', kind: 'TraefikService', of: (weights: readonly [number, number]) => object('traefik.io/v1alpha1', 'TraefikService', { weighted: { services: service(weights, '', 'name') } }), rule: '.spec.weighted.services[]?.weight', list: 'weighted.services' },
] as const

const judge = (kind: (typeof kinds)[number], version: string, syncOptions: readonly string[]) => {
  const profile = argocdProfile(version)?.profile as ArgocdProfile
  const rules = [{ group: kind.group, kind: kind.kind, name: 'web', namespace: 'default', jqPathExpressions: [kind.rule] }]
  return argocdJudge({ application: 'web', profile, mode: 'legacy', rules, syncOptions, jq: jqEngine({ gojq: profile.gojq }) })
}
const pairOf = ({ of }: (typeof kinds)[number]): Pair => ({ resource: refOf(of([100, 0])), target: of([100, 0]), live: of([80, 20]), moments: ['step 2'] })

it.each(kinds.flatMap((kind) => ['3.5.1', '3.4.4'].map((version) => ({ ...kind, version }))))('with RespectIgnoreDifferences a rule on weights freezes the list of a $kind around them (Argo CD $version, argo-cd#25284)', async (one) => {
  const kind = kinds.find(({ kind }) => kind === one.kind) as (typeof kinds)[number]
  const { verdict, counterExamples } = await syncSafe([pairOf(kind)], judge(kind, one.version, ['RespectIgnoreDifferences=true']), undefined)
  expect(verdict).toBe('broken')
  expect(counterExamples.filter((example) => example.verdict === 'freezes')).toMatchObject([{ moment: 'step 2', gitChange: `the list ${one.list}` }])
})

it.each(kinds)('without it a change of that list of a $kind lands', async (one) => {
  const kind = kinds.find(({ kind }) => kind === one.kind) as (typeof kinds)[number]
  const { counterExamples } = await syncSafe([pairOf(kind)], judge(kind, '3.5.1', []), undefined)
  expect(counterExamples.filter((example) => example.verdict === 'freezes')).toEqual([])
})

it.each(['.spec.selector["rollouts-pod-template-hash"]', '.spec.ports[]?.nodePort'])('does not try a port twice, which nobody can commit, where the rule is %s', async (rule) => {
  const service = (selector: object): KubeObject => object('v1', 'Service', { selector, ports: [{ port: 80, targetPort: 'http', nodePort: 30080 }] })
  const profile = argocdProfile('3.5.1')?.profile as ArgocdProfile
  const rules = [{ group: '', kind: 'Service', name: 'web', namespace: 'default', jqPathExpressions: [rule, '.spec.selector["rollouts-pod-template-hash"]'] }]
  const asked = argocdJudge({ application: 'web', profile, mode: 'legacy', rules, syncOptions: ['ApplyOutOfSyncOnly=true'], jq: jqEngine({ gojq: profile.gojq }) })
  const { counterExamples } = await syncSafe([{ resource: refOf(service({})), target: service({ app: 'web' }), live: service({ app: 'web', 'rollouts-pod-template-hash': 'abc' }), moments: ['step 2'] }], asked, undefined)
  expect(counterExamples).toEqual([])
})
