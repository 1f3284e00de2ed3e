import { applyEdits, type SourceText } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { planRevert, type RevertPlan, type RevertRequest } from './plan.ts'
import { RevertError, type RevertErrorCode } from './revert-error.ts'

const sha1 = `sha256:${'1'.repeat(64)}`
const sha2 = `sha256:${'2'.repeat(64)}`
const file = (name: string, text: string): SourceText => ({ file: name, text })

function after(files: readonly SourceText[], plan: RevertPlan): Record<string, string> {
  return Object.fromEntries(files.flatMap((one) => {
    const edits = plan.edits.filter((edit) => edit.file === one.file)
    return edits.length === 0 ? [] : [[one.file, applyEdits('text' in one ? one.text : '', edits)]]
  }))
}

function failure(request: RevertRequest): { code: RevertErrorCode; candidates: string[] } {
  try {
    planRevert(request)
  } catch (error) {
    if (error instanceof RevertError) return { code: error.code, candidates: error.candidates.map((one) => one.id) }
    throw error
  }
  throw new Error('the plan was made')
}

const rollout = (name: string, image: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: ${name}   # the one
spec:
  template:
    spec:
      initContainers:
      - { name: init, image: busybox:1 }
      containers:
      - name: app
        image: ${image} # from CI
`

describe('planRevert, of containers', () => {
  const files = [file('k8s/rollout.yaml', rollout('web', '"r.io/app:2"')), file('k8s/service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n')]

  it('changes the one line', () => {
    const plan = planRevert({ files, to: 'r.io/app:1' })
    expect(plan).toMatchObject({ state: 'planned', images: [{ from: 'r.io/app:2', to: 'r.io/app:1' }] })
    expect(plan.sites).toMatchObject([{ id: 'k8s/rollout.yaml:12', in: 'container', line: 12, column: 16, before: 'r.io/app:2', after: 'r.io/app:1', container: 'app' }])
    expect(plan.diff).toBe(`--- a/k8s/rollout.yaml
+++ b/k8s/rollout.yaml
@@ -9,4 +9,4 @@
       - { name: init, image: busybox:1 }
       containers:
       - name: app
-        image: "r.io/app:2" # from CI
+        image: "r.io/app:1" # from CI
`)
  })

  it('is done when the image is there already', () => {
    expect(planRevert({ files, to: 'r.io/app:2' })).toMatchObject({ state: 'already there', sites: [], edits: [], diff: '' })
    expect(planRevert({ files, from: 'r.io/app:3', to: 'r.io/app:2' })).toMatchObject({ state: 'already there' })
  })

  it('stops when someone has moved the image meanwhile, and when nothing names it', () => {
    expect(failure({ files, from: 'r.io/app:3', to: 'r.io/app:1' })).toEqual({ code: 'image-moved', candidates: ['k8s/rollout.yaml:12'] })
    expect(failure({ files, to: 'r.io/other:1' })).toEqual({ code: 'no-site', candidates: [] })
    expect(failure({ files, to: 'Not An Image' }).code).toBe('bad-image')
  })

  it('lists the candidates instead of guessing, and takes the one picked', () => {
    const two = [file('dev.yaml', rollout('web', 'r.io/app:2')), file('prod.yaml', rollout('web', 'r.io/app:2'))]
    expect(failure({ files: two, to: 'r.io/app:1' })).toEqual({ code: 'ambiguous', candidates: ['dev.yaml:12', 'prod.yaml:12'] })
    expect(planRevert({ files: two, to: 'r.io/app:1', sites: ['prod.yaml:12'] }).sites.map((one) => one.id)).toEqual(['prod.yaml:12'])
    expect(planRevert({ files: two, to: 'r.io/app:1', sites: ['prod.yaml:12', 'dev.yaml:12'] }).sites).toHaveLength(2)
    expect(failure({ files: two, to: 'r.io/app:1', sites: ['prod.yaml:99'] }).code).toBe('unknown-site')
  })

  it('takes only the containers of the Rollout that is named, its workload included', () => {
    const workload = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\nspec: {template: {spec: {containers: [{name: app, image: 'r.io/app:2'}]}}}\n---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: b}\nspec: {workloadRef: {kind: Deployment, name: b}}\n`
    const both = [file('a.yaml', rollout('a', 'r.io/app:2')), file('b.yaml', workload)]
    expect(planRevert({ files: both, to: 'r.io/app:1', rollout: { name: 'a' } }).sites.map((one) => one.id)).toEqual(['a.yaml:12'])
    expect(planRevert({ files: both, to: 'r.io/app:1', rollout: { name: 'b' } }).sites.map((one) => one.file)).toEqual(['b.yaml'])
  })

  it('reverts several containers of one workload together', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  initContainers:\n    - {name: i, image: r.io/app:2}\n  containers:\n    - {name: a, image: r.io/app:2}\n    - {name: s, image: r.io/side:8}\n'
    const plan = planRevert({ files: [file('p.yaml', pod)], to: ['r.io/app:1', 'r.io/side:7'] })
    expect(after([file('p.yaml', pod)], plan)).toEqual({ 'p.yaml': pod.replaceAll('app:2', 'app:1').replace('side:8', 'side:7') })
  })

  it('reads JSON, lists and CRLF with a BOM', () => {
    const json = file('a.json', `\ufeff${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'a', image: 'r.io/app:2' }] } }] }, undefined, 2).replaceAll('\n', '\r\n')}`)
    const plan = planRevert({ files: [json], to: 'r.io/app:1' })
    expect(after([json], plan)).toEqual({ 'a.json': ('text' in json ? json.text : '').replace('app:2', 'app:1') })
    expect(plan.sites[0]).toMatchObject({ what: 'Pod p, container a' })
  })

  it('keeps the name as it is written, and treats tag and digest as one', () => {
    const pod = file('p.yaml', `kind: Pod\napiVersion: v1\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    image: nginx:2@${sha2}\n`)
    expect(after([pod], planRevert({ files: [pod], to: `docker.io/library/nginx:1@${sha1}` }))['p.yaml']).toContain(`image: nginx:1@${sha1}\n`)
    expect(after([pod], planRevert({ files: [pod], from: 'nginx:2', to: 'nginx:1' }))['p.yaml']).toContain('image: nginx:1\n')
  })

  it('edits an anchor for all its containers, and refuses where something else uses it', () => {
    const pod = file('p.yaml', 'kind: Pod\napiVersion: v1\nmetadata: {name: p}\nspec:\n  initContainers: [{name: i, image: &im r.io/app:2}]\n  containers: [{name: a, image: *im}]\n')
    expect(after([pod], planRevert({ files: [pod], to: 'r.io/app:1' }))['p.yaml']).toContain('image: &im r.io/app:1}]\n  containers: [{name: a, image: *im}]')
    const shared = file('p.yaml', 'kind: Pod\napiVersion: v1\nmetadata: {name: p, annotations: {version: &im r.io/app:2}}\nspec:\n  containers: [{name: a, image: *im}]\n')
    expect(failure({ files: [shared], to: 'r.io/app:1' }).code).toBe('not-editable')
  })

  it('says which values a template reads, and never edits it', () => {
    const template = file('templates/web.yaml', 'spec:\n  containers:\n  {{- range .Values.pods }}\n  - image: {{ .Values.web.image.repository }}:{{ .Values.web.image.tag | default .Chart.AppVersion }}\n  {{- end }}\n')
    expect(planRevert({ files: [...files, template], to: 'r.io/app:1' }).skipped).toEqual([
      { file: 'templates/web.yaml', why: 'line 3: a template that another program renders; it is not read; its image reads the values web.image.repository, web.image.tag' },
    ])
  })

  it('says which files it could not read', () => {
    const plan = planRevert({ files: [...files, file('t.yaml', 'a: {{ .Values.x }}\n'), file('b.yaml', 'a: [')], to: 'r.io/app:1' })
    expect(plan.skipped.map((one) => one.file)).toEqual(['t.yaml', 'b.yaml'])
    expect(failure({ files: [file('t.yaml', rollout('web', '"{{ .Values.image }}"'))], to: 'r.io/app:1' }).code).toBe('no-site')
  })
})

