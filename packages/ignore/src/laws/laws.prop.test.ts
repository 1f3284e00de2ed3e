import { argocdProfile, type ArgocdProfile, jqEngine } from '@rollsync/argocd'
import { type KubeObject, refKey, refOf } from '@rollsync/manifests'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { argocdJudge } from '../argocd-judge.ts'
import { type CanaryCase, pairsOf } from '../canary-case.ts'
import { derive } from '../derive.ts'
import { toIgnoreDifferences } from '../ignore-rule.ts'
import { albSettings } from '../routes.ts'
import { covering } from './covering.ts'
import { symmetric } from './symmetric.ts'

const prefix = 'alb.ingress.kubernetes.io'
const routes = ['hdr-a', 'hdr-b']
const rollout: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'default' },
  spec: { strategy: { canary: { stableService: 's', canaryService: 'c', trafficRouting: { managedRoutes: routes.map((name) => ({ name })), alb: { ingress: 'web', rootService: 'root', servicePort: 80 } } } } },
}

interface Rule { readonly host: string; readonly paths: readonly string[] }
const path = (service: string, at = '/*') => ({ path: at, pathType: 'ImplementationSpecific', backend: { service: { name: service, port: { name: 'use-annotation' } } } })
const ingress = (rules: readonly Rule[], managed: readonly string[], inFront: readonly string[] = managed): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress',
  metadata: { name: 'web', namespace: 'default', annotations: { [`${prefix}/scheme`]: 'internal', ...Object.fromEntries(managed.map((name) => [`${prefix}/actions.${name}`, `{"${name}":1}`])) } },
  spec: { ingressClassName: 'alb', rules: rules.map(({ host, paths }) => ({ host, http: { paths: [...inFront.map((name) => path(name)), ...paths.map((at) => path('root', at))] } })) },
})

const anyRules = fc.uniqueArray(fc.record({ host: fc.domain(), paths: fc.uniqueArray(fc.stringMatching(/^\/[a-z]{0,5}$/), { minLength: 1, maxLength: 3 }) }), { minLength: 1, maxLength: 3, selector: (one) => one.host })
const anyRoutes = fc.shuffledSubarray(routes)
const profile = argocdProfile('3.5.1')?.profile as ArgocdProfile
const jq = jqEngine({ gojq: profile.gojq })

function judged(git: KubeObject, lives: readonly KubeObject[]) {
  const key = refKey(refOf(git))
  const states = lives.map((live, index) => ({ moment: `state ${index}`, git: new Map([[key, git], [refKey(refOf(rollout)), rollout]]), live: new Map([[key, live]]) }))
  const canary: CanaryCase = { rollout: refOf(rollout), resources: [refOf(git)], states }
  const rules = toIgnoreDifferences(derive(canary, { alb: albSettings(rollout), mode: 'legacy' }))
  return { pairs: pairsOf(canary), judge: argocdJudge({ application: 'web', profile, mode: 'legacy', rules, syncOptions: [], jq }) }
}

it('the derived rules cover whatever routes the cluster holds beside whatever routes Git holds, and mean the same on both', async () => {
  await fc.assert(fc.asyncProperty(anyRules, anyRoutes, fc.array(anyRoutes, { minLength: 1, maxLength: 3 }), async (rules, held, live) => {
    const { pairs, judge } = judged(ingress(rules, held), live.map((names) => ingress(rules, names)))
    expect(await covering(pairs, judge)).toMatchObject({ verdict: 'holds', counterExamples: [] })
    expect(await symmetric(pairs, judge)).toMatchObject({ verdict: 'holds', counterExamples: [] })
  }), { seed: 7, numRuns: 60 })
})

it('under the derived rules any other change of a host or a path is OutOfSync, in Git and in the cluster', async () => {
  await fc.assert(fc.asyncProperty(anyRules, anyRules, anyRoutes, async (rules, others, names) => {
    fc.pre(JSON.stringify(rules) !== JSON.stringify(others))
    const { judge } = judged(ingress(rules, []), [ingress(rules, routes)])
    expect((await judge.compare(ingress(others, []), ingress(rules, names), ingress(rules, []))).sync).toBe('OutOfSync')
    expect((await judge.compare(ingress(rules, []), ingress(others, names), ingress(rules, []))).sync).toBe('OutOfSync')
  }), { seed: 7, numRuns: 60 })
})
