import { argocdProfile, type ArgocdProfile, type IgnoreDifference, jqEngine } from '@rollsync/argocd'
import { type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { argocdJudge } from '../argocd-judge.ts'
import type { Pair } from '../canary-case.ts'
import type { Judge } from '../judge.ts'
import { ownedFields } from '../owned-fields.ts'
import { albSettings, type AlbSettings } from '../routes.ts'
import { covering } from './covering.ts'
import { minimal } from './minimal.ts'
import { symmetric } from './symmetric.ts'
import { syncSafe } from './sync-safe.ts'
import { tight } from './tight.ts'

const prefix = 'alb.ingress.kubernetes.io'
const rollout: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'default' },
  spec: { strategy: { canary: { stableService: 'stable', canaryService: 'canary', trafficRouting: { managedRoutes: [{ name: 'hdr' }], alb: { ingress: 'web', rootService: 'root', servicePort: 80 } } } } },
}
const alb = albSettings(rollout) as AlbSettings
const path = (service: string) => ({ path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name: service, port: { name: 'use-annotation' } } } })
const ingress = (paths: readonly string[], annotations: Record<string, string>): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress',
  metadata: { name: 'web', namespace: 'default', annotations: { [`${prefix}/scheme`]: 'internal', ...annotations } },
  spec: { ingressClassName: 'alb', rules: [{ host: 'a.example.com', http: { paths: paths.map(path) } }] },
})

const route = { [`${prefix}/actions.hdr`]: '{"Type":"forward"}', [`${prefix}/conditions.hdr`]: '[{"field":"http-header"}]' }
const weights = { [`${prefix}/actions.root`]: '{"Type":"forward","ForwardConfig":{}}', 'rollouts.argoproj.io/managed-alb-annotations': '{"web":[]}' }
const bare = ingress(['root'], {})
const anchored = ingress(['hdr', 'root'], route)
const idle = ingress(['root'], weights)
const canary = ingress(['hdr', 'root'], { ...route, ...weights })

const pair = (target: KubeObject, live: KubeObject, moment: string): Pair => ({ resource: refOf(target), target, live, moments: [moment] })
const withoutAnchor = [pair(bare, idle, 'idle'), pair(bare, canary, 'step 2')]
const withAnchor = [pair(anchored, idle, 'idle'), pair(anchored, canary, 'step 2')]

const byName: IgnoreDifference = { group: 'networking.k8s.io', kind: 'Ingress', name: 'web', jqPathExpressions: ['.spec.rules[]?.http.paths[]?|select(.backend.service.name=="hdr")'] }
const anchorRule: IgnoreDifference = { ...byName, jsonPointers: Object.keys(route).map((key) => `/metadata/annotations/${key.replace('/', '~1')}`) }

function judge(rules: readonly IgnoreDifference[], syncOptions: readonly string[] = [], version = '3.5.1'): Judge {
  const profile = argocdProfile(version)?.profile as ArgocdProfile
  return argocdJudge({ application: 'web', profile, mode: syncOptions.includes('ServerSideApply=true') ? 'smd' : 'legacy', rules, syncOptions, jq: jqEngine({ gojq: profile.gojq }) })
}