describe('planRevert, of kustomizations', () => {
  const base = file('base/rollout.yaml', rollout('web', 'app'))
  const baseKustomization = file('base/kustomization.yaml', 'resources:\n  - rollout.yaml\n')
  const overlay = (env: string, entry: string): SourceText => file(`${env}/kustomization.yaml`, `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- ../base\nimages:\n- name: other\n  newTag: "2"\n${entry}`)

  it('changes newTag, quotes kept', () => {
    const prod = overlay('prod', '- name: app\n  newName: r.io/app\n  newTag: "2" # CI\n')
    const files = [base, baseKustomization, prod]
    const plan = planRevert({ files, to: 'r.io/app:1.10' })
    expect(plan.sites).toMatchObject([{ in: 'kustomize', file: 'prod/kustomization.yaml', before: 'r.io/app:2', after: 'r.io/app:1.10' }])
    expect(after(files, plan)['prod/kustomization.yaml']).toContain('  newName: r.io/app\n  newTag: "1.10" # CI\n')
  })

  it('changes tag and digest as one unit, adding and removing what the target has or lacks', () => {
    const pinned = overlay('prod', `- name: r.io/app\n  newTag: v2\n  digest: ${sha2}\n`)
    expect(after([pinned], planRevert({ files: [pinned], to: 'r.io/app:v1' }))['prod/kustomization.yaml']).toMatch(/- name: r\.io\/app\n  newTag: v1\n$/)
    expect(after([pinned], planRevert({ files: [pinned], to: `r.io/app:v1@${sha1}` }))['prod/kustomization.yaml']).toContain(`newTag: v1\n  digest: ${sha1}\n`)
    const tagged = overlay('prod', '- name: r.io/app\n  newTag: v2\n')
    expect(after([tagged], planRevert({ files: [tagged], to: `r.io/app@${sha1}` }))['prod/kustomization.yaml']).toMatch(new RegExp(`- name: r\\.io/app\n  digest: ${sha1}\n$`))
  })

  it('edits the overlay that decides, not the base below it', () => {
    const files = [file('base/rollout.yaml', rollout('web', 'r.io/app:2')), baseKustomization, overlay('prod', '- name: r.io/app\n  newTag: "2"\n')]
    const plan = planRevert({ files, to: 'r.io/app:1' })
    expect(plan.sites.map((one) => one.id)).toEqual(['prod/kustomization.yaml:9'])
    expect(plan.skipped).toEqual([{ file: 'base/rollout.yaml', why: 'line 12: prod/kustomization.yaml:9 overrides it' }])
  })

  it('takes the overlay that leads to the Rollout and its namespace', () => {
    const worker = file('worker/kustomization.yaml', 'resources: [worker.yaml]\nimages:\n- name: r.io/app\n  newTag: "2"\n')
    const space = (env: string): SourceText => overlay(env, `- name: r.io/app\n  newTag: "2"\nnamespace: ${env}\n`)
    const files = [file('base/rollout.yaml', rollout('web', 'r.io/app')), baseKustomization, space('dev'), space('prod'), worker]
    expect(planRevert({ files, to: 'r.io/app:1', rollout: { name: 'web', namespace: 'prod' } }).sites.map((one) => one.file)).toEqual(['prod/kustomization.yaml'])
    expect(failure({ files, to: 'r.io/app:1', rollout: { name: 'web' } }).candidates).toEqual(['dev/kustomization.yaml:9', 'prod/kustomization.yaml:9'])
  })

  it('edits what the Application or the Image Updater sets over a kustomization', () => {
    const entry = '- name: r.io/app\n  newTag: "2"\n'
    const app = file('app.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  source:\n    path: ./prod\n    kustomize: {images: ["r.io/app:2"]}\n')
    expect(planRevert({ files: [overlay('prod', entry), app], to: 'r.io/app:1' }).sites.map((one) => one.file)).toEqual(['app.yaml'])
    const override = file('prod/.argocd-source-web.yaml', 'kustomize:\n  images: ["r.io/app:2"]\n')
    expect(planRevert({ files: [overlay('prod', entry), override], to: 'r.io/app:1' }).sites.map((one) => one.file)).toEqual(['prod/.argocd-source-web.yaml'])
    expect(failure({ files: [overlay('dev', entry), app], to: 'r.io/app:1' }).code).toBe('ambiguous')
  })

  it('asks which overlay is meant', () => {
    const files = [base, baseKustomization, overlay('dev', '- name: r.io/app\n  newTag: "2"\n'), overlay('prod', '- name: r.io/app\n  newTag: "2"\n')]
    expect(failure({ files, to: 'r.io/app:1' })).toEqual({ code: 'ambiguous', candidates: ['dev/kustomization.yaml:9', 'prod/kustomization.yaml:9'] })
  })
})

