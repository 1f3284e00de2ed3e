import { rolloutsProfile, type RolloutsProfile, rolloutsVersions } from '@rollsync/rollouts'
import { expect, it } from 'vitest'
import { discover } from './discover/repository.ts'
import { concerned, exploreRepository } from './explore-repository.ts'

const rollout = (routing: string): string => `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: web, namespace: shop }\nspec: { strategy: { canary: { trafficRouting: ${routing} } } }\n`
const object = (apiVersion: string, kind: string, metadata: string): string => `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\nspec: {}\n`
const met = (text: string): readonly string[] => discover([{ file: 'all.yaml', text }]).canaries.flatMap((scope) => concerned(scope).map(({ object: one }) => `${one.kind} ${one.metadata.namespace ?? ''}/${one.metadata.name}`))

it('a VirtualService may be named with its namespace behind a dot', () => {
  expect(met(rollout('{ istio: { virtualService: { name: web.mesh } } }') + object('networking.istio.io/v1', 'VirtualService', '{ name: web, namespace: mesh }') + object('networking.istio.io/v1', 'VirtualService', '{ name: other, namespace: mesh }'))).toEqual(['VirtualService mesh/web'])
})

it('routes that a plugin selects by label belong to the Rollout though it does not name them', () => {
  const route = object('gateway.networking.k8s.io/v1', 'HTTPRoute', '{ name: r, namespace: shop, labels: { app: web } }')
  expect(met(rollout('{ plugins: { argoproj-labs/gatewayAPI: { httpRouteSelector: { matchLabels: { app: web } } } } }') + route)).toEqual(['HTTPRoute shop/r'])
  expect(met(rollout('{ plugins: { argoproj-labs/gatewayAPI: { httpRoute: x } } }') + route)).toEqual([])
})

it('a Rollout of App Mesh is seen with the VirtualRouter that its VirtualService names, which the Rollout itself does not', () => {
  const text = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: web, namespace: argocd }
spec: { project: default, destination: { server: https://kubernetes.default.svc, namespace: default }, source: { repoURL: https://git.example/x, path: . } }
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: 'web:1' }] } }
  strategy: { canary: { canaryService: canary, stableService: stable, trafficRouting: { appMesh: { virtualService: { name: web }, virtualNodeGroup: { canaryVirtualNodeRef: { name: canary-pods }, stableVirtualNodeRef: { name: stable-pods } } } }, steps: [{ setWeight: 20 }, { pause: {} }] } }
${['canary', 'stable'].map((name) => `---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: ${name}-pods }
spec: { podSelector: { matchLabels: { app: web, rollouts-pod-template-hash: ${name} } } }
`).join('')}---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata: { name: web }
spec: { awsName: web, provider: { virtualRouter: { virtualRouterRef: { name: mesh-router } } } }
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualRouter
metadata: { name: mesh-router }
spec: { routes: [{ name: main, httpRoute: { match: { prefix: / }, action: { weightedTargets: [{ virtualNodeRef: { name: canary-pods }, weight: 0 }, { virtualNodeRef: { name: stable-pods }, weight: 100 }] } } }] }
`
  const [one] = exploreRepository(discover([{ file: 'all.yaml', text }], { roots: [] }), rolloutsProfile(rolloutsVersions[0] ?? '').profile as RolloutsProfile)
  expect(one?.explored.invalid).toBeUndefined()
  expect(one?.canary.resources.map(({ kind, name }) => `${kind} ${name}`)).toContain('VirtualRouter mesh-router')
})
