import { argocdProfile, type ArgocdProfile, type IgnoreDifference, jqEngine } from '@rollsync/argocd'
import { type KubeObject, parse, refOf } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { argocdJudge } from '../argocd-judge.ts'
import { printArgocdCm } from './argocd-cm.ts'
import { printArgoCdValues, printArgocdAppsValues } from './helm-values.ts'
import { printKustomizePatch } from './kustomize-patch.ts'

const rules: readonly IgnoreDifference[] = [
  { group: 'networking.k8s.io', kind: 'Ingress', name: 'a', namespace: 'default', jqPathExpressions: ['.spec.rules[]?.http.paths[]?|select(.backend.service.name=="hdr")'] },
  { group: 'networking.k8s.io', kind: 'Ingress', name: 'b', namespace: 'default', jqPathExpressions: ['.spec.rules[]?.http.paths[]?|select(.backend.service.name=="hdr")'], jsonPointers: ['/metadata/annotations/x~1y'] },
  { kind: 'Service', name: 'canary', jsonPointers: ['/spec/selector/rollouts-pod-template-hash'] },
]
const wish = { rules, mended: [], syncOptions: ['ApplyOutOfSyncOnly=true'] }
const valueOf = (text: string): unknown => parse([{ file: 'x.yaml', text }]).documents[0]?.value

const path = (name: string) => ({ path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } })
const ingress = (...names: string[]): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'a', namespace: 'default' }, spec: { rules: [{ host: 'a.example.com', http: { paths: names.map(path) } }] },
})

describe('rules printed for argocd-cm', () => {
  it.each(['split', 'legacy'] as const)('hide the route when Argo CD reads them (%s keys)', async (keys) => {
    const { data } = valueOf(printArgocdCm(rules, keys)) as { data: Record<string, string> }
    const profile = argocdProfile('3.5.1')?.profile as ArgocdProfile
    const judge = (argocdCm: Record<string, string>) => argocdJudge({ application: 'web', profile, mode: 'legacy', rules: [], syncOptions: [], jq: jqEngine({ gojq: profile.gojq }), argocdCm })
    expect(refOf(ingress('root')).kind).toBe('Ingress')
    expect(await judge({}).compare(ingress('root'), ingress('hdr', 'root'), ingress('root'))).toMatchObject({ sync: 'OutOfSync' })
    expect(await judge(data).compare(ingress('root'), ingress('hdr', 'root'), ingress('root'))).toMatchObject({ sync: 'Synced' })
  })

  it('have one key for each kind, with each expression once', () => {
    const { data } = valueOf(printArgocdCm(rules, 'split')) as { data: Record<string, string> }
    expect(Object.keys(data)).toEqual(['resource.customizations.ignoreDifferences.networking.k8s.io_Ingress', 'resource.customizations.ignoreDifferences.Service'])
    expect(valueOf(data['resource.customizations.ignoreDifferences.networking.k8s.io_Ingress'] ?? '')).toEqual({ jqPathExpressions: rules[0]?.jqPathExpressions, jsonPointers: ['/metadata/annotations/x~1y'] })
  })

  it('say so where nothing is needed', () => {
    expect(printArgocdCm([], 'split')).toBe('# nothing is needed\n')
    expect(printArgocdCm([], 'legacy')).toBe('# nothing is needed\n')
  })
})

describe('rules printed for Helm', () => {
  it('are values of argo-cd, as keys of argocd-cm', () => {
    expect(valueOf(printArgoCdValues([{ name: 'web', wish }]))).toEqual({ configs: { cm: (valueOf(printArgocdCm(rules, 'split')) as { data: unknown }).data } })
  })

  it('are values of argocd-apps, by the name of the Application', () => {
    expect(valueOf(printArgocdAppsValues([{ name: 'web', wish }, { name: 'other', wish: { rules: [], mended: [], syncOptions: [] } }])))
      .toEqual({ applications: { web: { syncPolicy: { syncOptions: wish.syncOptions }, ignoreDifferences: rules } } })
  })
})

it.each([['argocd-cm', printArgocdCm(rules, 'split')], ['argocd-cm, legacy', printArgocdCm(rules, 'legacy')], ['argocd-apps', printArgocdAppsValues([{ name: 'web', wish }])], ['argo-cd', printArgoCdValues([{ name: 'web', wish }])]])(
  'expressions are quoted and on one line for %s', (_, text) => {
    expect(text).toContain(`- '${rules[0]?.jqPathExpressions?.[0]}'\n`)
  },
)

describe('a Kustomize patch', () => {
  const application = (spec: object): KubeObject => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'web' }, spec })
  const stepsFor = (spec: object): unknown => {
    const { patches } = valueOf(printKustomizePatch([{ application: application(spec), wish }])) as { patches: { patch: string }[] }
    return valueOf(patches[0]?.patch ?? '')
  }

  it('adds to lists that are there', () => {
    expect(stepsFor({ ignoreDifferences: [{}], syncPolicy: { syncOptions: [] } })).toEqual([
      ...rules.map((value) => ({ op: 'add', path: '/spec/ignoreDifferences/-', value })),
      { op: 'add', path: '/spec/syncPolicy/syncOptions/-', value: 'ApplyOutOfSyncOnly=true' },
    ])
  })

  it('mends an expression that gojq rejects, without which all of it would do nothing', () => {
    const mended = [{ pointer: '/spec/ignoreDifferences/0/jqPathExpressions/0', expression: '.a' }]
    const text = printKustomizePatch([{ application: application({ ignoreDifferences: [{}] }), wish: { rules: [], syncOptions: [], mended } }])
    expect(valueOf((valueOf(text) as { patches: { patch: string }[] }).patches[0]?.patch ?? '')).toEqual([{ op: 'replace', path: '/spec/ignoreDifferences/0/jqPathExpressions/0', value: '.a' }])
    expect(text).toContain("value: '.a'")
  })

  it('makes lists that are missing, and the map around them', () => {
    expect(stepsFor({})).toEqual([
      { op: 'add', path: '/spec/ignoreDifferences', value: rules },
      { op: 'add', path: '/spec/syncPolicy', value: {} },
      { op: 'add', path: '/spec/syncPolicy/syncOptions', value: ['ApplyOutOfSyncOnly=true'] },
    ])
  })
})
