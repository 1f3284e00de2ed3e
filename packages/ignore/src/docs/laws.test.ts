import { readFileSync, writeFileSync } from 'node:fs'
import { argocdProfile, type ArgocdProfile, jqEngine } from '@rollsync/argocd'
import { isMap, type KubeObject, parse, refKey, refOf, valueAt } from '@rollsync/manifests'
import { type Event, happyPath, rolloutsProfile, type RolloutsProfile, rolloutsVersions, simulate, type World, worldOf } from '@rollsync/rollouts'
import { expect, it } from 'vitest'
import { argocdJudge } from '../argocd-judge.ts'
import { type CanaryCase, pairsOf } from '../canary-case.ts'
import { derive } from '../derive.ts'
import { exploreCanary } from '../explore-canary.ts'
import { toIgnoreDifferences } from '../ignore-rule.ts'
import { covering } from '../laws/covering.ts'
import { syncSafe } from '../laws/sync-safe.ts'
import { albSettings } from '../routes.ts'
import { syncWords } from './sync-words.ts'

const page = new URL('../../../../docs/laws.md', import.meta.url)
const begin = '<!-- generated -->\n'
const end = '<!-- end -->\n'
const profile = rolloutsProfile(rolloutsVersions[0] ?? '').profile as RolloutsProfile

const yaml = (routing: string, routed: string): readonly KubeObject[] => parse([{ file: 'all.yaml', text: `
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
      steps:
        - setCanaryScale: { weight: 25 }
        - setHeaderRoute: { name: hdr, match: [{ headerName: version, headerValue: { exact: "2" } }] }
        - setWeight: 20
        - pause: {}
---
apiVersion: v1
kind: Service
metadata: { name: canary, namespace: default }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080, protocol: TCP }] }
---
apiVersion: v1
kind: Service
metadata: { name: stable, namespace: default }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080, protocol: TCP }] }
---
${routed}` }]).manifests.map((one) => one.value)

interface Routed {
  readonly name: string
  readonly kind: string
  readonly objects: readonly KubeObject[]
  /** The list that holds the header route. */
  readonly list: string
}

const routed: readonly Routed[] = [
  {
    name: 'Ingress of an ALB', kind: 'Ingress', list: '/spec/rules/0/http/paths',
    objects: yaml('{ managedRoutes: [{ name: hdr }], alb: { ingress: web, rootService: root, servicePort: 80 } }', `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: default, annotations: { alb.ingress.kubernetes.io/scheme: internal } }
spec: { ingressClassName: alb, rules: [{ host: a.example.com, http: { paths: [{ path: /*, pathType: ImplementationSpecific, backend: { service: { name: root, port: { name: use-annotation } } } }] } }] }`),
  },
  {
    name: 'Istio VirtualService', kind: 'VirtualService', list: '/spec/http',
    objects: yaml('{ managedRoutes: [{ name: hdr }], istio: { virtualService: { name: web, routes: [primary] } } }', `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: default }
spec: { hosts: [web], http: [{ name: primary, route: [{ destination: { host: stable }, weight: 100 }, { destination: { host: canary }, weight: 0 }] }] }`),
  },
  {
    name: 'HTTPRoute of the Gateway API', kind: 'HTTPRoute', list: '/spec/rules',
    objects: yaml('{ managedRoutes: [{ name: hdr }], plugins: { argoproj-labs/gatewayAPI: { httpRoute: web, namespace: default } } }', `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: default }
spec: { parentRefs: [{ name: gateway }], rules: [{ name: primary, backendRefs: [{ name: stable, port: 80, weight: 100 }, { name: canary, port: 80, weight: 0 }] }] }`),
  },
]

const of = (objects: Iterable<KubeObject>, kind: string): KubeObject => [...objects].find((one) => one.kind === kind) as KubeObject

/** The world when the canary waits at its pause, and after Argo CD has then applied Git's object and the controller has looked at it. */
function aroundSync(objects: readonly KubeObject[], kind: string, how: 'apply' | 'replace' = 'apply', name = 'web'): { readonly before: World; readonly after: World } {
  const path = happyPath(of(objects, 'Rollout'), 'web:2')
  const pause = path.findIndex((event) => event.do === 'promote')
  const events: readonly Event[] = path.slice(0, pause < 0 ? undefined : pause)
  const last = (list: readonly Event[]): World => simulate(worldOf(objects), { events: list, profile }).states.at(-1)?.world ?? new Map()
  return { before: last(events), after: last([...events, { do: 'overwrite', kind, name, how }]) }
}

/** Git with the header route as the controller writes it, in the place where it stands then. */
function anchoredIn({ objects, kind, list }: Routed): readonly KubeObject[] {
  const live = of(aroundSync(objects, kind).before.values(), kind)
  const git = of(objects, kind)
  const routes = [...itemsOf(live, list)]
  const plain = itemsOf(git, list)
  const merged = routes.map((item) => (isHeader(item) ? item : (plain.find((one) => nameOf(one) === nameOf(item)) ?? item)))
  const annotations = Object.fromEntries(Object.entries(live.metadata.annotations ?? {}).filter(([key]) => key.endsWith('.hdr')))
  const spec = withList(git['spec'], list.split('/').slice(2), merged)
  const metadata = Object.keys(annotations).length === 0 ? git.metadata : { ...git.metadata, annotations: { ...git.metadata.annotations, ...annotations } }
  return objects.map((one) => (one === git ? { ...git, metadata, spec } : one))
}

