import type { KubeObject } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import type { LbcCluster } from './cluster.ts'
import { headerRouteOf } from './header-route.ts'
import { listenerRules } from './listener-rules.ts'
import type { LoadBalancer } from './load-balancer.ts'
import { lbcProfile } from './profile.ts'
import { changedRoutes, reaches } from './reaches.ts'

const { profile } = lbcProfile('v3.5.0')
const prefix = 'alb.ingress.kubernetes.io'
const forward = (weights: Readonly<Record<string, number>>): string => JSON.stringify({
  Type: 'forward', ForwardConfig: { TargetGroups: Object.entries(weights).map(([ServiceName, Weight]) => ({ ServiceName, ServicePort: '80', Weight })) },
})
const rootAction = { [`${prefix}/actions.root`]: forward({ canary: 0, stable: 100 }) }
const routeAction = { [`${prefix}/actions.route`]: forward({ canary: 100 }) }
const routeCondition = { [`${prefix}/conditions.route`]: '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"Version","values":["2","v?"]}}]' }
const pathTo = (name: string, path = '/*', pathType = 'ImplementationSpecific'): object => ({ path, pathType, backend: { service: { name, port: { name: 'use-annotation' } } } })
const ingress = (annotations: Readonly<Record<string, string>>, ...paths: readonly object[]): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'default', annotations },
  spec: { ingressClassName: 'alb', rules: [{ host: '*.qa.com', http: { paths } }] },
})
const service = (name: string): KubeObject => ({
  apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] },
})
const clusterOf = (one: KubeObject): LbcCluster => ({
  ingresses: [one],
  services: [service('canary'), service('stable')],
  ingressClasses: [{ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'alb' }, spec: { controller: 'ingress.k8s.aws/alb' } }],
})
const balancerOf = (one: KubeObject): LoadBalancer => {
  const rules = listenerRules(clusterOf(one), 'default/web', profile)
  if (rules.answer !== 'load-balancer') throw new Error(JSON.stringify(rules))
  return rules
}
const live = ingress({ ...rootAction, ...routeAction, ...routeCondition }, pathTo('route'), pathTo('root'))

describe('a header route', () => {
  it('is live with its path, condition and action, and gives a request for each value', () => {
    expect(headerRouteOf(live, 'route', profile)).toEqual({
      live: 'yes', services: ['canary'],
      requests: [{ host: 'x.qa.com', path: '/', headers: { version: '2' } }, { host: 'x.qa.com', path: '/', headers: { version: 'vx' } }],
    })
  })

  it('is not live without any of the three', () => {
    expect(headerRouteOf(ingress({ ...routeAction, ...routeCondition }, pathTo('root')), 'route', profile)).toMatchObject({ live: 'no', missing: 'path' })
    expect(headerRouteOf(ingress({ ...routeCondition }, pathTo('route')), 'route', profile)).toMatchObject({ live: 'no', missing: 'action' })
    expect(headerRouteOf(ingress({ ...routeAction }, pathTo('route')), 'route', profile)).toMatchObject({ live: 'no', missing: 'condition' })
    expect(headerRouteOf(ingress({ ...routeAction, [`${prefix}/conditions.route`]: '[' }, pathTo('route')), 'route', profile)).toMatchObject({ live: 'no', missing: 'condition' })
  })

  it('reaches the canary, and nobody else goes elsewhere', () => {
    const route = headerRouteOf(live, 'route', profile)
    const requests = route.live === 'yes' ? route.requests : []
    for (const request of requests) expect(reaches(clusterOf(live), profile, request)[0]?.services).toEqual([{ namespace: 'default', name: 'canary', port: 80, share: 1 }])
    const changed = changedRoutes(balancerOf(ingress(rootAction, pathTo('root'))), balancerOf(live))
    expect(changed.map(({ request }) => request.headers)).toEqual([{ version: '2' }, { version: 'vx' }])
  })

  it('is dead behind a root path of type Prefix', () => {
    const shadowed = ingress({ ...rootAction, ...routeAction, ...routeCondition }, pathTo('route'), pathTo('root', '/', 'Prefix'))
    expect(reaches(clusterOf(shadowed), profile, { host: 'a.qa.com', path: '/', headers: { version: '2' } })[0]?.services)
      .toEqual([{ namespace: 'default', name: 'stable', port: 80, share: 1 }])
  })

  it('answers 503 to everybody where the path is left and the annotations are gone', () => {
    const wiped = ingress(rootAction, pathTo('route'), pathTo('root'))
    expect(reaches(clusterOf(wiped), profile, { host: 'a.qa.com', path: '/' })[0]?.answer).toMatchObject({ reaches: 'fixed-response', statusCode: '503' })
  })

  it('takes everybody where only its condition is gone', () => {
    const open = ingress({ ...rootAction, ...routeAction }, pathTo('route'), pathTo('root'))
    expect(reaches(clusterOf(open), profile, { host: 'a.qa.com', path: '/' })[0]?.services).toMatchObject([{ name: 'canary', share: 1 }])
  })

  it('says that the former rules stay where the controller makes none', () => {
    const broken = ingress({ [`${prefix}/actions.root`]: '{' }, pathTo('root'))
    expect(reaches(clusterOf(broken), profile, { host: 'a.qa.com', path: '/' })[0]?.answer.reaches).toBe('unverified')
  })
})
