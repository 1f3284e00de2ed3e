import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runInMemory as run } from '../test/run-in-memory.ts'

interface Canary {
  readonly name: string
  readonly hosts: readonly (string | undefined)[]
  readonly paths: readonly string[]
  readonly routes: readonly string[]
  readonly steps: readonly Step[]
  readonly layout: Layout
}

type Step =
  | { readonly is: 'route' | 'no-route'; readonly route: number; readonly header: string; readonly value: string }
  | { readonly is: 'weight' | 'pause'; readonly of: number }

interface Layout {
  readonly eol: '\n' | '\r\n'
  readonly bom: '' | '\ufeff'
  readonly last: '\n' | ''
  readonly annotations: 'none' | 'empty' | 'some'
  /** What apps.yaml holds of ignoreDifferences already. */
  readonly rules: 'none' | 'another'
  readonly ingressAs: 'yaml' | 'json'
}

// A route that its steps give two conditions has no anchor, so each route has one here.
const word = fc.constantFrom('web', 'shop-api', 'a', 'service-rollout', 'x0', 'header-route')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ is: fc.constantFrom('route' as const, 'route' as const, 'no-route' as const), route: fc.nat(1), header: fc.constantFrom('version', 'X-Canary', 'cookie'), value: fc.constantFrom('2', "it's", '*next*', 'a"b') }),
  fc.record({ is: fc.constantFrom('weight' as const, 'pause' as const), of: fc.integer({ min: 1, max: 99 }) }),
)
const layout: fc.Arbitrary<Layout> = fc.record({
  eol: fc.constantFrom('\n', '\n', '\r\n'), bom: fc.constantFrom('', '', '\ufeff'), last: fc.constantFrom('\n', ''), annotations: fc.constantFrom('none', 'empty', 'some'), rules: fc.constantFrom('none', 'another'), ingressAs: fc.constantFrom('yaml', 'yaml', 'json'),
})
const canary: fc.Arbitrary<Canary> = fc.record({
  name: word, hosts: fc.uniqueArray(fc.constantFrom(undefined, 'qa-domain.com', 'b.example'), { minLength: 1, maxLength: 2 }), paths: fc.uniqueArray(fc.constantFrom('/*', '/api', '/api/*'), { minLength: 1, maxLength: 2 }),
  routes: fc.uniqueArray(fc.constantFrom('first-route', 'hr', 'web-route'), { minLength: 2, maxLength: 2 }), steps: fc.array(step, { minLength: 1, maxLength: 4 }), layout,
})

function filesOf(one: Canary): Map<string, string> {
  const { eol, bom, last } = one.layout
  const written = (lines: readonly string[]): string => bom + lines.join(eol) + (last === '' ? '' : eol)
  return new Map([
    ['apps.yaml', written(application(one))],
    ['web/ingress.yaml', one.layout.ingressAs === 'json' ? bom + JSON.stringify(ingress(one), null, 2).replaceAll('\n', eol) + last : written(ingressLines(one))],
    ['web/rollout.yaml', JSON.stringify(rollout(one))],
    ['web/services.yaml', ['root', 'stable', 'canary'].map((role) => JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: `${one.name}-${role}` }, spec: { selector: { app: one.name }, ports: [{ port: 80 }] } })).join('\n---\n')],
  ])
}

function application({ name, layout: { rules } }: Canary): readonly string[] {
  const other = ['  ignoreDifferences: # of ours', '  - kind: Deployment', '    group: apps', "    jsonPointers: ['/spec/replicas'] # the autoscaler's"]
  return ['# which service is where', 'apiVersion: argoproj.io/v1alpha1', 'kind: Application', 'metadata:', `  name: ${name}`, 'spec:', '  project: default', '  destination: { server: https://kubernetes.default.svc, namespace: shop }',
    '  source: { repoURL: https://git.example/x, path: web }', ...(rules === 'none' ? [] : other), '  syncPolicy:', '    automated: { selfHeal: true } # always', '    syncOptions: [ApplyOutOfSyncOnly=true]']
}

const service = (name: string): object => ({ service: { name, port: { name: 'use-annotation' } } })

function ingress({ name, hosts, paths, layout: { annotations } }: Canary): object {
  const rules = hosts.map((host) => ({ ...(host === undefined ? {} : { host }), http: { paths: paths.map((path) => ({ path, pathType: 'ImplementationSpecific', backend: service(`${name}-root`) })) } }))
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, ...(annotations === 'none' ? {} : { annotations: annotations === 'empty' ? null : { 'alb.ingress.kubernetes.io/scheme': 'internal' } }) }, spec: { ingressClassName: 'alb', rules } }
}

function ingressLines({ name, hosts, paths, layout: { annotations } }: Canary): readonly string[] {
  const rule = (host: string | undefined): readonly string[] => [host === undefined ? '  - http: # any host' : `  - host: "${host}"`, ...(host === undefined ? [] : ['    http:']), '      paths:',
    ...paths.flatMap((path) => [`      - path: ${path} # ours`, '        pathType: ImplementationSpecific', `        backend: { service: { name: ${name}-root, port: { name: use-annotation } } }`])]
  return ['apiVersion: networking.k8s.io/v1', 'kind: Ingress', 'metadata:', `  name: ${name}`, ...(annotations === 'none' ? [] : ['  annotations:']), ...(annotations === 'some' ? ['    alb.ingress.kubernetes.io/scheme: internal # no one else'] : []), 'spec:', '  ingressClassName: alb', '  rules:', ...hosts.flatMap(rule)]
}