describe('planRevert, of Helm values', () => {
  it('changes the tag only, and reads it as it is written', () => {
    const values = file('values.yaml', 'image:\n  registry: r.io\n  repository: team/app\n  tag: 1.20 # CI\nsidecar:\n  image: r.io/side:3\n')
    const plan = planRevert({ files: [values], to: 'r.io/team/app:1.10' })
    expect(plan.sites).toMatchObject([{ in: 'helm-values', what: 'values.yaml, image', before: 'r.io/team/app:1.20', after: 'r.io/team/app:1.10' }])
    expect(after([values], plan)['values.yaml']).toContain('  tag: "1.10" # CI\n')
    expect(after([values], planRevert({ files: [values], to: 'r.io/side:2' }))['values.yaml']).toContain('image: r.io/side:2\n')
  })

  it('takes the repository of a tag from the values file beside or above it', () => {
    const files = [file('chart/values.yaml', 'web: {image: {repository: r.io/app, tag: ""}}\n'), file('chart/env/prod.yaml', 'web: {image: {tag: v2}}\n'), file('other/prod.yaml', 'web: {image: {tag: v2}}\n')]
    const plan = planRevert({ files, to: 'r.io/app:v1' })
    expect(plan.sites.map((one) => one.file)).toEqual(['chart/env/prod.yaml'])
    expect(after(files, plan)).toEqual({ 'chart/env/prod.yaml': 'web: {image: {tag: v1}}\n' })
  })

  it('empties a digest that would win over the restored tag', () => {
    const values = file('values.yaml', `image: {repository: r.io/app, tag: v2, digest: '${sha2}'}\n`)
    expect(after([values], planRevert({ files: [values], to: 'r.io/app:v1' }))['values.yaml']).toBe("image: {repository: r.io/app, tag: v1, digest: ''}\n")
  })

  it('edits the last of the value files that sets it', () => {
    const app = file('app.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  source:\n    path: chart\n    helm:\n      valueFiles: [values.yaml, prod.yaml]\n')
    const files = [app, file('chart/values.yaml', 'image: {repository: r.io/app, tag: v2}\n'), file('chart/prod.yaml', 'image: {tag: v2}\n')]
    const plan = planRevert({ files, to: 'r.io/app:v1' })
    expect(plan.sites.map((one) => one.id)).toEqual(['chart/prod.yaml:1'])
    expect(plan.skipped[0]?.file).toBe('chart/values.yaml')
  })

  it('edits the parameter that the Image Updater sets over all values', () => {
    const app = file('app.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  source:\n    path: chart\n    helm:\n      parameters:\n      - {name: image.tag, value: v2}\n      - {name: image.repository, value: r.io/app}\n')
    const override = file('chart/.argocd-source-web.yaml', 'helm:\n  parameters:\n  - name: image.repository\n    value: r.io/app\n  - name: image.tag\n    value: v2\n    forcestring: true\n')
    const values = file('chart/values.yaml', 'image: {repository: r.io/app, tag: v2}\n')
    expect(planRevert({ files: [app, values], to: 'r.io/app:v1' }).sites.map((one) => one.id)).toEqual(['app.yaml:9'])
    expect(planRevert({ files: [override, values, file('app.yaml', ('text' in app ? app.text : '').replace(/parameters:[^]*/, 'valueFiles: [values.yaml]\n'))], to: 'r.io/app:v1' }).sites.map((one) => one.id)).toEqual(['chart/.argocd-source-web.yaml:6'])
  })

  it('follows an anchor that only images use', () => {
    const values = file('values.yaml', 'web:\n  image: &im {repository: r.io/app, tag: v2}\nworker:\n  image: *im\n')
    expect(after([values], planRevert({ files: [values], to: 'r.io/app:v1' }))['values.yaml']).toBe('web:\n  image: &im {repository: r.io/app, tag: v1}\nworker:\n  image: *im\n')
  })
})

