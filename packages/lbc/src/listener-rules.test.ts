import type { KubeObject } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { admission } from './admission.ts'
import { awsRefusals } from './aws-refusals.ts'
import type { LbcCluster, LbcOptions } from './cluster.ts'
import { listenerRules, loadBalancersOf } from './listener-rules.ts'
import { lbcProfile, type LbcProfile, lbcVersions } from './profile.ts'

const newest = lbcProfile('v3.5.0').profile
const prefix = 'alb.ingress.kubernetes.io'
const ingress = (name: string, annotations: Readonly<Record<string, string>>, spec: object = {}): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace: 'default', annotations },
  spec: { ingressClassName: 'alb', rules: [{ http: { paths: [{ path: '/*', backend: { service: { name: 'web', port: { number: 80 } } } }] } }], ...spec },
})
const clusterOf = (ingresses: readonly KubeObject[], options: LbcOptions = {}): LbcCluster => ({
  ingresses, options,
  services: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { ports: [{ port: 80, nodePort: 30080 }] } }],
  ingressClasses: [{ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'alb' }, spec: { controller: 'ingress.k8s.aws/alb' } }],
})

describe('the rules of a group', () => {
  it('stop for all members where one is broken, with the error of the controller', () => {
    const group = { [`${prefix}/group.name`]: 'g' }
    const cluster = clusterOf([ingress('a', group), ingress('b', { ...group, [`${prefix}/conditions.web`]: '[' })])
    expect(listenerRules(cluster, 'g', newest)).toEqual({
      answer: 'failed', group: 'g', stage: 'build', members: ['default/a', 'default/b'],
      error: `ingress: default/b: failed to parse json annotation, ${prefix}/conditions.web: [: unexpected end of JSON input`,
    })
  })

  it.each([
    ['scheme', 'internal', 'internet-facing', 'conflicting scheme: map[internal:{} internet-facing:{}]'],
    ['subnets', 'a,b', 'c', 'conflicting subnets: [a b] | [c]'],
    ['security-groups', 'a,b', 'b,a', 'conflicting securityGroups: [a b] | [b a]'],
    ['tags', 'k=1', 'k=2', 'conflicting tag k: 1 | 2'],
    ['load-balancer-attributes', 'k=1', 'k=2', 'conflicting load balancer attributes k: 1 | 2'],
    ['wafv2-acl-arn', 'a', 'b', 'conflicting WAFv2 WebACL ARNs: [a b]'],
    ['enable-frontend-nlb', 'true', 'false', 'conflicting enable frontend NLB values'],
    ['inbound-cidrs', '10.0.0.0/8', '11.0.0.0/8', 'failed to merge listenPort config for port: 80: conflicting inbound-cidrs, default/a: [10.0.0.0/8], [] | default/b: [11.0.0.0/8], []'],
  ])('stop for all members that contradict each other in %s', (suffix, first, second, error) => {
    const of = (value: string): Readonly<Record<string, string>> => ({ [`${prefix}/group.name`]: 'g', [`${prefix}/${suffix}`]: value })
    expect(listenerRules(clusterOf([ingress('a', of(first)), ingress('b', of(second))]), 'g', newest)).toMatchObject({ answer: 'failed', stage: 'build', error })
    expect(listenerRules(clusterOf([ingress('a', of(first)), ingress('b', of(first))]), 'g', newest).answer).toBe('load-balancer')
  })

  it('name every error that can be told where the order of a Go map decides', () => {
    const ports = ingress('a', { [`${prefix}/listen-ports`]: '[{"TCP":80,"HTTP":0}]' })
    expect(listenerRules(clusterOf([ports]), 'default/a', newest)).toMatchObject({
      errorOneOf: ['ingress: default/a: listen protocol must be within [HTTP, HTTPS]: TCP', 'ingress: default/a: listen port must be within [1, 65535]: 0'],
    })
  })

  it('are unverified where the order of a Go map decides the protocol', () => {
    const ports = ingress('a', { [`${prefix}/listen-ports`]: '[{"HTTP":80,"HTTPS":80}]' })
    expect(listenerRules(clusterOf([ports]), 'default/a', newest).answer).toBe('unverified')
  })

  it('say what they take for granted', () => {
    const https = ingress('a', { [`${prefix}/listen-ports`]: '[{"HTTPS":443}]' })
    expect(listenerRules(clusterOf([https]), 'default/a', newest)).toMatchObject({ assumes: ['AWS Certificate Manager has a certificate for the hosts of Ingress default/a'] })
  })

  it('are not made of an object that no API server would take', () => {
    expect(listenerRules(clusterOf([ingress('a', {}, { rules: 'x' })]), 'default/a', newest))
      .toMatchObject({ answer: 'failed', stage: 'read', error: 'Ingress a: spec.rules must be a list' })
  })

  it('do not fall for a key that JavaScript treats specially', () => {
    const path = { path: '/*', backend: { service: { name: '__proto__', port: { name: 'use-annotation' } } } }
    const cluster = clusterOf([ingress('a', {}, { rules: [{ http: { paths: [path] } }] })])
    expect(listenerRules(cluster, 'default/a', newest)).toMatchObject({ listeners: [{ rules: [{ actions: [{ type: 'fixed-response' }] }] }] })
  })
})

