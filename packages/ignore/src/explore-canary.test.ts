import { type KubeObject, parse } from '@rollsync/manifests'
import { rolloutsProfile, type RolloutsProfile, rolloutsVersions } from '@rollsync/rollouts'
import { describe, expect, it } from 'vitest'
import { exploreCanary } from './explore-canary.ts'

const profile = rolloutsProfile(rolloutsVersions[0] ?? '').profile as RolloutsProfile

function explored(routing: string, routed: string) {
  const objects = parse([{ file: 'all.yaml', text: `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web, namespace: default }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: 'web:1' }] } }
  strategy: { canary: { ${routing}, steps: [{ setCanaryScale: { weight: 50 } }, { setWeight: 20 }, { pause: {} }] } }
${routed}` }]).manifests.map((one) => one.value)
  const rollout = objects.find((one) => one.kind === 'Rollout') as KubeObject
  return exploreCanary(rollout, objects.filter((one) => one !== rollout), profile)
}

describe('what the controllers run into and retry for ever', () => {
  it('is not what they wait for while pods start: Istio subsets get their hashes once the pods are there', () => {
    const { invalid, failures, states } = explored('trafficRouting: { istio: { virtualService: { name: web }, destinationRule: { name: web, canarySubsetName: canary, stableSubsetName: stable } } }', `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: default }
spec: { hosts: [web], http: [{ route: [{ destination: { host: web, subset: stable }, weight: 100 }, { destination: { host: web, subset: canary }, weight: 0 }] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: web, namespace: default }
spec: { host: web, subsets: [{ name: canary, labels: { app: web } }, { name: stable, labels: { app: web } }] }`)
    expect(invalid).toBeUndefined()
    expect(states.length).toBeGreaterThan(5)
    expect(failures).toEqual([])
  })

  it('is a panic that no pod ends', () => {
    const { failures } = explored('canaryService: canary, stableService: stable, trafficRouting: { managedRoutes: [{ name: hdr }], alb: { ingress: web, rootService: root, servicePort: 80 } }', `
---
apiVersion: v1
kind: Service
metadata: { name: canary, namespace: default }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: stable, namespace: default }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: default }
spec: { ingressClassName: alb, rules: [{ host: a.example.com, http: { paths: [{ path: /*, pathType: ImplementationSpecific, backend: { service: { name: root, port: { name: use-annotation } } } }] } }] }`)
    expect(failures).toMatchObject([{ what: expect.stringContaining('nil map') }])
  })
})
