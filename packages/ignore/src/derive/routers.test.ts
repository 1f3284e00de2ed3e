import { readFileSync, writeFileSync } from 'node:fs'
import { argocdProfile, type ArgocdProfile, type CompareMode, jqEngine, readCustomSchemas } from '@rollsync/argocd'
import { type KubeObject, parse, refKey, refOf } from '@rollsync/manifests'
import { rolloutsProfile, type RolloutsProfile, rolloutsVersions } from '@rollsync/rollouts'
import { describe, expect, it } from 'vitest'
import { anchorsOf } from '../anchor.ts'
import { argocdJudge } from '../argocd-judge.ts'
import { type CanaryCase, pairsOf } from '../canary-case.ts'
import { derive } from '../derive.ts'
import { exploreCanary } from '../explore-canary.ts'
import { type IgnoreRule, toIgnoreDifferences } from '../ignore-rule.ts'
import type { Judge } from '../judge.ts'
import { covering } from '../laws/covering.ts'
import { minimal } from '../laws/minimal.ts'
import { symmetric } from '../laws/symmetric.ts'
import { tight } from '../laws/tight.ts'
import { ownedFields } from '../owned-fields.ts'
import { routeAnchorsOf } from '../route-anchor.ts'
import { albSettings } from '../routes.ts'

const services = ['canary', 'stable'].map((name) => `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: default }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080, protocol: TCP }] }`).join('')

const rolloutWith = (routing: string, services = 'canaryService: canary, stableService: stable, ', steps = '') => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web, namespace: default }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: 'web:1' }] } }
  strategy: { canary: { ${services}trafficRouting: ${routing}, steps: [{ setCanaryScale: { weight: 10 } }, ${steps}{ setWeight: 20 }, { pause: {} }] } }
