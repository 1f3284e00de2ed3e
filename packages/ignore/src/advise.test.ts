import { argocdProfile, type ArgocdProfile, type IgnoreDifference, jqEngine } from '@rollsync/argocd'
import { type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { advise, adviceText, type Advice } from './advise.ts'
import { argocdJudge } from './argocd-judge.ts'
import { armedTraps } from './armed-trap.ts'
import { albSettings, type AlbSettings } from './routes.ts'

const prefix = 'alb.ingress.kubernetes.io'
const rollout: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'default' },
  spec: { strategy: { canary: { stableService: 'stable', canaryService: 'canary', trafficRouting: { managedRoutes: [{ name: 'hdr' }], alb: { ingress: 'web', rootService: 'root', servicePort: 80 } } } } },
}
const alb = albSettings(rollout) as AlbSettings
const path = (service: string) => ({ path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name: service, port: { name: 'use-annotation' } } } })
const ingress = (paths: readonly string[], annotations: Record<string, string>): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'default', annotations: { [`${prefix}/scheme`]: 'internal', ...annotations } },
  spec: { ingressClassName: 'alb', rules: [{ host: 'a.example.com', http: { paths: paths.map(path) } }] },
})
const route = { [`${prefix}/actions.hdr`]: '{"Type":"forward"}', [`${prefix}/conditions.hdr`]: '[{"field":"http-header"}]' }
const weights = { [`${prefix}/actions.root`]: '{"Type":"forward","ForwardConfig":{}}' }
const canaryLive = ingress(['hdr', 'root'], { ...route, ...weights })
const byName: IgnoreDifference = { group: 'networking.k8s.io', kind: 'Ingress', name: 'web', jqPathExpressions: ['.spec.rules[]?.http.paths[]?|select(.backend.service.name=="hdr")'] }
const anchorRule: IgnoreDifference = { ...byName, jsonPointers: Object.keys(route).map((key) => `/metadata/annotations/${key.replace('/', '~1')}`) }

async function advised(git: KubeObject, rule: IgnoreDifference, present: readonly string[], version: string): Promise<Advice> {
  const key = refKey(refOf(git))
  const state = (moment: string, live: KubeObject) => ({ moment, git: new Map([[key, git]]), live: new Map([[key, live]]) })
  const canary = { rollout: refOf(rollout), resources: [refOf(git)], states: [state('idle', ingress(['root'], weights)), state('step 2', canaryLive)] }
  const profile = argocdProfile(version)?.profile as ArgocdProfile
  const jq = jqEngine({ gojq: profile.gojq })
  return advise([{ canary, alb }], present, (syncOptions) => argocdJudge({ application: 'web', profile, mode: 'legacy', rules: [rule], syncOptions, jq }))
}

const bare = ingress(['root'], {})
const anchored = ingress(['hdr', 'root'], route)

describe('the sync options that lose least', () => {
  it.each(['2.10.20', '2.14.21', '3.3.12', '3.3.14', '3.4.4', '3.4.7', '3.5.1', '3.6-dev'])('without an anchor are ApplyOutOfSyncOnly, which leaves a Synced Ingress alone (Argo CD %s)', async (version) => {
    const advice = await advised(bare, byName, [], version)
    expect(advice.present.harm.revertsOnAnySync).toBeGreaterThan(0)
    expect(advice.ranked[0]?.options).toContain('ApplyOutOfSyncOnly=true')
    expect(advice.ranked[0]?.harm).toMatchObject({ outages: 0, revertsOnAnySync: 0 })
    expect(advice.ranked[0]?.verdict.verdict).toBe('broken')
  })

  it('say what stays exposed', async () => {
    const [first, ...exposed] = adviceText(await advised(bare, byName, [], '3.5.1'))
    expect(first).toMatch(/ApplyOutOfSyncOnly=true/)
    expect(exposed).toContainEqual(expect.stringMatching(/still exposed: .*if Git changes .*the host/))
  })

  it('with an anchor are any but RespectIgnoreDifferences and Replace', async () => {
    expect(await advised(anchored, anchorRule, [], '3.5.1')).toMatchObject({ present: { verdict: { verdict: 'holds' } }, breaks: [] })
    const frozen = await advised(anchored, anchorRule, ['RespectIgnoreDifferences=true'], '3.5.1')
    expect(frozen).toMatchObject({ breaks: ['RespectIgnoreDifferences=true'], ranked: [{ options: [], verdict: { verdict: 'holds' } }, {}, {}, {}] })
    expect(adviceText(frozen)).toEqual([expect.stringContaining('an Application of its own')])
    const replaced = await advised(anchored, anchorRule, ['Replace=true'], '3.5.1')
    expect(replaced.breaks).toEqual(['Replace=true'])
    expect(replaced.present.harm.outages).toBeGreaterThan(0)
  })
})

describe('the trap that a sync with RespectIgnoreDifferences arms', () => {
  const withLast = (annotations: Record<string, string>): KubeObject => ingress(['hdr', 'root'], {
    ...route, ...weights, 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ metadata: { annotations } }),
  })

  it('is found in last-applied, and not where Git holds the annotation', () => {
    expect(armedTraps(bare, withLast(route), alb)).toMatchObject([{ by: 'last-applied', annotations: Object.keys(route) }])
    expect(armedTraps(anchored, withLast(route), alb)).toEqual([])
    expect(armedTraps(bare, withLast({}), alb)).toEqual([])
  })

  it('is found in the ownership of argocd-controller', () => {
    const owned = { manager: 'argocd-controller', operation: 'Apply', fieldsV1: { 'f:metadata': { 'f:annotations': { [`f:${prefix}/actions.hdr`]: {} } } } }
    const live = { ...canaryLive, metadata: { ...canaryLive.metadata, managedFields: [owned] } } as unknown as KubeObject
    expect(armedTraps(bare, live, alb)).toMatchObject([{ by: 'ownership', annotations: [`${prefix}/actions.hdr`] }])
  })

  it('survives a last-applied that is no JSON', () => {
    expect(armedTraps(bare, ingress([], { ...route, 'kubectl.kubernetes.io/last-applied-configuration': '{' }), alb)).toEqual([])
  })
})
