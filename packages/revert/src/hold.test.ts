import { applyEdits, type SourceText } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { findUpdaters, liveObjects, type Updater } from './hold.ts'
import { holdEdits } from './hold-edits.ts'
import { planRevert } from './plan.ts'

const file = (name: string, text: string): SourceText => ({ file: name, text })

function updatersOf(files: readonly SourceText[]): readonly Updater[] {
  const plan = planRevert({ files, to: 'r.io/app:1' })
  return findUpdaters(files, plan.sites, plan.images)
}

const pod = file('k8s/p.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    image: r.io/app:2 # {"$imagepolicy": "flux-system:app"}\n')
const plain = file('k8s/p.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: r.io/app:2}\n')

describe('findUpdaters', () => {
  it('finds nothing where nothing writes images', () => {
    expect(updatersOf([plain])).toEqual([])
  })

  it('knows the Image Updater by its annotation, and the exact command against the bad tag', () => {
    const application = file('app.yaml', 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\n  namespace: argo\n  annotations:\n    argocd-image-updater.argoproj.io/image-list: x=r.io/other, app=r.io/app:~1.2\n')
    expect(updatersOf([plain, application])).toMatchObject([{
      updater: 'Argo CD Image Updater', what: 'Application web lists r.io/app:~1.2', file: 'app.yaml', line: 7, sure: 'this image',
      stop: 'kubectl -n argo annotate application web --overwrite argocd-image-updater.argoproj.io/app.ignore-tags=2',
    }])
  })

  it('knows its override file, and its custom resource', () => {
    const override = file('env/.argocd-source-web.yaml', 'kustomize:\n  images:\n  - r.io/app:2\n')
    const resource = file('u.yaml', 'apiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\nmetadata: {name: u, namespace: argocd}\nspec:\n  applicationRefs:\n  - images: [{alias: a, imageName: r.io/app}]\n')
    expect(updatersOf([override, resource]).map((one) => one.what)).toEqual(['it writes this very file', 'ImageUpdater u follows app'])
  })

  it('knows Flux by the marker on the line and by its automations', () => {
    const automation = file('flux.yaml', 'apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: all, namespace: flux-system}\nspec:\n  update: {path: ./k8s}\n---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {name: app}\nspec: {image: r.io/app}\n---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: asleep}\nspec: {suspend: true}\n---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: elsewhere}\nspec: {update: {path: ./other}}\n')
    expect(updatersOf([pod, automation]).map((one) => one.stop)).toEqual([
      'flux suspend image update --all -n flux-system', 'flux suspend image update all -n flux-system', 'flux suspend image repository app -n flux-system',
    ])
  })

  it('knows Kargo, Renovate and a pipeline', () => {
    const warehouse = file('kargo.yaml', 'apiVersion: kargo.akuity.io/v1alpha1\nkind: Warehouse\nmetadata: {name: w, namespace: shop}\nspec:\n  subscriptions:\n  - image: {repoURL: r.io/app}\n')
    const renovate = file('renovate.json', '{"extends": ["config:base"]}')
    const workflow = file('.github/workflows/deploy.yml', 'jobs:\n  x:\n    steps:\n    - run: kustomize edit set image r.io/app=$TAG\n')
    expect(updatersOf([plain, warehouse, renovate, workflow]).map((one) => [one.updater, one.line, one.sure])).toEqual([['Kargo', 4, 'this image'], ['Renovate', 1, 'maybe'], ['a CI job', 4, 'maybe']])
    expect(updatersOf([plain, file('renovate.json', '{"ignoreDeps": ["r.io/app"]}')])).toEqual([])
  })
})

describe('holdEdits', () => {
  const held = (files: readonly SourceText[]): string => {
    const updaters = updatersOf(files)
    const edits = holdEdits(files, updaters)
    return files.map((one) => ('text' in one && edits.some((edit) => edit.file === one.file) ? applyEdits(one.text, edits.filter((edit) => edit.file === one.file)) : '')).join('')
  }

  it('adds the bad tag to those that the Image Updater ignores', () => {
    const head = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\n  annotations:\n    argocd-image-updater.argoproj.io/image-list: app=r.io/app\n'
    expect(held([plain, file('app.yaml', head)])).toBe(`${head}    argocd-image-updater.argoproj.io/app.ignore-tags: "2"\n`)
    const more = `${head}    argocd-image-updater.argoproj.io/app.ignore-tags: x, y # keep\n`
    expect(held([plain, file('app.yaml', more)])).toBe(more.replace('x, y #', 'x,y,2 #'))
    const resource = 'apiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\nmetadata: {name: u, namespace: argocd}\nspec:\n  applicationRefs:\n  - images:\n    - alias: a\n      imageName: r.io/app:2.x\n'
    expect(held([plain, file('u.yaml', resource)])).toBe(`${resource}      commonUpdateSettings:\n        ignoreTags:\n        - "2"\n`)
  })

  it('suspends the automation of Flux, and nothing of the live cluster', () => {
    const automation = 'apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata:\n  name: all\nspec:\n  interval: 1m\n'
    expect(held([plain, file('f.yaml', automation)])).toBe(`${automation}  suspend: true\n`)
    expect(updatersOf([plain, file('f.yaml', automation)])).toHaveLength(1)
    expect(holdEdits([], findUpdaters([plain, file(liveObjects, automation)], planRevert({ files: [plain], to: 'r.io/app:1' }).sites, [{ from: 'r.io/app:2', to: 'r.io/app:1' }]))).toEqual([])
  })
})