describe('planRevert, of Applications and what updaters write', () => {
  const application = (source: string): SourceText => file('apps.yaml', `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\nspec:\n  source:\n    repoURL: https://git\n${source}`)

  it.each([
    ['kustomize.images', '    kustomize:\n      images:\n      - app=r.io/app:v2\n', ['app=r.io/app:v2', 'app=r.io/app:v1']],
    ['kustomize.images without a new name', '    kustomize: {images: [r.io/app:v2]}\n', ['r.io/app:v2', 'r.io/app:v1']],
    ['helm.parameters', '    helm:\n      parameters:\n      - {name: image.repository, value: r.io/app}\n      - {name: image.tag, value: v2}\n', ['value: v2', 'value: v1']],
    ['helm.valuesObject', '    helm:\n      valuesObject:\n        image: {repository: r.io/app, tag: v2}\n', ['tag: v2', 'tag: v1']],
    ['helm.values as a block', '    helm:\n      values: |\n        # keep\n        image:\n          repository: r.io/app\n          tag: v2 # CI\n        other: 1\n', ['tag: v2 # CI', 'tag: v1 # CI']],
    ['helm.values in quotes', '    helm:\n      values: "image:\\n  repository: r.io/app\\n  tag: v2\\n"\n', ['tag: v2', 'tag: v1']],
  ])('edits %s', (_, source, [old = '', fresh = '']) => {
    const files = [application(source)]
    const plan = planRevert({ files, to: 'r.io/app:v1' })
    expect(after(files, plan)['apps.yaml']).toBe(`${'text' in files[0]! ? files[0].text : ''}`.replace(old, fresh))
    expect(plan.sites).toHaveLength(1)
  })

  it('edits the elements of an ApplicationSet', () => {
    const set = file('set.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s}\nspec:\n  generators:\n  - list:\n      elements:\n      - {cluster: a, image: "r.io/app:v2"}\n      - {cluster: b, image: "r.io/app:v1"}\n')
    expect(after([set], planRevert({ files: [set], to: 'r.io/app:v1' }))['set.yaml']).toContain('{cluster: a, image: "r.io/app:v1"}')
  })

  it('edits the overrides of the Image Updater', () => {
    const override = file('env/.argocd-source-web.yaml', 'kustomize:\n  images:\n  - r.io/app:v2\n')
    expect(planRevert({ files: [override], to: 'r.io/app:v1' }).sites).toMatchObject([{ in: 'image-updater', line: 3 }])
  })

  it('edits a value that Flux marks, in any object', () => {
    const marked = file('x.yaml', 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\nspec:\n  runner: r.io/app:v2 # {"$imagepolicy": "flux-system:app"}\n  version: v2 # {"$imagepolicy": "flux-system:app:tag"}\n  base: r.io/app # {"$imagepolicy": "flux-system:app:name"}\n')
    const plan = planRevert({ files: [marked], to: 'r.io/app:v1', sites: ['x.yaml:5', 'x.yaml:6'] })
    expect(after([marked], plan)['x.yaml']).toContain('runner: r.io/app:v1 # {"$imagepolicy": "flux-system:app"}\n  version: v1 # {')
  })

  it('plans nothing more once it is applied', () => {
    const files = [application('    kustomize: {images: [r.io/app:v2]}\n')]
    const once = after(files, planRevert({ files, to: 'r.io/app:v1' }))
    expect(planRevert({ files: [file('apps.yaml', once['apps.yaml'] ?? '')], to: 'r.io/app:v1' })).toMatchObject({ state: 'already there', edits: [] })
  })
})