function rollout({ name, routes, steps }: Canary): object {
  const trafficRouting = { managedRoutes: routes.map((route) => ({ name: route })), alb: { ingress: name, rootService: `${name}-root`, servicePort: 80 } }
  const written = steps.flatMap((one): readonly object[] => {
    switch (one.is) {
      case 'route': {
        const first = steps.find((other) => other.is === 'route' && other.route === one.route)
        const { header, value } = first?.is === 'route' ? first : one
        // A route that is taken out again within the same moment is nowhere whole to be read off.
        return [{ setHeaderRoute: { name: routes[one.route], match: [{ headerName: header, headerValue: { exact: value } }] } }, { pause: { duration: 1 } }]
      }
      case 'no-route': return [{ setHeaderRoute: { name: routes[one.route] } }]
      case 'weight': return [{ setWeight: one.of }]
      case 'pause': return [{ pause: { duration: one.of } }]
      default: return one satisfies never
    }
  })
  return {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name },
    spec: {
      replicas: 3, selector: { matchLabels: { app: name } }, strategy: { canary: { canaryService: `${name}-canary`, stableService: `${name}-stable`, trafficRouting, steps: [{ setCanaryScale: { replicas: 1 } }, ...written] } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: 'r.example/app:1' }] } },
    },
  }
}

/** Whether `after` is `before` with lines put in and no byte changed; a last line end may be new where none was. */
function isInserted(before: string, after: string): boolean {
  const lines = after.split(/(?<=\n)/)
  const left = before.split(/(?<=\n)/).filter((line) => {
    const at = lines.findIndex((one) => one === line || one === `${line}\n` || one === `${line}\r\n`)
    if (at >= 0) lines.splice(0, at + 1)
    return at < 0
  })
  return left.length === 0
}

const curing = ['drift-covered', 'anchor-in-step', 'no-lost-route']

describe('generate --anchor --write', () => {
  it('cures any ALB canary, once, and --no-anchor gives the Ingress back byte for byte', { timeout: 300_000 }, async () => {
    let anchored = 0
    await fc.assert(fc.asyncProperty(canary, async (one) => {
      const files = filesOf(one)
      const before = new Map(files)
      expect(await run(files, 'generate', '--anchor', '--write', '.')).toMatchObject({ exit: 0 })
      const once = new Map(files)
      if (files.get('web/ingress.yaml') !== before.get('web/ingress.yaml')) anchored += 1
      expect(await run(files, 'generate', '--anchor', '--write', '.')).toMatchObject({ exit: 0, out: '' })
      expect([...files]).toEqual([...once])
      expect(isInserted(before.get('apps.yaml') ?? '', files.get('apps.yaml') ?? '')).toBe(true)
      const { findings } = JSON.parse((await run(files, 'check', '.', '--format', 'json')).out) as { findings: readonly { rule: string; message: string }[] }
      expect(findings.filter(({ rule }) => curing.includes(rule))).toEqual([])
      expect(await run(files, 'generate', '--no-anchor', '--write', '.')).toMatchObject({ exit: 0 })
      expect(files.get('web/ingress.yaml')).toBe(before.get('web/ingress.yaml'))
    }), { numRuns: 16, seed: 20 })
    expect(anchored).toBeGreaterThan(1)
  })
})

describe('generate --target argocd-cm --write', () => {
  it.each(['argocd-cm', 'argocd-cm-legacy'])('writes %s into the ConfigMap of the repository, once, touching nothing else, and takes its rules out again when the steps are gone', { timeout: 300_000 }, async (target) => {
    const byHand = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: argocd-cm, namespace: argocd }\ndata:\n  # people's own\n  url: https://argocd.example.com\n"
    let written = 0
    await fc.assert(fc.asyncProperty(canary, async (one) => {
      const files = filesOf(one).set('argocd/cm.yaml', byHand)
      const before = new Map(files)
      expect(await run(files, 'generate', '--target', target, '--write', '.')).toMatchObject({ exit: 0 })
      const text = files.get('argocd/cm.yaml') ?? ''
      if (text !== byHand) written += 1
      expect([...files].filter(([file]) => file !== 'argocd/cm.yaml')).toEqual([...before].filter(([file]) => file !== 'argocd/cm.yaml'))
      expect(isInserted(byHand, text)).toBe(true)
      expect(await run(files, 'generate', '--target', target, '--check', '.')).toMatchObject({ exit: 0, out: '' })
      const { findings } = JSON.parse((await run(files, 'check', '.', '--format', 'json')).out) as { findings: readonly { rule: string; message: string }[] }
      expect(findings.filter(({ rule }) => rule === 'drift-covered')).toEqual([])
      // Steps that go take their rules along.
      files.set('web/rollout.yaml', JSON.stringify(rollout({ ...one, steps: [] })))
      expect(await run(files, 'generate', '--target', target, '--write', '.')).toMatchObject({ exit: 0 })
      expect(files.get('argocd/cm.yaml')).toBe(byHand)
    }), { numRuns: 8, seed: 20 })
    expect(written).toBeGreaterThan(1)
  })

  it('says where there is no file to write', async () => {
    const [one] = fc.sample(canary, { numRuns: 1, seed: 1 })
    if (one === undefined) throw new Error('no canary')
    for (const target of ['helm-values', 'helm-values-argo-cd', 'kustomize', 'snippet', 'argocd-cm']) {
      for (const how of ['--write', '--check']) expect(await run(filesOf(one), 'generate', '--target', target, how, '.')).toMatchObject({ exit: 2, out: '' })
    }
  })
})