describe('the groups of a cluster', () => {
  it('are one per Ingress without a group name, and say who is left out', () => {
    const cluster = clusterOf([
      ingress('b', {}), ingress('a', {}), ingress('c', { [`${prefix}/group.name`]: 'g' }), ingress('d', { [`${prefix}/group.name`]: 'G' }),
      ingress('e', {}, { ingressClassName: 'nowhere' }),
    ])
    const found = loadBalancersOf(cluster)
    expect(found.groups).toEqual(['default/a', 'default/b', 'g'])
    expect(found.leftOut.map((one) => one.ingress)).toEqual(['default/d', 'default/e'])
  })

  it('hold an Ingress without any class only where the controller was started without one', () => {
    const bare = ingress('a', {}, { ingressClassName: undefined })
    expect(loadBalancersOf(clusterOf([bare])).groups).toEqual([])
    expect(loadBalancersOf(clusterOf([bare], { ingressClass: '' })).groups).toEqual(['default/a'])
  })
})

describe('the webhook', () => {
  it('reads the stock prefix, whatever the parser of the controller was built with', () => {
    const custom = ingress('a', { 'custom.example.com/conditions.web': '[' })
    expect(admission(custom, clusterOf([custom], { annotationPrefix: 'custom.example.com' }), newest)).toEqual({ verdict: 'admitted' })
  })

  it('panics on a resource backend, also behind a good path', () => {
    const resource = ingress('a', {}, { rules: [{ http: { paths: [{ path: '/', backend: { resource: { kind: 'X', name: 'y' } } }] } }] })
    expect(admission(resource, clusterOf([resource]), newest).verdict).toBe('panics')
  })
})

describe('a profile', () => {
  const choice = (version: string): string => {
    const chosen = lbcProfile(version)
    return chosen.recorded ? 'recorded' : chosen.standsIn
  }

  it('answers for each recorded version, with the v or without', () => {
    expect([...lbcVersions, '3.5.0'].map(choice)).toEqual(['recorded', 'recorded', 'recorded', 'recorded'])
  })

  it('of the newest recorded version before it stands in for another', () => {
    expect(['v2.4.0', 'v2.9.0', 'v2.13.5', 'v3.4.9', 'v4.0.0', 'latest'].map(choice)).toEqual(['v2.8.3', 'v2.8.3', 'v2.13.4', 'v2.13.4', 'v3.5.0', 'v3.5.0'])
  })

  it('decides about a ClusterIP Service', () => {
    const cluster = clusterOf([ingress('a', {})])
    const internal: LbcCluster = { ...cluster, services: cluster.services.map((one) => ({ ...one, spec: { ports: [{ port: 80 }] } })) }
    const answers = (profile: LbcProfile): string => listenerRules(internal, 'default/a', profile).answer
    expect(lbcVersions.map((version) => answers(lbcProfile(version).profile))).toEqual(['load-balancer', 'failed', 'failed'])
  })
})

it('lists what AWS would refuse of the rules, which the controller does not check', () => {
  const weights = JSON.stringify({ type: 'forward', forwardConfig: { targetGroups: [{ serviceName: 'web', servicePort: 80, weight: 1000 }] } })
  const spec = { rules: [{ http: { paths: [{ path: '/*', backend: { service: { name: 'web', port: { name: 'use-annotation' } } } }] } }] }
  const conditions = '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"Host","values":["a","b","c","d"]}}]'
  const rules = listenerRules(clusterOf([ingress('a', { [`${prefix}/actions.web`]: weights, [`${prefix}/conditions.web`]: conditions }, spec)]), 'default/a', newest)
  expect(rules.answer === 'load-balancer' ? awsRefusals(rules).map(({ because }) => because) : []).toEqual([
    '4 values in one http-header condition, where AWS takes 3', 'a http-header condition for the header Host', 'a weight of 1000, where AWS takes 0 to 999',
  ])
})
