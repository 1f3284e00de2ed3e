import { jsonEqual, type KubeObject } from '@rollsync/manifests'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { connect } from '../api-server.ts'
import { emptyCluster } from '../cluster.ts'
import { ControllerFailure } from '../controller-failure.ts'
import { rolloutsProfile, rolloutsVersions } from '../profile.ts'
import { admitRollout } from '../rollout-shape.ts'
import { worldOf } from '../world.ts'
import { routersOf } from './index.ts'

const keys = ['rules', 'http', 'tls', 'tcp', 'route', 'destination', 'host', 'subset', 'port', 'number', 'weight', 'name', 'backends', 'serviceName', 'backendRefs', 'matches', 'headers', 'filters',
  'services', 'weighted', 'routes', 'action', 'weightedTargets', 'virtualNodeRef', 'subsets', 'labels', 'mirror', 'priority', 'podSelector', 'matchLabels', 'service', '__proto__']
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, fc.constantFrom<unknown>(null, true, 0, 5, 'x', 'stable', 'canary'), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 4 })),
})).value
const spec = fc.dictionary(fc.constantFrom(...keys), json, { maxKeys: 5 })

const subsetRouting = { istio: { virtualService: { name: 'x' }, destinationRule: { name: 'x', canarySubsetName: 'c', stableSubsetName: 's' } } }
const routings = [
  subsetRouting, { istio: { virtualServices: [{ name: 'x', routes: ['x'] }] } },
  { smi: {} }, { ambassador: { mappings: ['x'] } }, { traefik: { weightedTraefikServiceName: 'x' } }, { apisix: { route: { name: 'x' } } },
  { appMesh: { virtualService: { name: 'x' }, virtualNodeGroup: { canaryVirtualNodeRef: { name: 'x' }, stableVirtualNodeRef: { name: 'x' } } } },
  { plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'x', grpcRoute: 'x', tcpRoute: 'x', tlsRoute: 'x' } } },
]
const kinds = [['networking.istio.io/v1alpha3', 'VirtualService'], ['networking.istio.io/v1alpha3', 'DestinationRule'], ['split.smi-spec.io/v1alpha1', 'TrafficSplit'], ['getambassador.io/v2', 'Mapping'],
  ['traefik.io/v1alpha1', 'TraefikService'], ['apisix.apache.org/v2', 'ApisixRoute'], ['appmesh.k8s.aws/v1beta2', 'VirtualService'], ['appmesh.k8s.aws/v1beta2', 'VirtualRouter'],
  ['appmesh.k8s.aws/v1beta2', 'VirtualNode'], ['gateway.networking.k8s.io/v1', 'HTTPRoute'], ['gateway.networking.k8s.io/v1', 'GRPCRoute'], ['gateway.networking.k8s.io/v1', 'TCPRoute'],
  ['gateway.networking.k8s.io/v1', 'TLSRoute']] as const

it('writes or fails as the controller does, whatever its objects hold, and never changes them in place', () => {
  fc.assert(fc.property(spec, fc.constantFrom(...routings), fc.constantFrom(...rolloutsVersions), fc.integer({ min: 0, max: 100 }), (value, routing, version, weight) => {
    const { profile } = rolloutsProfile(version)
    const trafficRouting = { ...routing, managedRoutes: [{ name: 'x' }] }
    const rollout = admitRollout({
      apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'shop', uid: 'u' },
      spec: { strategy: { canary: { stableService: 'stable', canaryService: 'canary', trafficRouting } } },
    }, profile)
    const objects = kinds.map(([apiVersion, kind]) => ({ apiVersion, kind, metadata: { name: 'x', namespace: 'shop' }, spec: value }) as KubeObject)
    const before = structuredClone(objects)
    const connection = connect({ ...emptyCluster(profile, 0), world: worldOf(objects) }, 'rollouts')
    const context = { rollout, replicaSets: [], client: connection }
    const header = { name: 'x', match: [{ headerName: 'h', headerValue: { exact: '1' } }] }
    for (const router of routersOf(rollout)) {
      for (const call of [() => router.removeManagedRoutes(context), () => router.setHeaderRoute(context, header), () => router.setMirrorRoute(context, { name: 'x', match: [{}] }),
        () => router.updateHash(context, 'c', 's', []), () => router.setWeight(context, weight, [{ serviceName: 'e', weight: 5, podTemplateHash: 'h' }])]) {
        try {
          call()
        } catch (error) {
          if (!(error instanceof ControllerFailure)) throw error
        }
      }
    }
    expect(jsonEqual(objects, before)).toBe(true)
  }), { numRuns: 600, examples: [[{ subsets: [null] }, subsetRouting, 'v1.10.2', 0], [{ subsets: ['x'] }, subsetRouting, 'v1.10.2', 0]] })
})
