import { lbcProfile, lbcVersions } from '@rollsync/lbc'
import { type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import type { CanaryCase } from '../canary-case.ts'
import { albSettings, type AlbSettings } from '../routes.ts'
import { reachable } from './reachable.ts'

const prefix = 'alb.ingress.kubernetes.io'
const rollout: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'default' },
  spec: { strategy: { canary: { stableService: 'stable', canaryService: 'canary', trafficRouting: { managedRoutes: [{ name: 'hdr' }], alb: { ingress: 'web', rootService: 'root', servicePort: 80 } } } } },
  status: { currentPodHash: 'new', stableRS: 'old' },
}
const alb = albSettings(rollout) as AlbSettings
const service = (name: string, hash?: string): KubeObject => ({
  apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' },
  spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080, targetPort: 80 }], selector: { app: 'web', ...(hash === undefined ? {} : { 'rollouts-pod-template-hash': hash }) } },
})
const pods = (hash: string, replicas: number): KubeObject => ({
  apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: `web-${hash}`, namespace: 'default', labels: { 'rollouts-pod-template-hash': hash } }, spec: { replicas },
})
const path = (name: string, at = '/*', pathType = 'ImplementationSpecific') => ({ path: at, pathType, backend: { service: { name, port: { name: 'use-annotation' } } } })
const forward = (...targets: [string, number][]) =>
  JSON.stringify({ Type: 'forward', ForwardConfig: { TargetGroups: targets.map(([ServiceName, Weight]) => ({ ServiceName, ServicePort: '80', Weight })) } })
const annotations = {
  [`${prefix}/actions.root`]: forward(['canary', 0], ['stable', 100]),
  [`${prefix}/actions.hdr`]: forward(['canary', 100]),
  [`${prefix}/conditions.hdr`]: '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"version","values":["2"]}}]',
}
const ingress = (paths: readonly unknown[], of: Record<string, string> = annotations, className = 'alb'): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'default', annotations: of },
  spec: { ingressClassName: className, rules: [{ host: 'a.example.com', http: { paths } }] },
})
const without = (key: string): Record<string, string> => Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== `${prefix}/${key}`))

function judge(one: KubeObject, changes: { readonly canary?: KubeObject; readonly pods?: KubeObject; readonly around?: readonly KubeObject[] } = {}) {
  const live = [rollout, one, service('root'), service('stable', 'old'), changes.canary ?? service('canary', 'new'), pods('old', 3), changes.pods ?? pods('new', 1)]
  const map = new Map(live.map((object) => [refKey(refOf(object)), object]))
  const canary: CanaryCase = { rollout: refOf(rollout), resources: [], states: [{ moment: 'step 2', git: map, live: map }] }
  return reachable(canary, { alb, lbc: lbcProfile(lbcVersions.at(-1) ?? '').profile, around: changes.around ?? [] })
}

describe('the law reachable', () => {
  it('holds for a route in front, whole, with canary pods behind it', () => {
    expect(judge(ingress([path('hdr'), path('root')]))).toMatchObject({ verdict: 'holds', checked: '1 moment with a header route, by AWS Load Balancer Controller v3.5.0' })
  })

  it('has nothing to say where no header route is', () => {
    expect(judge(ingress([path('root')]))).toMatchObject({ verdict: 'holds', checked: 'no header route at any moment' })
  })

  it('a root path of type Prefix does not shadow the route at the same place, and an exact one does', () => {
    const shadowed = judge(ingress([path('hdr', '/'), path('root', '/', 'Prefix')]))
    expect(shadowed).toMatchObject({ verdict: 'broken', counterExamples: [{ verdict: 'misrouted', what: expect.stringMatching(/version: 2 goes to stable instead of canary/) }] })
  })

  it('a route behind the path that takes everything is never reached', () => {
    expect(judge(ingress([path('root'), path('hdr')]))).toMatchObject({ verdict: 'broken', counterExamples: [{ verdict: 'misrouted' }] })
  })

  it('a path without its action is an outage', () => {
    expect(judge(ingress([path('hdr'), path('root')], without('actions.hdr')))).toMatchObject({ verdict: 'broken', counterExamples: [{ verdict: 'outage', what: expect.stringContaining('503') }] })
  })

  it('an action without its condition takes everybody to the canary', () => {
    expect(judge(ingress([path('hdr'), path('root')], without('conditions.hdr')))).toMatchObject({ verdict: 'broken', counterExamples: [{ verdict: 'misrouted', what: expect.stringContaining('every request') }] })
  })

  it('an action that forwards to the stable Service misses the canary', () => {
    const wrong = { ...annotations, [`${prefix}/actions.hdr`]: forward(['stable', 100]) }
    expect(judge(ingress([path('hdr'), path('root')], wrong))).toMatchObject({ verdict: 'broken', counterExamples: [{ what: expect.stringContaining('goes to stable instead of canary') }] })
  })

  it('an action that only shares the requests with the canary misses it', () => {
    const half = { ...annotations, [`${prefix}/actions.hdr`]: forward(['canary', 50], ['stable', 50]) }
    expect(judge(ingress([path('hdr'), path('root')], half))).toMatchObject({ verdict: 'broken', counterExamples: [{ what: expect.stringContaining('canary (50 %), stable (50 %)') }] })
  })

  it.each([
    ['selects the stable pods', service('canary', 'old'), pods('new', 1)],
    ['selects the pods of every version', service('canary'), pods('new', 1)],
    ['of which none is asked for', service('canary', 'new'), pods('new', 0)],
  ])('a canary Service that %s is no canary', (words, canary, set) => {
    expect(judge(ingress([path('hdr'), path('root')]), { canary, pods: set })).toMatchObject({ verdict: 'broken', counterExamples: [{ what: expect.stringContaining(words) }] })
  })

  it('a Service that is not there is named', () => {
    expect(judge(ingress([path('hdr'), path('root')]), { canary: service('other') })).toMatchObject({ verdict: 'broken', counterExamples: [{ what: expect.stringContaining('there is no Service canary') }] })
  })

  it('a route of another Ingress of the group that stands before it is found', () => {
    const grouped = (object: KubeObject, name: string, order: string): KubeObject =>
      ({ ...object, metadata: { ...object.metadata, name, annotations: { ...object.metadata.annotations, [`${prefix}/group.name`]: 'shared', [`${prefix}/group.order`]: order } } })
    const own = grouped(ingress([path('hdr'), path('root')]), 'web', '2')
    const other = grouped(ingress([path('root')]), 'other', '1')
    expect(judge(own, { around: [other] })).toMatchObject({ verdict: 'broken', counterExamples: [{ what: expect.stringContaining('default/other') }] })
  })

  it('says unverified for an Ingress of which nothing says that the AWS Load Balancer Controller manages it', () => {
    expect(judge(ingress([path('hdr'), path('root')], annotations, 'internal'))).toMatchObject({ verdict: 'unverified', unverified: [expect.stringContaining('internal')] })
  })
})
