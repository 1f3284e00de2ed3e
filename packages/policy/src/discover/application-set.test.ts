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

describe('ApplicationSets', () => {
  it('makes an Application of each folder, in fasttemplate and in Go templates', () => {
    const git = '    - git: { directories: [{ path: apps/* }] }'
    expect(names(set(git, "'{{path}}'"))).toEqual(['api: shop/api', 'web: shop/web'])
    expect(names(set(git, "'{{.path.path}}'", '  goTemplate: true\n'))).toEqual(['api: shop/api', 'web: shop/web'])
  })

  it('combines generators by matrix, with the content of files as parameters', () => {
    const matrix = '    - matrix: { generators: [{ git: { directories: [{ path: apps/web }] } }, { list: { elements: [{ cluster: a }, { cluster: b }] } }] }'
    expect(names(set(matrix, "'{{path}}'", '', '{{cluster}}-{{path.basename}}'))).toEqual(['a-web: shop/web', 'b-web: shop/web'])
  })

  it('says what it does not evaluate', () => {
    expect(discover(files(set('    - clusters: {}', "'{{path}}'"))).notes.join()).toContain('clusters generator')
    expect(discover(files(set('    - git: { directories: [{ path: apps/* }] }', "'{{.path.path | lower}}'", '  goTemplate: true\n'))).notes.join()).toContain('is not evaluated')
  })

  it('gives the place in the template, where a person edits', () => {
    const [application] = discover(files(set('    - git: { directories: [{ path: apps/web }] }', "'{{path}}'"))).applications
    expect(application?.manifest.at('/spec/ignoreDifferences')).toMatchObject({ file: 'set.yaml', line: 12, pointer: '/spec/template/spec/ignoreDifferences' })
  })
})
