import { describe, expect, it } from 'vitest'
import { discover } from './repository.ts'

const application = (source: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: web, namespace: argocd }
spec: { destination: { namespace: shop }, ${source} }
`
const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web } }\n'
const overlay = [
  { file: 'apps.yaml', text: application('source: { path: overlays/prod }') },
  { file: 'overlays/prod/kustomization.yaml', text: 'kind: Kustomization\nnamePrefix: prod-\nresources: [../../base]\n' },
  { file: 'base/kustomization.yaml', text: 'kind: Kustomization\nresources: [service.yaml]\n' },
  { file: 'base/service.yaml', text: service },
]

it('misses nothing below the path of an app of apps, which deploys Applications', () => {
  const files = [{ file: 'root.yaml', text: application('source: { path: apps }').replace('name: web', 'name: root') }, { file: 'apps/web.yaml', text: application('source: { path: web }') }, { file: 'web/service.yaml', text: service }]
  const { notes, applications } = discover(files)
  expect(notes).toEqual([])
  expect(applications.map((one) => [one.manifest.ref.name, one.objects.length])).toEqual([['root', 0], ['web', 1]])
})

describe('sources that need a renderer', () => {
  it('asks for kustomize where an overlay transforms, and says so as long as nobody ran it', () => {
    const { needs, notes, applications } = discover(overlay)
    expect(needs).toEqual([{ tool: 'kustomize', key: 'kustomize overlays/prod', folder: 'overlays/prod', overlay: {}, flags: [] }])
    expect(notes.join()).toContain('was not rendered')
    expect(applications[0]?.objects).toEqual([])
  })

  it('takes the rendered objects, with the file of the base as the place that a person edits', () => {
    const rendered = new Map([['kustomize overlays/prod', { text: service.replace('name: web', 'name: prod-web') }]])
    const [one] = discover(overlay, { rendered }).applications[0]?.objects ?? []
    expect(one?.object.metadata).toMatchObject({ name: 'prod-web', namespace: 'shop' })
    expect(one?.manifest.file).toBe('base/service.yaml')
  })

  it('says why a renderer gave nothing', () => {
    const rendered = new Map([['kustomize overlays/prod', { why: 'kustomize is not installed' }]])
    expect(discover(overlay, { rendered }).notes.join()).toContain('kustomize is not installed')
  })

  it('calls helm with the value files in order, also those of another source, then inline values and parameters', () => {
    const sources = `sources: [
      { path: chart, helm: { releaseName: shop, valueFiles: [values.yaml, $env/prod/values.yaml], values: 'a: 1', parameters: [{ name: image.tag, value: "1.2" }] } },
      { path: env, ref: env } ]`
    const { needs } = discover([{ file: 'apps.yaml', text: application(sources) }, { file: 'chart/Chart.yaml', text: 'name: web\n' }])
    expect(needs).toMatchObject([{ tool: 'helm', folder: 'chart', release: 'shop', namespace: 'shop', valueFiles: ['chart/values.yaml', 'prod/values.yaml'], values: 'a: 1', arguments: ['--include-crds', '--set', 'image.tag=1.2'] }])
  })

  it('gives kustomize what argocd-cm allows it, and nothing that runs programs', () => {
    const cm = { file: 'cm.yaml', text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: argocd-cm }\ndata: { kustomize.buildOptions: "--enable-helm --load-restrictor LoadRestrictionsNone --enable-exec" }\n' }
    expect(discover([...overlay, cm]).needs).toMatchObject([{ flags: ['--enable-helm', '--load-restrictor=LoadRestrictionsNone'] }])
  })

  it('reads a kustomization that only lists files without any tool', () => {
    const files = [{ file: 'apps.yaml', text: application('source: { path: base }') }, ...overlay.slice(2)]
    expect(discover(files)).toMatchObject({ needs: [], applications: [{ objects: [{ manifest: { file: 'base/service.yaml' } }] }] })
  })

  it('knows what a renderer reads beside the source folder: bases, patches, value files, charts beside it', () => {
    const base = [...overlay.filter(({ file }) => file !== 'overlays/prod/kustomization.yaml'), { file: 'overlays/prod/kustomization.yaml', text: 'resources: [../../base]\ncomponents: [../../parts/tls]\npatches: [{ path: ../../patches/web.yaml }]\nconfigMapGenerator: [{ name: x, files: [key=../../x.txt] }]\n' }, { file: 'parts/tls/kustomization.yaml', text: 'kind: Component\nresources: [../cert.yaml]\n' }]
    expect(discover(base).applications[0]?.reads).toEqual(expect.arrayContaining(['overlays/prod', 'base', 'base/service.yaml', 'parts/tls', 'parts/cert.yaml', 'patches/web.yaml', 'x.txt']))
    const chart = [{ file: 'apps.yaml', text: application('source: { path: chart, helm: { valueFiles: [../env/prod.yaml] } }') }, { file: 'chart/Chart.yaml', text: 'name: web\ndependencies: [{ name: lib, repository: "file://../lib" }]\n' }, { file: 'lib/Chart.yaml', text: 'name: lib\n' }]
    expect(discover(chart).applications[0]?.reads).toEqual(expect.arrayContaining(['chart', 'lib', 'env/prod.yaml']))
  })
})
