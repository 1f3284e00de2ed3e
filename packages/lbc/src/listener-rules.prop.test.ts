import type { KubeObject } from '@rollsync/manifests'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { admission } from './admission.ts'
import { awsRefusals } from './aws-refusals.ts'
import type { LbcCluster } from './cluster.ts'
import { exampleRequests } from './example-requests.ts'
import { listenerRules, loadBalancersOf } from './listener-rules.ts'
import { lbcProfile, lbcVersions } from './profile.ts'
import { changedRoutes, reaches } from './reaches.ts'
import { route } from './route.ts'

const prefix = 'alb.ingress.kubernetes.io'
const names = ['root', 'canary', 'route']
const json = fc.oneof(fc.json({ maxDepth: 4 }), fc.string(), fc.constantFrom('{', '[]', 'null', '""', '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"root","servicePort":80}]}}'))
const condition = fc.record({
  field: fc.constantFrom('http-header', 'host-header', 'path-pattern', 'query-string', 'http-request-method', 'source-ip', 'other'),
  httpHeaderConfig: fc.record({ httpHeaderName: fc.string({ maxLength: 5 }), values: fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 }) }, { requiredKeys: [] }),
  hostHeaderConfig: fc.record({ values: fc.array(fc.string({ maxLength: 4 })) }),
  pathPatternConfig: fc.record({ regexValues: fc.array(fc.string({ maxLength: 4 })) }),
  queryStringConfig: fc.record({ values: fc.array(fc.record({ key: fc.string(), value: fc.string() }, { requiredKeys: ['value'] })) }),
  httpRequestMethodConfig: fc.record({ values: fc.array(fc.constantFrom('GET', 'POST')) }),
  sourceIPConfig: fc.record({ values: fc.array(fc.constantFrom('10.0.0.0/8', 'x', '::/0')) }),
}, { requiredKeys: ['field'] })
const annotations = fc.record(Object.fromEntries([
  ...names.flatMap((name) => [[`${prefix}/actions.${name}`, json], [`${prefix}/conditions.${name}`, fc.array(condition, { maxLength: 3 }).map((one) => JSON.stringify(one))]] as const),
  [`${prefix}/listen-ports`, fc.constantFrom('[{"HTTP":80}]', '[{"HTTP":80},{"HTTPS":443}]', '[{"HTTP":80,"HTTPS":80}]', '[]', 'x')] as const,
  [`${prefix}/ssl-redirect`, fc.constantFrom('443', '80', 'x')] as const,
  [`${prefix}/group.name`, fc.constantFrom('g', 'G', '')] as const,
  [`${prefix}/group.order`, fc.constantFrom('1', '-1', 'x')] as const,
  [`${prefix}/tags`, fc.string({ maxLength: 6 })] as const,
]), { requiredKeys: [] })
const backend = fc.oneof(
  { weight: 9, arbitrary: fc.record({ service: fc.record({ name: fc.constantFrom(...names, 'gone'), port: fc.constantFrom({ name: 'use-annotation' }, { number: 80 }, { name: 'http' }, {}) }) }) },
  { weight: 1, arbitrary: fc.constantFrom({}, { resource: { kind: 'X', name: 'y' } }, null) },
)
const path = fc.record({
  path: fc.constantFrom('/', '/*', '/a', '/é', ''), pathType: fc.constantFrom('Exact', 'Prefix', 'ImplementationSpecific', 'Other'), backend,
}, { requiredKeys: ['backend'] })
const spec = fc.record({
  ingressClassName: fc.constantFrom('alb', 'gone', 'nginx'),
  defaultBackend: backend,
  rules: fc.array(fc.record({ host: fc.constantFrom('a.com', '*.b.com', ''), http: fc.record({ paths: fc.array(path, { maxLength: 4 }) }) }, { requiredKeys: [] }), { maxLength: 3 }),
}, { requiredKeys: ['rules'] })
const ingress = fc.record({ metadata: fc.record({ name: fc.constantFrom('a', 'b'), annotations }), spec })
  // A record leaves keys out, it never sets them to undefined.
  .map((one) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', ...one }) as KubeObject)
/** One field of a good Ingress replaced by anything at all. */
const broken = fc.tuple(ingress, fc.constantFrom('metadata', 'spec', 'rules', 'annotations', 'finalizers'), fc.anything({ maxDepth: 3 })).map(([good, field, value]): KubeObject => {
  if (field === 'metadata' || field === 'spec') return { ...good, [field]: value } as KubeObject
  const parent = field === 'rules' ? 'spec' : 'metadata'
  return { ...good, [parent]: { ...(good[parent] as object), [field]: value } } as KubeObject
})
const service = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30080 }] } })
const cluster = fc.array(fc.oneof({ weight: 5, arbitrary: ingress }, { weight: 1, arbitrary: broken }), { minLength: 1, maxLength: 3 }).map((ingresses): LbcCluster => ({
  ingresses,
  services: names.map(service),
  ingressClasses: ['alb', 'nginx'].map((name) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name }, spec: { controller: name === 'alb' ? 'ingress.k8s.aws/alb' : 'nginx' } })),
}))
const version = fc.constantFrom(...lbcVersions)

it('never throws, whatever the Ingresses hold, and answers the same twice', () => {
  fc.assert(fc.property(cluster, version, (one, named) => {
    const { profile } = lbcProfile(named)
    const { groups } = loadBalancersOf(one)
    for (const group of [...groups, 'g', 'default/a', 'nobody']) expect(listenerRules(one, group, profile)).toEqual(listenerRules(one, group, profile))
    for (const object of one.ingresses) admission(object, one, profile)
    expect(reaches(one, profile, { host: 'a.com', path: '/' })).toHaveLength(groups.length)
  }), { numRuns: 400 })
})

it('gives rules without gaps, made by paths that are there', () => {
  fc.assert(fc.property(cluster, version, (one, named) => {
    for (const group of loadBalancersOf(one).groups) {
      const rules = listenerRules(one, group, lbcProfile(named).profile)
      if (rules.answer !== 'load-balancer') continue
      for (const listener of rules.listeners) {
        expect(listener.rules.map(({ priority }) => priority)).toEqual(listener.rules.map((_, i) => i + 1))
        for (const { from } of listener.rules) expect(rules.members).toContain(from.ingress)
      }
    }
  }), { numRuns: 200 })
})

it('lets an example of a rule meet that rule, or one before it', () => {
  fc.assert(fc.property(cluster, (one) => {
    for (const group of loadBalancersOf(one).groups) {
      const rules = listenerRules(one, group, lbcProfile('v3.5.0').profile)
      if (rules.answer !== 'load-balancer') continue
      expect(changedRoutes(rules, rules)).toEqual([])
      const refused = awsRefusals(rules).filter(({ because }) => because.startsWith('more than one'))
      for (const { port, rules: listed } of rules.listeners) {
        for (const { priority, conditions } of listed.filter((rule) => !refused.some((refusal) => refusal.port === port && refusal.priority === rule.priority))) {
          for (const request of exampleRequests(conditions)) {
            const answer = route(rules, { ...request, port })
            if ('decided' in answer) expect(answer.decided.by === 'rule' ? answer.decided.priority : Infinity).toBeLessThanOrEqual(priority)
          }
        }
      }
    }
  }), { numRuns: 200 })
})
