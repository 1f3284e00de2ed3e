import { applyEdits, type Manifest, parse } from '@rollsync/manifests'
import { expect, it } from 'vitest'
import { mark, writeApplication } from './application.ts'
import { isTemplated, sameApplication, templateOf } from './application-set.ts'

const text = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: canaries, namespace: argocd }
spec:
  goTemplate: true
  generators:
    - list: { elements: [{ name: web }] }
  template:
    metadata:
      name: '{{ .name }}'   # one for each
    spec:
      project: '{{ default "main" .project }}'
      source: { repoURL: https://example.com/x.git, path: '{{ .name }}' }
`
const rule = { group: 'networking.k8s.io', kind: 'Ingress', name: 'web', jqPathExpressions: ['.a'] }
const wish = { rules: [rule], mended: [], syncOptions: ['ApplyOutOfSyncOnly=true'] }
const template = (source: string): Manifest => templateOf(parse([{ file: 'set.yaml', text: source }]).manifests[0] as Manifest) as Manifest

it('rules go into the template of an ApplicationSet, and its braces stay as they are', () => {
  expect(applyEdits(text, writeApplication(template(text), wish))).toBe(`${text}      syncPolicy:
        syncOptions:
          - ApplyOutOfSyncOnly=true
      ignoreDifferences:
        # ${mark}
        - group: networking.k8s.io
          kind: Ingress
          name: web
          jqPathExpressions:
            - '.a'
`)
})

it('nothing is written twice, and what is ours goes again when it is no longer needed', () => {
  const once = applyEdits(text, writeApplication(template(text), { ...wish, syncOptions: [] }))
  expect(writeApplication(template(once), { ...wish, syncOptions: [] })).toEqual([])
  expect(applyEdits(once, writeApplication(template(once), { rules: [], mended: [], syncOptions: [] }))).toBe(text)
})

it('a template is found again in a text read anew, and an Application is none', () => {
  const one = template(text)
  expect(isTemplated(one)).toBe(true)
  expect(sameApplication(parse([{ file: 'set.yaml', text }]).manifests, one)?.base).toBe(one.base)
  const application = parse([{ file: 'a.yaml', text: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: a }\nspec: {}\n' }]).manifests[0] as Manifest
  expect(templateOf(application)).toBeUndefined()
  expect(isTemplated(application)).toBe(false)
})
