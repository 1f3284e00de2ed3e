import { applyEdits, type KubeObject, type Manifest, parse } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { type Anchor, anchorsOf } from '../anchor.ts'
import { albSettings, type AlbSettings } from '../routes.ts'
import { isAnchored, writeIngress } from './ingress.ts'

const text = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: default
  annotations:
    alb.ingress.kubernetes.io/scheme: internal   # not from outside
spec:
  rules:
    - host: a.example.com
      http:
        paths:
          - path: /*
            pathType: ImplementationSpecific
            backend: { service: { name: root, port: { name: use-annotation } } }
`
const rollout = {
  apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'default' },
  spec: { strategy: { canary: { stableService: 's', canaryService: 'c', trafficRouting: { managedRoutes: [{ name: 'hdr' }], alb: { ingress: 'web', rootService: 'root', servicePort: 80 } } } } },
}
const alb = albSettings(rollout) as AlbSettings
const ingress = (source: string): Manifest => parse([{ file: 'ingress.yaml', text: source }]).manifests[0] as Manifest
const routePath = { path: '/*', pathType: 'ImplementationSpecific', backend: { service: { name: 'hdr', port: { name: 'use-annotation' } } } }

function liveWith(condition: string): KubeObject {
  const { value } = ingress(text)
  const spec = value['spec'] as { rules: { http: { paths: unknown[] } }[] }
  return {
    ...value,
    metadata: { ...value.metadata, annotations: { ...value.metadata.annotations, 'alb.ingress.kubernetes.io/actions.hdr': '{"Type":"forward"}', 'alb.ingress.kubernetes.io/conditions.hdr': condition } },
    spec: { rules: spec.rules.map((rule) => ({ ...rule, http: { paths: [routePath, ...rule.http.paths] } })) },
  }
}

const key = 'networking.k8s.io/Ingress/default/web'
const state = (moment: string, live: KubeObject) => ({ moment, git: new Map([[key, ingress(text).value]]), live: new Map([[key, live]]) })

describe('anchorsOf and writeIngress', () => {
  const anchors = anchorsOf(ingress(text).value, [state('idle', ingress(text).value), state('step 2', liveWith('[1]'))], alb) as readonly Anchor[]

  it('reads the route off the state in which it is live, and puts its three parts into the file in front, touching nothing else', () => {
    const after = applyEdits(text, writeIngress(ingress(text), anchors, alb))
    expect(ingress(after).value).toEqual(liveWith('[1]'))
    const kept = text.split('\n').filter((line) => line !== '')
    expect(after.split('\n').filter((line) => kept.includes(line))).toEqual(expect.arrayContaining(kept))
    expect(after).toContain('scheme: internal   # not from outside')
  })

  it('writes nothing twice, and takes out again byte for byte what it put in', () => {
    const after = applyEdits(text, writeIngress(ingress(text), anchors, alb))
    expect(writeIngress(ingress(after), anchors, alb)).toEqual([])
    expect(isAnchored(ingress(after), anchors, alb)).toBe(true)
    expect(applyEdits(after, writeIngress(ingress(after), [], alb))).toBe(text)
  })

  it('mends an anchor whose condition is that of another step', () => {
    const stale = applyEdits(text, writeIngress(ingress(text), anchorsOf(ingress(text).value, [state('step 2', liveWith('[2]'))], alb) as readonly Anchor[], alb))
    expect(applyEdits(stale, writeIngress(ingress(stale), anchors, alb))).toBe(applyEdits(text, writeIngress(ingress(text), anchors, alb)))
  })

  it('has no anchor for a route that takes two forms', () => {
    expect(anchorsOf(ingress(text).value, [state('step 2', liveWith('[1]')), state('step 4', liveWith('[2]'))], alb)).toMatchObject([{ route: 'hdr', why: expect.stringContaining('2 forms') }])
  })
})
