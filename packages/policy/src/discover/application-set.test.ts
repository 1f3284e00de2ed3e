import { readFileSync } from 'node:fs'
import { isMap } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { discover } from './repository.ts'

const rollout = (name: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: ${name} }\nspec: { replicas: 1 }\n`
const set = (generators: string, template: string, goTemplate = '', name = template.includes('.path') ? '{{.path.basename}}' : '{{path.basename}}'): string => `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: apps, namespace: argocd }
spec:
${goTemplate}  generators:
${generators}
  template:
    metadata: { name: '${name}' }
    spec:
      destination: { namespace: shop }
      source: { repoURL: x, path: ${template} }
      ignoreDifferences: [{ kind: Service }]
`
const files = (text: string) => [
  { file: 'set.yaml', text }, { file: 'apps/web/rollout.yaml', text: rollout('web') }, { file: 'apps/api/rollout.yaml', text: rollout('api') },
  { file: 'clusters/prod.yaml', text: 'cluster: prod\n' },
]
const names = (text: string): readonly string[] => discover(files(text)).applications.map(({ manifest, objects }) => `${manifest.ref.name}: ${objects.map((one) => `${one.object.metadata.namespace}/${one.object.metadata.name}`).join(', ')}`)
const notes = (text: string): string => discover(files(text)).notes.join('\n')

describe('ApplicationSets', () => {
  it('makes an Application of each folder, in fasttemplate and in Go templates', () => {
    const git = '    - git: { directories: [{ path: apps/* }] }'
    expect(names(set(git, "'{{path}}'"))).toEqual(['api: shop/api', 'web: shop/web'])
    expect(names(set(git, "'{{.path.path}}'", '  goTemplate: true\n'))).toEqual(['api: shop/api', 'web: shop/web'])
    expect(names(set(git, "'{{.path.path | lower}}'", '  goTemplate: true\n'))).toEqual(['api: shop/api', 'web: shop/web'])
  })

  it.each(["'apps/[z-a]'", "'apps/[z-a'", "''", "'('", `'apps/${'x'.repeat(50_000)}'`])('chooses nothing by a pattern that is none (%#)', (pattern) => {
    for (const key of ['directories', 'files']) expect(names(set(`    - git: { ${key}: [{ path: ${pattern} }] }`, "'{{path}}'"))).toEqual([])
  })

  it('reads a letter after a backslash as that letter', () => {
    expect(names(set("    - git: { directories: [{ path: 'apps/\\web' }] }", "'{{path}}'"))).toEqual(['web: shop/web'])
    expect(names(set("    - git: { directories: [{ path: 'apps/\\w\\w\\w' }] }", "'{{path}}'"))).toEqual([])
  })

  it('combines generators by matrix, with the content of files as parameters', () => {
    const matrix = '    - matrix: { generators: [{ git: { directories: [{ path: apps/web }] } }, { list: { elements: [{ cluster: a }, { cluster: b }] } }] }'
    expect(names(set(matrix, "'{{path}}'", '', '{{cluster}}-{{path.basename}}'))).toEqual(['a-web: shop/web', 'b-web: shop/web'])
  })

  it('says what it does not evaluate, and in which file', () => {
    expect(notes(set('    - clusters: {}', "'{{path}}'"))).toBe('set.yaml: ApplicationSet apps: the clusters generator asks something outside of the repository and is not evaluated')
    expect(notes(set('    - git: { directories: [{ path: apps/* }] }', "'{{.path.path | slugify}}'", '  goTemplate: true\n'))).toContain('the function slugify is not evaluated')
    expect(notes(set('    - git: { repoURL: https://other, directories: [{ path: nowhere/* }] }', "'{{path}}'"))).toContain('no folder of this repository matches nowhere/* (repoURL https://other)')
    expect(notes(set('    - git: { directories: [{ path: apps/* }] }', "'{{path}}-{{env}}'"))).toContain('{{env}} names no parameter')
  })

  it('gives the place in the template, where a person edits', () => {
    const [application] = discover(files(set('    - git: { directories: [{ path: apps/web }] }', "'{{path}}'"))).applications
    expect(application?.manifest.at('/spec/ignoreDifferences')).toMatchObject({ file: 'set.yaml', line: 12, pointer: '/spec/template/spec/ignoreDifferences' })
  })

  it('gives the place in the generator\'s own template, or in the templatePatch, where that wrote it', () => {
    const text = `${set('    - list:\n        elements: [{ a: x }]\n        template: { metadata: {}, spec: { ignoreDifferences: [{ kind: Ingress }] } }', 'x', '', '{{a}}')}  templatePatch: |\n    spec:\n      syncPolicy: { syncOptions: [ApplyOutOfSyncOnly=true] }\n`
    const [application] = discover(files(text)).applications
    expect(application?.spec).toMatchObject({ ignoreDifferences: [{ kind: 'Ingress' }], syncOptions: ['ApplyOutOfSyncOnly=true'] })
    expect(application?.manifest.at('/spec/ignoreDifferences/0/kind').pointer).toBe('/spec/generators/0/list/template/spec/ignoreDifferences/0/kind')
    expect(application?.manifest.at('/spec/syncPolicy/syncOptions/0').pointer).toBe('/spec/templatePatch')
    expect(application?.manifest.scalarAt('/spec/syncPolicy/syncOptions/0')).toBeUndefined()
    expect(application?.manifest.at('/spec/destination').pointer).toBe('/spec/template/spec/destination')
  })
})

describe('on the same files, the Applications are those of Argo CD', () => {
  const read = (name: string): string => readFileSync(new URL(`fixtures/application-sets.${name}`, import.meta.url), 'utf8')
  const recorded = JSON.parse(read('json')) as Record<string, { readonly applications: readonly unknown[]; readonly refused: boolean }>
  const repository = discover([
    { file: 'sets.yaml', text: read('yaml') }, ...['apps/web', 'apps/api', 'apps/team/deep', '.hidden/x'].map((folder) => ({ file: `${folder}/x.yaml`, text: 'a: 1\n' })),
    { file: 'clusters/us.yaml', text: 'cluster: {name: us}\nenv: dev\n---\nignored: 1\n' }, { file: 'rootfile.yaml', text: 'root: 1\n' },
  ], {
    others: [
      { file: 'clusters/eu/config.json', bytes: new TextEncoder().encode('{"cluster":{"name":"eu","size":3,"zones":["a","b"],"big":1000000},"env":"prod"}') },
      { file: 'data/list.json', bytes: new TextEncoder().encode('[{"n":"one"},{"n":"two"}]') },
    ],
  })

  it.each(Object.keys(recorded))('%s', (name) => {
    const document = repository.manifests.find((one) => one.ref.name === name && one.ref.kind === 'ApplicationSet')?.documentIndex
    const made = repository.applications.filter(({ manifest }) => manifest.documentIndex === document && manifest.file === 'sets.yaml').map(({ manifest }) => withoutEmpty({ metadata: manifest.value.metadata, spec: manifest.value['spec'] }))
    expect(sorted(made)).toEqual(sorted(recorded[name]?.applications ?? []))
    if (recorded[name]?.refused === true) expect(repository.notes.join('\n')).toContain(`ApplicationSet ${name}: `)
  })
})

function sorted(values: readonly unknown[]): readonly unknown[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

/** Go leaves empty fields out. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (!isMap(value)) return value
  const kept = Object.keys(value).toSorted().map((key) => [key, withoutEmpty(value[key])] as const)
  return Object.fromEntries(kept.filter(([, inner]) => inner !== undefined && inner !== null && inner !== '' && inner !== false && !(isMap(inner) && Object.keys(inner).length === 0)))
}
