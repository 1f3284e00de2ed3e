import { argocdProfile, type ArgocdProfile, type IgnoreDifference, jqEngine } from '@rollsync/argocd'
import { type KubeObject, type Manifest, parse } from '@rollsync/manifests'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { argocdJudge } from '../argocd-judge.ts'
import { writeArgocdCm } from './write-argocd-cm.ts'

const rule: IgnoreDifference = { group: 'networking.k8s.io', kind: 'Ingress', name: 'a', jqPathExpressions: ['.spec.rules[]?.http.paths[]?|select(.backend.service.name=="hdr")'] }
const service: IgnoreDifference = { kind: 'Service', name: 'canary', jsonPointers: ['/spec/selector/rollouts-pod-template-hash'] }

const head = 'apiVersion: v1\nkind: ConfigMap # the one\nmetadata: { name: argocd-cm, namespace: argocd }\n'
const texts = {
  'no data at all': head,
  'other keys': `${head}data:\n  # kept\n  url: https://argocd.example.com\n`,
  'a split key by hand': `${head}data:\n  resource.customizations.ignoreDifferences.networking.k8s.io_Ingress: |\n    # by hand\n    jqPathExpressions:\n    - .metadata.labels.x # why\n  url: x`,
  'a legacy map by hand': `${head}data:\n  resource.customizations: |\n    networking.k8s.io/Ingress:\n      health.lua: |\n        return {}\n      ignoreDifferences: |\n        jsonPointers: # by hand\n        - /metadata/labels/x\n    apps/Deployment:\n      ignoreDifferences: |\n        jsonPointers:\n        - /spec/replicas\n`,
}
const names = Object.keys(texts) as readonly (keyof typeof texts)[]
const manifest = (text: string): Manifest => parse([{ file: 'cm.yaml', text }]).manifests[0] as Manifest
const written = (text: string, rules: readonly IgnoreDifference[], keys: 'split' | 'legacy'): string => writeArgocdCm(manifest(text), rules, keys)
const dataOf = (text: string): Record<string, string> => (manifest(text).value['data'] ?? {}) as Record<string, string>

const path = (name: string) => ({ path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } })
const ingress = (...services: string[]): KubeObject => ({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'a', namespace: 'default' }, spec: { rules: [{ host: 'a.example.com', http: { paths: services.map(path) } }] } })
const profile = argocdProfile('3.5.1')?.profile as ArgocdProfile
const compared = async (argocdCm: Record<string, string>, live: KubeObject) =>
  (await argocdJudge({ application: 'web', profile, mode: 'legacy', rules: [], syncOptions: [], jq: jqEngine({ gojq: profile.gojq }), argocdCm }).compare(ingress('root'), live, ingress('root'))).sync

describe.each(names.flatMap((name) => (['split', 'legacy'] as const).map((keys) => ({ name, keys }))))('an argocd-cm with $name, rules under $keys keys', ({ name, keys }) => {
  const before = texts[name]
  const after = written(before, [rule, service], keys)

  it('hides the route when Argo CD reads it, and what was hidden before', async () => {
    expect(await compared(dataOf(before), ingress('hdr', 'root'))).toBe('OutOfSync')
    expect(await compared(dataOf(after), ingress('hdr', 'root'))).toBe('Synced')
    expect(await compared(dataOf(after), { ...ingress('root'), metadata: { ...ingress().metadata, labels: { x: 'live' } } })).toBe('Synced')
  })

  it('stays as it is the second time, loses what is no longer needed, and is as before without any', () => {
    expect(written(after, [rule, service], keys)).toBe(after)
    expect(written(after, [rule], keys)).toBe(written(before, [rule], keys))
    expect(written(after, [], keys).replace(/^data: \{\}\n/m, '').trim()).toBe(before.trim())
    for (const line of before.split('\n')) expect(after).toContain(line.trim())
  })
})

it('rules come and go in any order, and what people wrote stays', () => {
  const any = fc.subarray([rule, service, { ...rule, jqPathExpressions: ['.spec.x'] }, { ...service, kind: 'Deployment', group: 'apps' }])
  fc.assert(fc.property(fc.constantFrom(...names), fc.constantFrom('split' as const, 'legacy' as const), any, any, (name, keys, first, second) => {
    const then = written(written(texts[name], first, keys), second, keys)
    expect(written(then, second, keys)).toBe(then)
    expect(dataOf(written(then, [], keys))).toEqual(dataOf(texts[name]))
  }), { seed: Number(process.env['FC_SEED'] ?? 1) })
})

it('of two kinds in the legacy map one may go', () => {
  const before = texts['a split key by hand']
  const deployment = { ...service, kind: 'Deployment', group: 'apps' }
  const both = written(before, [service, deployment], 'legacy')
  expect(written(both, [service], 'legacy')).toBe(written(before, [service], 'legacy'))
})

it('a list in flow style is written line by line, and keeps what it holds', () => {
  const before = `${head}data:\n  resource.customizations.ignoreDifferences.Service: |\n    jsonPointers: [/spec/x]\n`
  const after = written(before, [service], 'split')
  expect(parse([{ file: 'x', text: dataOf(after)['resource.customizations.ignoreDifferences.Service'] ?? '' }]).documents[0]?.value).toEqual({ jsonPointers: ['/spec/x', '/spec/selector/rollouts-pod-template-hash'] })
  expect(written(after, [service], 'split')).toBe(after)
  expect(parse([{ file: 'x', text: dataOf(written(after, [], 'split'))['resource.customizations.ignoreDifferences.Service'] ?? '' }]).documents[0]?.value).toEqual({ jsonPointers: ['/spec/x'] })
})