const itemsOf = (object: KubeObject, list: string): readonly unknown[] => (valueAt(object, list) ?? []) as readonly unknown[]
const nameOf = (item: unknown): unknown => valueAt(item, '/name') ?? valueAt(item, '/backend/service/name')
const isHeader = (item: unknown): boolean => nameOf(item) === 'hdr'

function withList(value: unknown, path: readonly string[], list: readonly unknown[]): unknown {
  const [token, ...rest] = path
  if (token === undefined) return list
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === token ? withList(item, rest, list) : item))
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === token ? withList(inner, rest, list) : inner])) : value
}

/** The weights as they stand in an object, wherever it keeps them; a header route's own are no shares. */
function weightsOf(whole: KubeObject, list: string): string {
  const object = { ...whole, spec: withList(whole['spec'], list.split('/').slice(2), itemsOf(whole, list).filter((item) => !isHeader(item))) }
  const { annotations = {} } = whole.metadata
  const shares = Object.fromEntries(Object.entries(annotations).filter(([key]) => !key.endsWith('.hdr')))
  return JSON.stringify([...JSON.stringify([object.spec, shares]).matchAll(/\\*"[wW]eight\\*":(\d+)/g)].map((match) => match[1]))
}

async function judged(objects: readonly KubeObject[], kind: string): Promise<readonly string[]> {
  const rollout = of(objects, 'Rollout')
  const { states } = exploreCanary(rollout, objects.filter((one) => one !== rollout), profile)
  const canary: CanaryCase = { rollout: refOf(rollout), resources: [refOf(of(objects, kind))], states }
  const alb = albSettings(rollout)
  const argocd = argocdProfile('3.5.1')?.profile as ArgocdProfile
  const rules = toIgnoreDifferences(derive(canary, { alb, mode: 'legacy' }))
  const judge = (syncOptions: readonly string[]) => argocdJudge({ application: 'web', profile: argocd, mode: 'legacy', rules, syncOptions, jq: jqEngine({ gojq: argocd.gojq }) })
  const pairs = pairsOf(canary)
  const words: string[] = [(await covering(pairs, judge([]))).verdict === 'holds' ? 'Synced' : 'OutOfSync']
  for (const options of [[], ['ApplyOutOfSyncOnly=true']]) words.push(syncWords(await syncSafe(pairs, judge(options), alb)))
  return words
}

async function row(one: Routed, git: 'bare' | 'anchored'): Promise<string> {
  const objects = git === 'bare' ? one.objects : anchoredIn(one)
  const { before, after } = aroundSync(objects, one.kind)
  const [live, left] = [of(before.values(), one.kind), of(after.values(), one.kind)]
  expect(itemsOf(live, one.list).some(isHeader)).toBe(true)
  const route = itemsOf(left, one.list).some(isHeader) ? 'is there' : 'is gone'
  const weights = weightsOf(left, one.list) === weightsOf(live, one.list) ? 'are right again' : 'are wrong'
  return `| ${[one.name, git === 'bare' ? 'nothing of the route' : 'the route itself', ...(await judged(objects, one.kind)), route, weights].join(' | ')} |`
}

async function table(): Promise<string> {
  const head = ['object', 'Git holds', 'compares', 'a full sync', 'with ApplyOutOfSyncOnly', 'after the next reconcile the header route', 'and the weights']
  const rows: string[] = []
  for (const one of routed) rows.push(await row(one, 'bare'), await row(one, 'anchored'))
  return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows].join('\n') + '\n'
}

it('docs/laws.md shows what the models answer (UPDATE_DOCS=1 writes it)', async () => {
  const text = readFileSync(page, 'utf8')
  const now = `${text.slice(0, text.indexOf(begin) + begin.length)}${await table()}${text.slice(text.indexOf(end))}`
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, now)
  expect(readFileSync(page, 'utf8')).toBe(now)
}, 120_000)

it('a Service that server-side apply or Replace brings back to Git selects every version until the next reconcile, and then the canary again', () => {
  const objects = routed[1]?.objects ?? []
  const hash = (world: World): unknown => valueAt(world.get(refKey({ group: '', kind: 'Service', namespace: 'default', name: 'canary' })), '/spec/selector/rollouts-pod-template-hash')
  const { before, after } = aroundSync(objects, 'Service', 'replace', 'canary')
  expect(hash(before)).toBeTypeOf('string')
  expect(hash(after)).toBe(hash(before))
})

it.each([['keeps the hash', ['ServerSideApply=true', 'RespectIgnoreDifferences=true'], 'holds'], ['takes it out', ['ServerSideApply=true'], 'broken']] as const)(
  'a sync with server-side apply %s of a Service under %j', async (_, syncOptions, verdict) => {
    const objects = routed[1]?.objects ?? []
    const rollout = of(objects, 'Rollout')
    const { states } = exploreCanary(rollout, objects.filter((one) => one !== rollout), profile)
    const canary: CanaryCase = { rollout: refOf(rollout), resources: objects.filter((one) => one.kind === 'Service').map(refOf), states }
    const argocd = argocdProfile('3.5.1')?.profile as ArgocdProfile
    const rules = toIgnoreDifferences(derive(canary, { alb: undefined, mode: 'smd' }))
    const judge = argocdJudge({ application: 'web', profile: argocd, mode: 'smd', rules, syncOptions, jq: jqEngine({ gojq: argocd.gojq }) })
    expect(await covering(pairsOf(canary), judge)).toMatchObject({ verdict: 'holds' })
    expect((await syncSafe(pairsOf(canary), judge, undefined)).verdict).toBe(verdict)
  },
)
