import { argocdProfile, type ArgocdProfile, type CompareMode, jqEngine, readCustomSchemas } from '@rollsync/argocd'
import { type KubeObject, parse, refOf } from '@rollsync/manifests'
import { rolloutsProfile, type RolloutsProfile, rolloutsVersions } from '@rollsync/rollouts'
import { describe, expect, it } from 'vitest'
import { argocdJudge } from '../argocd-judge.ts'
import { type CanaryCase, pairsOf } from '../canary-case.ts'
import { derive } from '../derive.ts'
import { exploreCanary } from '../explore-canary.ts'
import { toIgnoreDifferences } from '../ignore-rule.ts'
import type { Judge } from '../judge.ts'
import { covering } from '../laws/covering.ts'
import { minimal } from '../laws/minimal.ts'
import { symmetric } from '../laws/symmetric.ts'
import { tight } from '../laws/tight.ts'
import { ownedFields } from '../owned-fields.ts'
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
]

const text = { type: 'string' }
const number = { type: 'integer' }
const list = (properties: object) => ({ type: 'array', items: { type: 'object', properties } })
/** What these projects publish of their types, as far as the cases use it. */
const schemas = readCustomSchemas([
  definition('traefik.io', 'v1alpha1', 'TraefikService', { weighted: { type: 'object', properties: { services: list({ name: text, port: number, weight: number }) } } }),
  definition('apisix.apache.org', 'v2', 'ApisixRoute', {
    http: list({ name: text, match: { type: 'object', properties: { paths: { type: 'array', items: text } } }, backends: list({ serviceName: text, servicePort: number, weight: number }) }),
  }),
  definition('getambassador.io', 'v2', 'Mapping', { prefix: text, service: text, weight: number }),
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

function judge(mode: CompareMode, canary: CanaryCase): { readonly rules: Judge; readonly none: Judge } {
  const profile = argocdProfile('3.5.1')?.profile as ArgocdProfile
  const rollout = canary.states[0]?.git.get('argoproj.io/Rollout/default/web') as KubeObject
  const rules = toIgnoreDifferences(derive(canary, { alb: albSettings(rollout), mode }))
  const none = argocdJudge({ application: 'web', profile, mode, rules: [], syncOptions: mode === 'smd' ? ['ServerSideApply=true'] : [], jq: jqEngine({ gojq: profile.gojq }), schemas })
  return { none, rules: none.withRules(rules) }
}

describe.each(cases)('the rules derived for $name', ({ yaml, expressions }) => {
  const canary = canaryOf(yaml)
  const pairs = pairsOf(canary)

  it('are these', () => {
    const found = derive(canary, { alb: undefined, mode: 'legacy' }).map((rule) => (rule.by === 'jq' ? rule.expression : rule.pointer))
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
