import { describe, expect, it } from 'vitest'
import { checkPolicy } from './check-policy.ts'
import { discover, type Repository } from './discover/repository.ts'
import { touchedBy } from './touched-by.ts'

const application = (name: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name} }
spec: { source: { repoURL: x, path: apps/${name} }, destination: { namespace: ${name}, server: x } }
`
const rollout = (name: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  strategy: { canary: { canaryService: ${name}-canary, stableService: ${name}-stable, steps: [{ setWeight: 20 }, { pause: {} }], trafficRouting: { alb: { ingress: ${name}, servicePort: 80 } } } }
  template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: app, image: 'r/${name}:latest' }] } }
`
const ingress = (name: string, group: string): string => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: { alb.ingress.kubernetes.io/group.name: ${group} } }
spec: { ingressClassName: alb, rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${name}-stable, port: { name: use-annotation } } } }] } }] }
`

function repository(extra: Readonly<Record<string, string>> = {}): Repository {
  const files = Object.fromEntries(['one', 'two', 'six'].flatMap((name) => [
    [`argocd/${name}.yaml`, application(name)], [`apps/${name}/rollout.yaml`, rollout(name)], [`apps/${name}/ingress.yaml`, ingress(name, name === 'six' ? 'own' : 'shared')],
  ]))
  return discover(Object.entries({ ...files, ...extra }).map(([file, text]) => ({ file, bytes: new TextEncoder().encode(text) })))
}

const names = (found: Repository, file: string, is: 'here' | 'gone' = 'here'): readonly string[] => touchedBy(found, [{ file, is }]).canaries.map(({ rollout: one }) => one.object.metadata.name).sort()

describe('what a change touches', () => {
  const found = repository()

  it('is the Rollout of the changed file alone', () => expect(names(found, 'apps/six/rollout.yaml')).toEqual(['six']))
  it('is what the changed Application deploys', () => expect(names(found, 'argocd/two.yaml')).toEqual(['two']))
  it('is every Rollout behind the load balancer of a changed Ingress', () => expect(names(found, 'apps/one/ingress.yaml')).toEqual(['one', 'two']))
  it('is what deployed a removed file', () => expect(names(found, 'apps/six/service.yaml', 'gone')).toEqual(['six']))
  it('is everything where a removed file may have been anything', () => expect(names(found, 'elsewhere/crd.yaml', 'gone')).toEqual(['one', 'six', 'two']))
  it('is everything where the types of custom resources change', () => {
    const crd = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: a.b }\n'
    expect(names(repository({ 'crds/a.yaml': crd }), 'crds/a.yaml')).toEqual(['one', 'six', 'two'])
  })
  it('is every Rollout where a changed file held an object that is not there any more', () => {
    const before = 'apiVersion: v1\nkind: Service\nmetadata: { name: one-stable }\n'
    expect(touchedBy(found, [{ file: 'apps/six/ingress.yaml', is: 'here', before }]).canaries).toHaveLength(3)
    expect(touchedBy(found, [{ file: 'apps/six/rollout.yaml', is: 'here', before: rollout('six') }]).canaries).toHaveLength(1)
  })
  it('is everything where a file may be one that ApplicationSets are made of', () => {
    const set = 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: s }\nspec: { generators: [{ git: { repoURL: x, files: [{ path: clusters/* }] } }], template: { metadata: { name: x }, spec: {} } }\n'
    expect(names(repository({ 'sets/s.yaml': set }), 'clusters/prod.json')).toHaveLength(3)
    expect(names(found, 'clusters/prod.json')).toEqual([])
  })
  it('is nothing where no manifest changed', () => expect(names(found, 'README.md')).toEqual([]))

  it('alone is reported, and as it is without the limit', async () => {
    const all = await checkPolicy(found)
    const limited = await checkPolicy(found, { changed: [{ file: 'apps/six/rollout.yaml', is: 'here' }] })
    expect(limited.findings).not.toEqual([])
    expect(limited.findings).toEqual(all.findings.filter(({ file }) => file.includes('six')))
    expect(limited.proofs).toEqual(all.proofs.filter(({ rollout: one }) => one.name === 'six'))
  })
})
