import type { KubeObject } from '@rollsync/manifests'
import { expect, it } from 'vitest'
import { connect } from '../api-server.ts'
import { emptyCluster } from '../cluster.ts'
import { rolloutsProfile } from '../profile.ts'
import { admitRollout } from '../rollout-shape.ts'
import { worldOf } from '../world.ts'
import { routersOf } from './index.ts'
import type { Router, RouterContext } from './router.ts'

const owner = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'web', uid: 'u', controller: true }
const virtualService = (name: string, http: readonly unknown[]): KubeObject => ({ apiVersion: 'networking.istio.io/v1alpha3', kind: 'VirtualService', metadata: { name, namespace: 'shop' }, spec: { http } })
const weights = { route: [{ destination: { host: 'stable' }, weight: 100 }, { destination: { host: 'canary' }, weight: 0 }] }

/** What is noted while the routers of a Rollout do what `act` does. */
function notesOf(trafficRouting: Readonly<Record<string, unknown>>, objects: readonly KubeObject[], act: (router: Router, context: RouterContext) => void): readonly string[] {
  const { profile } = rolloutsProfile('v1.10.2')
  const canary = { stableService: 'stable', canaryService: 'canary', trafficRouting: { managedRoutes: [{ name: 'hr' }], ...trafficRouting } }
  const rollout = admitRollout({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'shop', uid: 'u' }, spec: { strategy: { canary } } }, profile)
  const connection = connect({ ...emptyCluster(profile, 0), world: worldOf(objects) }, 'rollouts')
  for (const router of routersOf(rollout)) act(router, { rollout, replicaSets: [], client: connection })
  return connection.notes.map(({ id, on }) => `${id}: ${on}`)
}

const setWeight = (router: Router, context: RouterContext): void => router.setWeight(context, 10, [])

it('a plugin that is not modelled is noted, because what it writes is unknown', () => {
  expect(notesOf({ plugins: { 'acme/mesh': {} } }, [], setWeight)).toEqual(['foreign-plugin: plugin acme/mesh'])
})

it('labels of others on the canary Ingress are noted when they go', () => {
  const spec = { rules: [{ host: 'a', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'stable', port: { number: 80 } } } }] } }] }
  const ingress = (name: string, metadata: Readonly<Record<string, unknown>>): KubeObject =>
    ({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace: 'shop', ...metadata }, spec })
  const objects = [ingress('main', {}), ingress('web-main-canary', { ownerReferences: [owner], labels: { team: 'a' } })]
  expect(notesOf({ nginx: { stableIngress: 'main' } }, objects, setWeight)).toEqual(['foreign-labels-removed: Ingress web-main-canary'])
})

it('a destination that leads nowhere known is noted when it goes', () => {
  const object = virtualService('vs', [{ route: [...weights.route, { destination: { host: 'old' }, weight: 5 }] }])
  expect(notesOf({ istio: { virtualService: { name: 'vs' } } }, [object], setWeight)).toEqual(['destination-dropped: VirtualService vs'])
})

it('weights that only reach the mirror route are noted', () => {
  const object = virtualService('vs', [{ name: 'hr', mirror: { host: 'canary' }, ...weights }, weights])
  expect(notesOf({ istio: { virtualService: { name: 'vs' } } }, [object], setWeight)).toEqual(['weights-on-mirror-only: VirtualService vs'])
})

it('two routes without a name are noted when each is written twice', () => {
  const object = virtualService('vs', [{ name: 'main', ...weights }, { route: [] }, { route: [] }])
  expect(notesOf({ istio: { virtualService: { name: 'vs', routes: ['main'] } } }, [object], setWeight)).toEqual(['unnamed-routes-doubled: VirtualService vs'])
})

it('VirtualServices behind one without routes are noted: their managed routes stay', () => {
  const objects = [{ ...virtualService('vs', []), spec: { tls: [] } }, virtualService('w', [{ name: 'hr' }])]
  const routing = { istio: { virtualServices: [{ name: 'vs' }, { name: 'w' }] } }
  expect(notesOf(routing, objects, (router, context) => router.removeManagedRoutes(context))).toEqual(['later-virtual-service-skipped: VirtualService vs'])
})

it('a subset of additionalSubsetNames is noted when it goes', () => {
  const rule = { name: 'dr', canarySubsetName: 'c', stableSubsetName: 's', additionalSubsetNames: ['e'] }
  const object: KubeObject = {
    apiVersion: 'networking.istio.io/v1alpha3', kind: 'DestinationRule', metadata: { name: 'dr', namespace: 'shop' }, spec: { host: 'web', subsets: [{ name: 's' }, { name: 'c' }, { name: 'e' }] },
  }
  const routing = { istio: { virtualService: { name: 'vs' }, destinationRule: rule } }
  expect(notesOf(routing, [object], (router, context) => router.updateHash(context, 'h2', 'h1', []))).toEqual(['subset-dropped: DestinationRule dr'])
})

it('a rule of a person that only leads to the canary is noted when the plugin takes it for its own', () => {
  const object: KubeObject = {
    apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'route', namespace: 'shop' },
    spec: { rules: [{ backendRefs: [{ name: 'stable' }, { name: 'canary' }] }, { backendRefs: [{ name: 'canary' }] }] },
  }
  const routing = { plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'route' } } }
  expect(notesOf(routing, [object], (router, context) => router.removeManagedRoutes(context))).toEqual(['foreign-rule-removed: HTTPRoute route'])
})
