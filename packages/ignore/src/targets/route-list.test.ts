import { argocdProfile, type ArgocdProfile, jqEngine } from '@rollsync/argocd'
import { applyEdits, type KubeObject, type Manifest, parse, refOf } from '@rollsync/manifests'
import { rolloutsProfile, type RolloutsProfile, rolloutsVersions } from '@rollsync/rollouts'
import { describe, expect, it } from 'vitest'
import { argocdJudge } from '../argocd-judge.ts'
import { type CanaryCase, pairsOf } from '../canary-case.ts'
import { derive } from '../derive.ts'
import { exploreCanary } from '../explore-canary.ts'
import { toIgnoreDifferences } from '../ignore-rule.ts'
import { covering } from '../laws/covering.ts'
import { syncSafe } from '../laws/sync-safe.ts'
import { type RouteAnchor, routeAnchorsOf, routeItems, withoutRouteItems } from '../route-anchor.ts'
import { writeRouteList } from './route-list.ts'

const around = (routing: string): string => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web, namespace: default }
spec:
  replicas: 4
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: 'web:1' }] } }
  strategy:
    canary:
      canaryService: canary
      stableService: stable
      trafficRouting: ${routing}
      steps: [{ setCanaryScale: { weight: 25 } }, { setHeaderRoute: { name: hdr, match: [{ headerName: version, headerValue: { exact: "2" } }] } }, { setWeight: 20 }, { pause: {} }]
${['canary', 'stable'].map((name) => `---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: default }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080, protocol: TCP }] }
`).join('')}`

const cases = [
  {
    kind: 'VirtualService', place: 'front', routing: '{ managedRoutes: [{ name: hdr }], istio: { virtualService: { name: web, routes: [primary] } } }',
    text: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web
  namespace: default
spec:
  hosts: [web]
  http:
    - name: primary   # the one that everybody takes
      route:
        - { destination: { host: stable }, weight: 100 }
        - { destination: { host: canary }, weight: 0 }
`,
  },
  {
    kind: 'HTTPRoute', place: 'back', routing: '{ managedRoutes: [{ name: hdr }], plugins: { argoproj-labs/gatewayAPI: { httpRoute: web, namespace: default } } }',
    text: `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
  namespace: default
spec:
  parentRefs:
    - name: gateway
  rules:
    - name: primary   # the one that everybody takes
      backendRefs:
        - { name: stable, port: 80, weight: 100 }
        - { name: canary, port: 80, weight: 0 }
`,
  },
] as const

const manifestOf = (text: string): Manifest => parse([{ file: 'route.yaml', text }]).manifests[0] as Manifest
const profile = rolloutsProfile(rolloutsVersions[0] ?? '').profile as RolloutsProfile

describe.each(cases)('the anchor of a $kind', ({ routing, text, place }) => {
  const others = parse([{ file: 'others.yaml', text: around(routing) }]).manifests.map((one) => one.value)
  const rollout = others.find((one) => one.kind === 'Rollout') as KubeObject
  const explored = (object: KubeObject) => exploreCanary(rollout, [...others.filter((one) => one !== rollout), object], profile).states
  const anchors = routeAnchorsOf(manifestOf(text).value, explored(manifestOf(text).value), rollout) as readonly RouteAnchor[]
  const anchored = applyEdits(text, writeRouteList(manifestOf(text), anchors, ['hdr']))

  it('is what the controller writes, where it writes it, and touches nothing else', () => {
    expect(anchors).toMatchObject([{ route: 'hdr', items: [{ place, value: { name: 'hdr' } }] }])
    expect(anchored).toContain('# the one that everybody takes')
    expect(routeItems(manifestOf(anchored).value, ['hdr']).map((item) => item.route)).toEqual(place === 'front' ? ['hdr', undefined] : [undefined, 'hdr'])
    expect(withoutRouteItems(manifestOf(anchored).value, rollout)).toEqual(manifestOf(text).value)
  })

  it('is not written twice, and goes again byte for byte', () => {
    expect(writeRouteList(manifestOf(anchored), anchors, ['hdr'])).toEqual([])
    expect(applyEdits(anchored, writeRouteList(manifestOf(anchored), [], ['hdr']))).toBe(text)
  })

  it('keeps every state Synced under the derived rule, and a sync keeps the route', async () => {
    const git = manifestOf(anchored).value
    const canary: CanaryCase = { rollout: refOf(rollout), resources: [refOf(git)], states: explored(git) }
    const argocd = argocdProfile('3.5.1')?.profile as ArgocdProfile
    const judge = argocdJudge({ application: 'web', profile: argocd, mode: 'legacy', rules: toIgnoreDifferences(derive(canary, { alb: undefined, mode: 'legacy' })), syncOptions: [], jq: jqEngine({ gojq: argocd.gojq }) })
    expect(await covering(pairsOf(canary), judge)).toMatchObject({ verdict: 'holds' })
    const { counterExamples } = await syncSafe(pairsOf(canary), judge, undefined)
    expect(counterExamples.length).toBeGreaterThan(0)
    for (const one of counterExamples) expect(one).toMatchObject({ verdict: 'reverts', restored: 'by the next reconcile' })
    const during = pairsOf(canary).filter((pair) => routeItems(pair.live, ['hdr']).some((item) => item.route === 'hdr'))
    expect(during.length).toBeGreaterThan(0)
    for (const pair of during) {
      const after = await judge.sync(pair.target, pair.live, pair.target)
      expect(after.outcome === 'applied' && routeItems(after.live as KubeObject, ['hdr']).filter((item) => item.route === 'hdr').map((item) => item.value)).toEqual(anchors[0]?.items.map((item) => item.value))
    }
  })
})