describe('the laws on the Ingress of an ALB canary', () => {
  it('without a rule the header route is OutOfSync', async () => {
    expect(await covering(withoutAnchor, judge([]))).toMatchObject({ verdict: 'broken', counterExamples: [{ moment: 'step 2' }] })
  })

  it.each(['3.5.1', '3.4.4', '2.10.20'])('the rule by name covers it, and a full sync loses the route all the same (Argo CD %s)', async (version) => {
    expect(await covering(withoutAnchor, judge([byName], [], version))).toMatchObject({ verdict: 'holds' })
    expect(await symmetric(withoutAnchor, judge([byName], [], version))).toMatchObject({ verdict: 'holds' })
    expect(await minimal(withoutAnchor, judge([byName], [], version))).toMatchObject({ verdict: 'holds' })
    const { counterExamples } = await syncSafe(withoutAnchor, judge([byName], [], version), alb)
    expect(counterExamples.filter((one) => one.gitChange === undefined)).toMatchObject([{ verdict: 'reverts', moments: ['step 2'] }])
  })

  it('RespectIgnoreDifferences keeps the route and freezes the list up to 3.4.4, and no longer keeps it from 3.4.5 on', async () => {
    const options = ['RespectIgnoreDifferences=true']
    const verdictsOf = async (version: string) => new Set((await syncSafe(withoutAnchor, judge([byName], options, version), alb)).counterExamples.map((one) => one.verdict))
    expect(await verdictsOf('3.4.4')).toEqual(new Set(['freezes']))
    expect(await verdictsOf('3.4.7')).toEqual(new Set(['reverts']))
  })

  it('ApplyOutOfSyncOnly leaves it alone until Git changes the Ingress', async () => {
    const { counterExamples } = await syncSafe(withoutAnchor, judge([byName], ['ApplyOutOfSyncOnly=true']), alb)
    expect(counterExamples.every((one) => one.gitChange !== undefined && one.verdict === 'reverts')).toBe(true)
    expect(counterExamples.map((one) => one.gitChange)).toContain('the host')
  })

  it.each([['client-side apply', []], ['server-side apply', ['ServerSideApply=true']]])('the anchor satisfies every law (%s)', async (_, options) => {
    const anchorJudge = judge([anchorRule], options)
    for (const law of [covering, symmetric, minimal]) expect(await law(withAnchor, anchorJudge)).toMatchObject({ verdict: 'holds', counterExamples: [] })
    expect(await syncSafe(withAnchor, anchorJudge, alb)).toMatchObject({ verdict: 'holds', counterExamples: [] })
  })

  it('of rules that are more than is needed, each part that could go is named with its entry', async () => {
    const spare: IgnoreDifference = { group: 'networking.k8s.io', kind: 'Ingress', jsonPointers: ['/spec/ingressClassName'] }
    const verdict = await minimal(withoutAnchor, judge([byName, spare]))
    expect(verdict).toMatchObject({ verdict: 'broken', checked: '2 parts; Synced at every moment without /spec/ingressClassName (ignoreDifferences[1])', counterExamples: [{ rule: 1 }] })
    const twice = await minimal(withoutAnchor, judge([byName, byName]))
    expect(twice.checked).toBe(`2 parts; Synced at every moment without any one of ${[0, 1].map((rule) => `${byName.jqPathExpressions?.[0]} (ignoreDifferences[${rule}])`).join(', ')}`)
  })

  it('the anchor freezes the list under RespectIgnoreDifferences, and is an outage under Replace', async () => {
    const verdictsOf = async (options: readonly string[]) => new Set((await syncSafe(withAnchor, judge([anchorRule], options), alb)).counterExamples.map((one) => one.verdict))
    expect(await verdictsOf(['RespectIgnoreDifferences=true'])).toContain('freezes')
    expect(await verdictsOf(['Replace=true'])).toContain('outage')
  })

  it('a path in Git without its action is an outage after a sync between canaries', async () => {
    const half = ingress(['hdr', 'root'], {})
    const { counterExamples } = await syncSafe([pair(half, idle, 'idle')], judge([byName]), alb)
    expect(counterExamples).toContainEqual(expect.objectContaining({ verdict: 'outage', what: expect.stringContaining('503') }))
  })

  it('a rule over all of spec.rules is not tight, and one by name is', async () => {
    const owned = ownedFields({ rollout: refOf(rollout), resources: [], states: [{ moment: 'idle', git: new Map([[refKey(refOf(rollout)), rollout]]), live: new Map() }] })
    const broad: IgnoreDifference = { group: 'networking.k8s.io', kind: 'Ingress', jsonPointers: ['/spec/rules'] }
    expect(await tight(withoutAnchor, judge([byName]), owned)).toMatchObject({ verdict: 'holds' })
    const { counterExamples } = await tight(withoutAnchor, judge([broad]), owned)
    expect(counterExamples).toContainEqual(expect.objectContaining({ rule: 0, what: expect.stringMatching(/\/spec\/rules\/0\/host in Git's/) }))
    expect(counterExamples).toContainEqual(expect.objectContaining({ rule: 0, what: expect.stringMatching(/\/spec\/rules\/0\/host in the live/) }))
    const elsewhere: IgnoreDifference = { ...broad, jsonPointers: ['/spec/ingressClassName'] }
    expect(await tight(withoutAnchor, judge([elsewhere]), owned)).toMatchObject({ verdict: 'holds', checked: "no rule hides anything of the controller's" })
  })

  it('an expression that looks at a live-only annotation is not symmetric', async () => {
    const oneSided: IgnoreDifference = { group: 'networking.k8s.io', kind: 'Ingress', jqPathExpressions: ['select(.metadata.annotations["rollouts.argoproj.io/managed-alb-annotations"]) | .spec.rules'] }
    expect(await symmetric(withoutAnchor, judge([oneSided]))).toMatchObject({ verdict: 'broken' })
  })
})