`
const headerStep = '{ setHeaderRoute: { name: hdr, match: [{ headerName: version, headerValue: { exact: "2" } }] } }, '

interface Case {
  readonly name: string
  readonly yaml: string
  /** The rules that are derived under a three-way comparison. */
  readonly expressions: readonly string[]
}

const ingress = (className: string, service: string, port: string, annotations: string): string => `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: default, annotations: ${annotations} }
spec: { ingressClassName: ${className}, rules: [{ host: a.example.com, http: { paths: [{ path: /*, pathType: ImplementationSpecific, backend: { service: { name: ${service}, port: { ${port} } } } }] } }] }`

const virtualService = (name: string, spec: string, domain = ''): string => `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: default }
spec: { hosts: [${name}], ${spec.replace('ROUTE', `route: [{ destination: { host: stable${domain} }, weight: 100 }, { destination: { host: canary${domain} }, weight: 0 }]`)} }`

const cases: readonly Case[] = [
  {
    name: 'an Istio VirtualService with a header route, by host',
    yaml: rolloutWith('{ managedRoutes: [{ name: hdr }], istio: { virtualService: { name: web, routes: [primary] } } }', undefined, headerStep) + services + `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: default }
spec: { hosts: [web], http: [{ name: primary, route: [{ destination: { host: stable }, weight: 100 }, { destination: { host: canary }, weight: 0 }] }, { name: other, route: [{ destination: { host: elsewhere } }] }] }`,
    expressions: ['(.spec.http[]?|select(.name=="hdr")), (.spec.http[]?|select(.name=="primary")|.route[]?|select(.destination.host=="stable" or .destination.host=="canary")|.weight)'],
  },
  {
    name: 'an Istio VirtualService and DestinationRule, by subset',
    yaml: rolloutWith('{ istio: { virtualService: { name: web }, destinationRule: { name: web, canarySubsetName: canary, stableSubsetName: stable } } }', '') + `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: default }
spec: { hosts: [web], http: [{ route: [{ destination: { host: web, subset: stable }, weight: 100 }, { destination: { host: web, subset: canary }, weight: 0 }] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: web, namespace: default }
spec: { host: web, subsets: [{ name: canary, labels: { app: web } }, { name: stable }] }`,
    expressions: [
      '.spec.http[]?|select(.name==null)|.route[]?|select(.destination.subset=="stable" or .destination.subset=="canary")|.weight',
    ],
  },
  {
    name: 'an HTTPRoute with a header route',
    yaml: rolloutWith('{ managedRoutes: [{ name: hdr }], plugins: { argoproj-labs/gatewayAPI: { httpRoute: web, namespace: default } } }', undefined, headerStep) + services + `
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: default }
spec: { parentRefs: [{ name: gateway }], rules: [{ name: primary, backendRefs: [{ name: stable, port: 80, weight: 100 }, { name: canary, port: 80, weight: 0 }] }] }`,
    expressions: ['(.spec.rules[]?|select(.name=="hdr")), (.spec.rules[]?.backendRefs[]?|select(.name=="canary" or .name=="stable")|.weight)'],
  },
  {
    name: 'a TraefikService',
    yaml: rolloutWith('{ traefik: { weightedTraefikServiceName: web } }') + services + `
---
apiVersion: traefik.io/v1alpha1
kind: TraefikService
metadata: { name: web, namespace: default }
spec: { weighted: { services: [{ name: stable, port: 80 }, { name: canary, port: 80 }] } }`,
    expressions: [],
  },
  {
    name: 'an ApisixRoute',
    yaml: rolloutWith('{ apisix: { route: { name: web, rules: [main] } } }') + services + `
---
apiVersion: apisix.apache.org/v2
kind: ApisixRoute
metadata: { name: web, namespace: default }
spec: { http: [{ name: main, match: { paths: [/*] }, backends: [{ serviceName: stable, servicePort: 80, weight: 100 }, { serviceName: canary, servicePort: 80, weight: 0 }] }] }`,
    expressions: ['.spec.http[]?|select(.name=="main")|.backends[]?|select(.serviceName=="canary" or .serviceName=="stable")|.weight'],
  },
  {
    name: 'an nginx Ingress, whose canary is the controller\'s own object',
    yaml: rolloutWith('{ nginx: { stableIngress: web } }') + services + `
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: default }
spec: { ingressClassName: nginx, rules: [{ host: a.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: stable, port: { number: 80 } } } }] } }] }`,
    expressions: [],
  },
  {
    name: 'an SMI TrafficSplit, which the controller makes',
    yaml: rolloutWith('{ smi: {} }') + services,
    expressions: [],
  },
  {
    name: 'an Ambassador Mapping, whose canary is the controller\'s own object',
    yaml: rolloutWith('{ ambassador: { mappings: [web] } }') + services + `
---
apiVersion: getambassador.io/v2
kind: Mapping
metadata: { name: web, namespace: default }
spec: { prefix: /, service: 'stable:80' }`,
    expressions: [],
  },
  {
    name: 'an ALB Ingress with a header route',
    yaml: rolloutWith('{ managedRoutes: [{ name: hdr }], alb: { ingress: web, rootService: root, servicePort: 80 } }', undefined, headerStep) + services + ingress('alb', 'root', 'name: use-annotation', '{ alb.ingress.kubernetes.io/scheme: internal }'),
    expressions: ['.spec.rules[]?.http.paths[]?|select(.backend.service.name=="hdr")'],
  },
  {
    name: 'two Istio VirtualServices, one by the full names of the Services',
    yaml: rolloutWith('{ istio: { virtualServices: [{ name: web, routes: [primary] }, { name: api, routes: [main] }] } }') + services + virtualService('web', 'http: [{ name: primary, ROUTE }]') + virtualService('api', 'http: [{ name: main, ROUTE }]', '.default.svc.cluster.local'),
    expressions: [
      '.spec.http[]?|select(.name=="primary")|.route[]?|select(.destination.host=="stable" or .destination.host=="canary")|.weight',
      '.spec.http[]?|select(.name=="main")|.route[]?|select(.destination.host=="stable.default.svc.cluster.local" or .destination.host=="canary.default.svc.cluster.local")|.weight',
    ],
  },
  {
    name: 'an Istio VirtualService of TCP',
    yaml: rolloutWith('{ istio: { virtualService: { name: web, tcpRoutes: [{ port: 3000 }] } } }') + services + virtualService('web', 'tcp: [{ match: [{ port: 3000 }], ROUTE }]'),
    expressions: ['.spec.tcp[]?|.route[]?|select(.destination.host=="stable" or .destination.host=="canary")|.weight'],
  },
  {
    name: 'an Istio VirtualService of TLS',
    yaml: rolloutWith('{ istio: { virtualService: { name: web, tlsRoutes: [{ port: 443, sniHosts: [web] }] } } }') + services + virtualService('web', 'tls: [{ match: [{ port: 443, sniHosts: [web] }], ROUTE }]'),
    expressions: ['.spec.tls[]?|.route[]?|select(.destination.host=="stable" or .destination.host=="canary")|.weight'],
  },
  ...(['GRPCRoute', 'TCPRoute', 'TLSRoute'] as const).map((kind): Case => ({
    name: `a ${kind}`,
    yaml: rolloutWith(`{ plugins: { argoproj-labs/gatewayAPI: { ${kind[0]?.toLowerCase()}${kind.slice(1).replace('RPC', 'rpc').replace('CP', 'cp').replace('LS', 'ls')}: web, namespace: default } } }`) + services + `
---
apiVersion: gateway.networking.k8s.io/${kind === 'GRPCRoute' ? 'v1' : 'v1alpha2'}
kind: ${kind}
metadata: { name: web, namespace: default }
spec: { parentRefs: [{ name: gateway }], rules: [{ backendRefs: [{ name: stable, port: 80, weight: 100 }, { name: canary, port: 80, weight: 0 }] }] }`,
    expressions: ['.spec.rules[]?.backendRefs[]?|select(.name=="canary" or .name=="stable")|.weight'],
  })),
  {
    name: 'AWS App Mesh',
    yaml: rolloutWith('{ appMesh: { virtualService: { name: web, routes: [main] }, virtualNodeGroup: { canaryVirtualNodeRef: { name: canary-pods }, stableVirtualNodeRef: { name: stable-pods } } } }') + services + `
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata: { name: web, namespace: default }
spec: { awsName: web.default.svc.cluster.local, provider: { virtualRouter: { virtualRouterRef: { name: web } } } }
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualRouter
metadata: { name: web, namespace: default }
spec: { listeners: [{ portMapping: { port: 80, protocol: http } }], routes: [{ name: main, httpRoute: { match: { prefix: / }, action: { weightedTargets: [{ virtualNodeRef: { name: canary-pods }, weight: 0 }, { virtualNodeRef: { name: stable-pods }, weight: 100 }] } } }] }${['canary-pods', 'stable-pods'].map((name) => `
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: ${name}, namespace: default }
spec: { podSelector: { matchLabels: { app: web, rollouts-pod-template-hash: ${name} } }, listeners: [{ portMapping: { port: 80, protocol: http } }] }`).join('')}`,
    expressions: [
      '.spec.routes[]?|select(.name=="main")|.httpRoute.action.weightedTargets[]?|select(.virtualNodeRef.name=="canary-pods" or .virtualNodeRef.name=="stable-pods")|.weight',
      '.spec.podSelector.matchLabels["rollouts-pod-template-hash"]', '.spec.podSelector.matchLabels["rollouts-pod-template-hash"]',
    ],
  },
  {
    name: 'two Services and no router',
    yaml: rolloutWith('none').replace('trafficRouting: none, ', '').replace('{ setCanaryScale: { weight: 10 } }, ', '') + services,
    expressions: [],
  },
  {
    name: 'the active and the preview Service of blue-green',
    yaml: rolloutWith('none').replace(/strategy: .*/, 'strategy: { blueGreen: { activeService: stable, previewService: canary, autoPromotionEnabled: false } }') + services,
    expressions: [],
  },
  {
    name: 'a Deployment that the Rollout counts down (workloadRef.scaleDown)',
    yaml: rolloutWith('none').replace('trafficRouting: none, ', '').replace('{ setCanaryScale: { weight: 10 } }, ', '').replace(/template: .*/, 'workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: onsuccess }') + services + `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec: { replicas: 2, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: 'web:1' }] } } }`,
    expressions: ['/spec/replicas'],
  },
]

const text = { type: 'string' }
const number = { type: 'integer' }
const map = (properties: object) => ({ type: 'object', properties })
const list = (properties: object) => ({ type: 'array', items: { type: 'object', properties } })
/** What these projects publish of their types, as far as the cases use it. */
const schemas = readCustomSchemas([
  definition('traefik.io', 'v1alpha1', 'TraefikService', { weighted: { type: 'object', properties: { services: list({ name: text, port: number, weight: number }) } } }),
  definition('apisix.apache.org', 'v2', 'ApisixRoute', {
    http: list({ name: text, match: { type: 'object', properties: { paths: { type: 'array', items: text } } }, backends: list({ serviceName: text, servicePort: number, weight: number }) }),
  }),
  definition('getambassador.io', 'v2', 'Mapping', { prefix: text, service: text, weight: number }),
  ...['TCPRoute', 'TLSRoute'].map((kind) => definition('gateway.networking.k8s.io', 'v1alpha2', kind, { parentRefs: list({ name: text }), rules: list({ backendRefs: list({ name: text, port: number, weight: number }) }) })),
  definition('appmesh.k8s.aws', 'v1beta2', 'VirtualService', { awsName: text, provider: map({ virtualRouter: map({ virtualRouterRef: map({ name: text }) }) }) }),
  definition('appmesh.k8s.aws', 'v1beta2', 'VirtualRouter', {
    listeners: list({ portMapping: map({ port: number, protocol: text }) }),
    routes: list({ name: text, httpRoute: map({ match: map({ prefix: text }), action: map({ weightedTargets: list({ virtualNodeRef: map({ name: text }), weight: number }) }) }) }),
  }),
  definition('appmesh.k8s.aws', 'v1beta2', 'VirtualNode', {
    podSelector: map({ matchLabels: { type: 'object', additionalProperties: text } }), listeners: list({ portMapping: map({ port: number, protocol: text }) }),
  }),
])

function definition(group: string, version: string, kind: string, properties: object): object {
  const openAPIV3Schema = { type: 'object', properties: { spec: { type: 'object', properties } } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${kind.toLowerCase()}s.${group}` },
    spec: { group, names: { kind, plural: `${kind.toLowerCase()}s` }, scope: 'Namespaced', versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema } }] },
  }
}

function canaryOf(yaml: string): CanaryCase {
  const objects = parse([{ file: 'all.yaml', text: yaml }]).manifests.map((manifest) => manifest.value)
  const rollout = objects.find((object) => object.kind === 'Rollout') as KubeObject
  const profile = rolloutsProfile(rolloutsVersions[0] ?? '').profile as RolloutsProfile
  const { states, invalid } = exploreCanary(rollout, objects.filter((object) => object !== rollout), profile)
  expect(invalid).toBeUndefined()
  return { rollout: refOf(rollout), resources: objects.map(refOf), states }
}

function rolloutIn(canary: CanaryCase): KubeObject {
  return canary.states[0]?.git.get('argoproj.io/Rollout/default/web') as KubeObject
}

function judge(mode: CompareMode, canary: CanaryCase): { readonly rules: Judge; readonly none: Judge } {
  const profile = argocdProfile('3.5.1')?.profile as ArgocdProfile
  const rules = toIgnoreDifferences(derive(canary, { alb: albSettings(rolloutIn(canary)), mode }))
  const none = argocdJudge({ application: 'web', profile, mode, rules: [], syncOptions: mode === 'smd' ? ['ServerSideApply=true'] : [], jq: jqEngine({ gojq: profile.gojq }), schemas })
  return { none, rules: none.withRules(rules) }
}

/** What of a case's managed routes Git can hold. */
function anchorOf(yaml: string, canary: CanaryCase): string {
  const rollout = rolloutIn(canary)
  const alb = albSettings(rollout)
  const found = parse([{ file: 'all.yaml', text: yaml }]).manifests.flatMap(({ value }) => [...(alb === undefined ? [] : anchorsOf(value, canary.states, alb)), ...routeAnchorsOf(value, canary.states, rollout)])
  return found.length === 0 ? '' : found.map((one) => ('why' in one ? `no: ${one.why}` : `route ${one.route}`)).join(', ')
}

const page = new URL('../../../../docs/routers.md', import.meta.url)
const begin = '<!-- generated -->\n'
const end = '<!-- end -->\n'

function rows({ name, yaml }: Case): readonly string[] {
  const canary = canaryOf(yaml)
  const rulesOf = (mode: CompareMode) => derive(canary, { alb: albSettings(rolloutIn(canary)), mode })
  const [legacy, smd] = [rulesOf('legacy'), rulesOf('smd')]
  const textOf = (rule: IgnoreRule | undefined): string => (rule === undefined ? 'none needed' : `\`${(rule.by === 'jq' ? rule.expression : rule.pointer).replaceAll('|', '\\|')}\``)
  const same = (one: IgnoreRule, rules: readonly IgnoreRule[]): IgnoreRule | undefined => rules.find((other) => refKey(other.resource) === refKey(one.resource))
  const all = [...smd, ...legacy.filter((rule) => same(rule, smd) === undefined)]
  const cells = all.map((rule) => [`${rule.resource.kind} ${rule.resource.name}`, textOf(same(rule, legacy)), textOf(same(rule, smd))])
  return (cells.length === 0 ? [['nothing that Git holds', '', '']] : cells).map((row, index) => `| ${[index === 0 ? name : '', ...row, index === 0 ? anchorOf(yaml, canary) : ''].join(' | ')} |`)
}

it('docs/routers.md shows these rules (UPDATE_DOCS=1 writes it)', () => {
  const head = ['canary', 'what drifts', 'rule, three-way comparison', 'rule, server-side apply or diff', 'what Git can hold']
  const text = readFileSync(page, 'utf8')
  const table = [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...cases.flatMap(rows)].join('\n')
  const now = `${text.slice(0, text.indexOf(begin) + begin.length)}${table}\n${text.slice(text.indexOf(end))}`
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, now)
  expect(readFileSync(page, 'utf8')).toBe(now)
})

describe.each(cases)('the rules derived for $name', ({ yaml, expressions }) => {
  const canary = canaryOf(yaml)
  const pairs = pairsOf(canary)

  it('are these', () => {
    const found = derive(canary, { alb: albSettings(rolloutIn(canary)), mode: 'legacy' }).map((rule) => (rule.by === 'jq' ? rule.expression : rule.pointer))
    expect(found).toEqual(expressions)
  })

  it.each<CompareMode>(['legacy', 'smd', 'ssd'])('keep every state Synced, and are needed, symmetric and tight (%s)', async (mode) => {
    const { rules, none } = judge(mode, canary)
    expect(await covering(pairs, rules)).toMatchObject({ verdict: 'holds', counterExamples: [] })
    expect((await covering(pairs, none)).verdict).toBe(rules.rules.length === 0 ? 'holds' : 'broken')
    for (const law of [symmetric, minimal]) expect(await law(pairs, rules)).toMatchObject({ verdict: 'holds', counterExamples: [] })
    expect(await tight(pairs, rules, ownedFields(canary))).toMatchObject({ verdict: 'holds', counterExamples: [] })
  })
})
