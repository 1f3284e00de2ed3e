import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
// @ts-expect-error a script without types
import { ensureRenderer, withTool } from '../../../../scripts/ensure-renderer.mjs'
import { processIo } from '../io.ts'
import { readRepository } from '../read-repository.ts'

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'rollsync-sources-')))
const path = process.env['PATH']
const missing = (['helm', 'kustomize'] as const).flatMap((tool) => {
  const found = ensureRenderer(tool) as { folder?: string; why?: string }
  if (found.why === undefined) process.env['PATH'] = withTool(found.folder) as string
  return found.why ?? []
})

const application = (source: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: web, namespace: argocd }
spec: { project: default, destination: { namespace: shop }, ${source} }
`
const files: Readonly<Record<string, string>> = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/values.yaml': 'tag: base\nreplicas: 1\n',
  'chart/crds/crd.yaml': 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: xs.example.com }\nspec: {}\n',
  'chart/templates/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }} }\ndata: {{ .Values | toJson }}\n',
  'chart/own.txt': 'from a file',
  'env/prod.yaml': 'tag: prod\n',
  'env/prod-extra.yaml': 'extra: yes-it-is\n',
  'env/prod-parts.yaml/deeper.yaml': 'extra: no-file-of-the-glob\n',
  'base/kustomization.yaml': 'resources: [map.yaml, rollout.yaml]\n',
  'base/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: m }\n',
  'base/rollout.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: web, image: "shop/web:1" }] } } }\n',
  'withhelm/kustomization.yaml': 'helmCharts: [{ name: x, repo: "https://charts.invalid", version: 1.0.0, releaseName: x }]\n',
  'jsonnet/main.jsonnet': '{}\n',
  'plain/kustomization.yaml': 'namePrefix: never-\nresources: [x/map.yaml]\n',
  'plain/x/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: m }\n',
}

let count = 0
function repository(app: string, more: Readonly<Record<string, string>> = {}): string {
  const folder = join(scratch, `r${count++}`)
  for (const [file, text] of Object.entries({ ...files, 'apps/web.yaml': app, ...more })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return folder
}

async function deployed(app: string, { more = {}, from = 'root' }: { readonly more?: Readonly<Record<string, string>>; readonly from?: 'root' | 'above' } = {}) {
  const folder = repository(app, more)
  const { repository: { applications, notes } } = await (from === 'root' ? readRepository(['.'], processIo(folder)) : readRepository([folder.slice(scratch.length + 1)], processIo(scratch)))
  return { objects: applications.flatMap((one) => one.objects.map(({ object }) => object)), notes }
}
const data = async (app: string, options: Parameters<typeof deployed>[1] = {}): Promise<unknown> => {
  const { objects, notes } = await deployed(app, options)
  return objects.find((one) => one.kind === 'ConfigMap')?.['data'] ?? notes
}

if (missing.length > 0) console.warn(`not run: ${missing.join('; ')}`)
afterAll(() => {
  process.env['PATH'] = path
  rmSync(scratch, { recursive: true, force: true })
})

describe.skipIf(missing.length > 0)('a chart is rendered as Argo CD calls helm', { timeout: 60_000 }, () => {
  it.each(['root', 'above'] as const)('value files count from the chart, from the root with a slash, and through $ref from the root of that source, whatever its path (from the %s)', async (from) => {
    expect(await data(application('source: { path: chart, helm: { valueFiles: [../env/prod.yaml] } }'), { from })).toMatchObject({ tag: 'prod' })
    expect(await data(application('source: { path: chart, helm: { valueFiles: [/env/prod.yaml] } }'), { from })).toMatchObject({ tag: 'prod' })
    expect(await data(application('sources: [{ path: chart, helm: { valueFiles: [$values/env/prod.yaml] } }, { ref: values }]'), { from })).toMatchObject({ tag: 'prod' })
    expect(await data(application('sources: [{ path: chart, helm: { valueFiles: [$values/env/prod.yaml] } }, { ref: values, path: env }]'), { from })).toMatchObject({ tag: 'prod' })
  })

  it('a missing value file is why nothing was rendered, unless missing ones are ignored', async () => {
    expect(await data(application('source: { path: chart, helm: { valueFiles: [nowhere.yaml] } }'))).toEqual([expect.stringContaining('there is no value file chart/nowhere.yaml')])
    expect(await data(application('source: { path: chart, helm: { valueFiles: [nowhere.yaml], ignoreMissingValueFiles: true } }'))).toMatchObject({ tag: 'base' })
  })

  it('a glob of value files stands for its files in order', async () => {
    expect(await data(application('source: { path: chart, helm: { valueFiles: ["../env/prod*.yaml"] } }'))).toMatchObject({ tag: 'prod', extra: 'yes-it-is' })
  })

  it('parameters keep their commas, texts stay texts, and files are read', async () => {
    expect(await data(application('source: { path: chart, helm: { parameters: [{ name: tag, value: "a,b=c" }, { name: replicas, value: "07", forceString: true }], fileParameters: [{ name: own, path: own.txt }] } }'))).toMatchObject({ tag: 'a,b=c', replicas: '07', own: 'from a file' })
  })

  it('parameters know the Application', async () => {
    expect(await data(application('source: { path: chart, repoURL: r, helm: { parameters: [{ name: tag, value: "$ARGOCD_APP_NAME-${ARGOCD_APP_PROJECT_NAME}-$$x" }] } }'))).toMatchObject({ tag: 'web-default-$x' })
  })

  it('valuesObject goes over value files, and the namespace and the name of the release may be set', async () => {
    const { objects } = await deployed(application('source: { path: chart, helm: { valueFiles: [../env/prod.yaml], valuesObject: { tag: mine }, releaseName: other, namespace: there } }'))
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['CustomResourceDefinition xs.example.com', 'ConfigMap other'])
    expect(objects[1]).toMatchObject({ metadata: { namespace: 'there' }, data: { tag: 'mine' } })
  })

  it('skipCrds leaves the definitions out', async () => {
    const { objects } = await deployed(application('source: { path: chart, helm: { skipCrds: true } }'))
    expect(objects.map((one) => one.kind)).toEqual(['ConfigMap'])
  })

  it('charts beside it are put together without a change to the repository; others must have been fetched', async () => {
    const more = { 'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{ name: lib, version: 0.1.0, repository: "file://../lib", alias: it }]\n', 'chart/templates/map.yaml': '', 'lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 0.1.0\ndependencies: [{ name: deep, version: 0.1.0, repository: "file://../deep" }]\n', 'deep/Chart.yaml': 'apiVersion: v2\nname: deep\nversion: 0.1.0\n', 'deep/templates/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: deep }\ndata: { tag: "{{ .Values.tag }}" }\n' }
    expect(await data(application('source: { path: chart, helm: { parameters: [{ name: it.deep.tag, value: given }] } }'), { more })).toEqual({ tag: 'given' })
    const far = { 'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{ name: lib, version: 0.1.0, repository: "https://charts.invalid" }]\n' }
    expect(await data(application('source: { path: chart }'), { more: far })).toEqual([expect.stringContaining('helm dependency build')])
  })

  it('what .argocd-source files in the folder say goes over the Application', async () => {
    const app = application('source: { path: chart, helm: { parameters: [{ name: tag, value: old }] } }')
    expect(await data(app, { more: { 'chart/.argocd-source-web.yaml': 'helm: { parameters: [{ name: tag, value: written, forcestring: true }] }\n' } })).toMatchObject({ tag: 'written' })
    expect(await data(app, { more: { 'chart/.argocd-source-api.yaml': 'helm: { parameters: [{ name: tag, value: written }] }\n' } })).toMatchObject({ tag: 'old' })
  })
})

describe.skipIf(missing.length > 0)('a kustomization is rendered as Argo CD calls kustomize', { timeout: 60_000 }, () => {
  const image = async (app: string): Promise<unknown> => {
    const { objects, notes } = await deployed(app)
    const rollout = objects.find((one) => one.kind === 'Rollout') as { spec: { template: { spec: { containers: { image: string }[] } } } } | undefined
    return rollout?.spec.template.spec.containers[0]?.image ?? notes
  }

  it.each([
    ['shop/web:2', 'shop/web:2'],
    ['shop/web=other/web:3', 'other/web:3'],
    ['shop/web=other:5000/web', 'other:5000/web:1'],
    ['shop/web@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3', 'shop/web@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3'],
  ])('the Application sets the image %s', async (given, image_) => {
    const configuration = 'kustomize: { images: ["' + given + '"] }'
    expect(await image(application(`source: { path: base, ${configuration} }`))).toBe(image_)
  })

  it('what would be there twice is not guessed', async () => {
    expect(await image(application('source: { path: base, kustomize: { namePrefix: x- } }'))).toEqual([expect.stringContaining('kustomize.namePrefix of the Application')])
  })

  it('helm is for argocd-cm to allow', async () => {
    const notes = await image(application('source: { path: withhelm }'))
    expect(notes).toEqual([expect.stringContaining('kustomize says: must specify --enable-helm; in Argo CD that is kustomize.buildOptions')])
  })

  it('options that choose the tool change nothing', async () => {
    expect(await image(application('source: { path: base, kustomize: { version: v5 } }'))).toBe('shop/web:1')
  })
})

describe('other sources', () => {
  it('a folder that is said to be a directory is read plainly', async () => {
    const { objects } = await deployed(application('source: { path: plain, directory: { recurse: true } }'))
    expect(objects.filter((one) => one.kind === 'ConfigMap').map((one) => one.metadata.name)).toEqual(['m'])
  })

  it('a file that asks to be skipped is none of the Application', async () => {
    const { objects } = await deployed(application('source: { path: plain, directory: { recurse: true } }'), { more: { 'plain/x/map.yaml': `# +argocd:skip-file-rendering\n${files['plain/x/map.yaml'] ?? ''}` } })
    expect(objects.filter((one) => one.kind === 'ConfigMap')).toEqual([])
  })

  it('jsonnet, plugins and other repositories are named', async () => {
    expect((await deployed(application('source: { path: jsonnet }'))).notes).toEqual(['apps/web.yaml: Application web: jsonnet/main.jsonnet is jsonnet, which is not evaluated'])
    expect((await deployed(application('source: { path: base, plugin: { name: tanka } }'))).notes.join()).toContain('the config management plugin tanka, which is not run')
    expect((await deployed(application('source: { path: elsewhere, repoURL: "https://x/y" }'))).notes.join()).toContain('elsewhere (repoURL https://x/y)')
  })
})
