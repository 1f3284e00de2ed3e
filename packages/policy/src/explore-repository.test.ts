import { expect, it } from 'vitest'
import { discover } from './discover/repository.ts'
import { concerned } from './explore-repository.ts'

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
