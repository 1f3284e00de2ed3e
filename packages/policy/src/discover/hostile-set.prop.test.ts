import fc from 'fast-check'
import { expect, it } from 'vitest'
import { discover } from './repository.ts'

const git = { repoURL: 'x', directories: [{ path: 'apps/*' }, { path: 'apps/api', exclude: true }], values: { a: '{{.path.basename}}' } }
const spec = {
  goTemplate: true, goTemplateOptions: ['missingkey=error'],
  generators: [
    { matrix: { generators: [{ git }, { list: { elements: [{ cluster: 'a' }] } }] }, selector: { matchLabels: { cluster: 'a' }, matchExpressions: [{ key: 'cluster', operator: 'In', values: ['a'] }] } },
    { git: { repoURL: 'x', files: [{ path: 'clusters/*.yaml' }], pathParamPrefix: 'p' }, template: { metadata: { labels: { x: 'y' } }, spec: { project: 'other' } } },
    { merge: { mergeKeys: ['server'], generators: [{ list: { elements: [{ server: 'b', path: { path: 'apps/web', basename: 'web' }, cluster: 'b' }] } }, { list: { elementsYaml: '- server: b\n' } }] } },
  ],
  templatePatch: "metadata: {annotations: {a: '{{.cluster}}'}}\n",
  template: {
    metadata: { name: '{{.path.basename}}-{{.cluster | lower | trunc 5}}', labels: { a: '{{ default "b" .cluster }}' } },
    spec: {
      project: 'default', destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      source: { repoURL: 'x', path: '{{.path.path}}', directory: { recurse: true, include: '*.yaml', exclude: 'x*' }, kustomize: { images: ['a=b'] }, helm: { parameters: [{ name: 'a', value: 'b' }], valueFiles: ['a.yaml'] } },
      ignoreDifferences: [{ group: 'networking.k8s.io', kind: 'Ingress', jqPathExpressions: ['.spec.rules'], jsonPointers: ['/spec/a'] }],
    },
  },
}

const strangers: readonly unknown[] = [
  null, 7, -3, 1e300, true, 'text', '', '[z-a]', '(', '{{', '{{ .x', '{{ fail .path }}', 'x'.repeat(50_000), '__proto__', 'constructor', [], [null], [[]], ['a'], [{}], {}, { a: {} }, JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":1},"toString":1}'),
]

type Path = readonly (string | number)[]

function pathsIn(value: unknown, path: Path): readonly Path[] {
  const inner: readonly (readonly [string | number, unknown])[] = Array.isArray(value) ? [...value.entries()] : typeof value === 'object' && value !== null ? Object.entries(value) : []
  return [path, ...inner.flatMap(([key, one]) => pathsIn(one, [...path, key]))]
}

function replaced(value: unknown, path: Path, stranger: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return stranger
  if (Array.isArray(value)) return value.map((one: unknown, index) => (index === key ? replaced(one, rest, stranger) : one))
  return Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, name === key ? replaced(one, rest, stranger) : one]))
}

const filesOf = (changed: unknown): readonly { readonly file: string; readonly text: string }[] => [
  { file: 'set.json', text: JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', metadata: { name: 'apps', namespace: 'argocd' }, spec: changed }) },
  ...['web', 'api'].map((name) => ({ file: `apps/${name}/rollout.yaml`, text: `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: ${name} }\nspec: { replicas: 1 }\n` })),
  { file: 'clusters/prod.yaml', text: 'cluster: prod\npath: {path: apps/web, basename: web}\n' },
]

it('makes the Applications of an ordinary one', () => {
  expect(discover(filesOf(spec)).applications.map(({ manifest }) => manifest.ref.name)).toEqual(['web-a', 'web-prod', 'web-b'])
})

it('an ApplicationSet is answered in words, whatever stands in the place of a value', () => {
  fc.assert(fc.property(fc.constantFrom(...pathsIn(spec, [])), fc.constantFrom(...strangers), (path, stranger) => {
    const { notes, applications } = discover(filesOf(replaced(spec, path, stranger)))
    expect(notes.join('\n')).not.toMatch(/\[object |undefined|NaN/)
    for (const { manifest } of applications) expect(manifest.ref.name).not.toMatch(/\[object |undefined|NaN/)
  }), { numRuns: 400 })
  expect(Object.keys(Object.prototype)).toEqual([])
})
