import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkPolicy } from './check-policy.ts'
import { discover } from './discover/repository.ts'
import type { Finding } from './finding.ts'
import type { ChangedFile } from './touched-by.ts'

const application = (name: string, namespace: string, more: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, namespace: argocd }
spec: { project: default, source: { repoURL: x, path: apps/${name} }, destination: { namespace: ${namespace}, server: x }${more} }
`
const rollout = (name: string, ingress: string, more = ''): string => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: ${name} }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  strategy: { canary: { canaryService: ${name}-canary, stableService: ${name}-stable, steps: [{ setWeight: 20 }, { pause: { duration: 5 } }]${more}, trafficRouting: { alb: { ingress: ${ingress}, servicePort: 80 } } } }
  template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: app, image: 'r/${name}:1' }] } }
`
const services = (name: string, more = ''): string => ['canary', 'stable'].map((role) => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}-${role} }\nspec: { selector: { app: ${name}${role === 'canary' ? more : ''} }, ports: [{ port: 80 }] }\n`).join('---\n')
const ingress = (name: string, service: string): string => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: { alb.ingress.kubernetes.io/scheme: internal } }
spec: { ingressClassName: alb, rules: [{ http: { paths: [{ path: /*, pathType: ImplementationSpecific, backend: { service: { name: ${service}, port: { name: use-annotation } } } }] } }] }
`
const autoscaler = (of: string): string => `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: hpa-${of} }\nspec: { maxReplicas: 5, scaleTargetRef: { apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: ${of} } }\n`

type Files = Readonly<Record<string, string>>
const name = fc.constantFrom('one', 'two', 'six')
const folder = fc.constantFrom('apps/one', 'apps/two', 'apps/six', 'loose')
const rules = fc.constantFrom('', ', ignoreDifferences: [{ group: networking.k8s.io, kind: Ingress, jsonPointers: [/metadata/annotations] }]', ', ignoreDifferences: [{ kind: Nothing, jsonPointers: [/x] }]')

/** One file as somebody may write it; nothing where it is removed. */
const edit: fc.Arbitrary<readonly [string, string | undefined]> = fc.oneof(
  fc.tuple(name, fc.constantFrom('a', 'b'), rules).map(([app, namespace, more]) => [`argocd/${app}.yaml`, application(app, namespace, more)] as const),
  fc.tuple(folder, name, name, fc.constantFrom('', ', setHeaderRoute: {}')).map(([where, app, of]) => [`${where}/rollout.yaml`, rollout(app, of)] as const),
  fc.tuple(folder, name, fc.constantFrom('', ', rollouts-pod-template-hash: abc')).map(([where, app, more]) => [`${where}/services.yaml`, services(app, more)] as const),
  fc.tuple(folder, name, name).map(([where, app, of]) => [`${where}/ingress.yaml`, ingress(app, `${of}-stable`)] as const),
  fc.tuple(folder, name).map(([where, app]) => [`${where}/hpa.yaml`, autoscaler(app)] as const),
  fc.tuple(folder, fc.constantFrom('rollout', 'services', 'ingress', 'hpa')).map(([where, what]) => [`${where}/${what}.yaml`, undefined] as const),
  name.map((app) => [`argocd/${app}.yaml`, undefined] as const),
)

const start: Files = Object.fromEntries(['one', 'two', 'six'].flatMap((app) => [
  [`argocd/${app}.yaml`, application(app, app === 'six' ? 'b' : 'a', '')], [`apps/${app}/rollout.yaml`, rollout(app, app)], [`apps/${app}/services.yaml`, services(app)], [`apps/${app}/ingress.yaml`, ingress(app, `${app}-stable`)],
]))

function edited(files: Files, edits: readonly (readonly [string, string | undefined])[]): Files {
  const after = new Map(Object.entries(files))
  for (const [file, text] of edits) {
    if (text === undefined) after.delete(file)
    else after.set(file, text)
  }
  return Object.fromEntries(after)
}

function changesOf(before: Files, after: Files): readonly ChangedFile[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((file) => before[file] !== after[file]).map((file) => ({ file, is: after[file] === undefined ? 'gone' : 'here', ...(before[file] === undefined ? {} : { before: before[file] }) }))
}

const findings = async (files: Files, changed?: readonly ChangedFile[]): Promise<readonly Finding[]> =>
  (await checkPolicy(discover(Object.entries(files).map(([file, text]) => ({ file, text }))), changed === undefined ? {} : { changed })).findings
const told = (one: Finding): string => `${one.file}:${one.line} ${one.rule} ${one.message}`

it('what a change brings is never passed by, and what is reported is what a whole check reports', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(edit, { maxLength: 3 }), fc.array(edit, { minLength: 1, maxLength: 2 }), async (first, second) => {
    const before = edited(start, first)
    const after = edited(before, second)
    const old = new Set((await findings(before)).map(told))
    const all = (await findings(after)).map(told)
    const limited = (await findings(after, changesOf(before, after))).map(told)
    expect(all).toEqual(expect.arrayContaining(limited))
    expect(limited).toEqual(expect.arrayContaining(all.filter((one) => !old.has(one))))
  }), { numRuns: 12 })
})
