import type { KubeObject, ResourceRef } from '@rollsync/manifests'

import { fail, NIL_POINTER, panic } from '../../controller-failure.ts'
import type { Rollout } from '../../rollout.ts'
import { nestedMap, withNested } from '../nested.ts'
import type { Router, RouterContext } from '../router.ts'
import { weightedRoutes } from './virtual-router.ts'

interface NodeRef { readonly name: string }
interface AppMeshConfig {
  readonly virtualService?: { readonly name: string; readonly routes?: readonly string[] }
  readonly virtualNodeGroup?: { readonly canaryVirtualNodeRef: NodeRef | null; readonly stableVirtualNodeRef: NodeRef | null }
}

/** rollout/trafficrouting/appmesh/appmesh.go: the weights of a VirtualRouter and the pod selectors of two VirtualNodes. Header and mirror routes: nothing, as upstream. */
export const appMesh: Router = {
  type: 'AppMesh',
  isConfigured: (rollout) => configOf(rollout) !== undefined,
  updateHash,
  setWeight,
  setHeaderRoute: () => {},
  setMirrorRoute: () => {},
  verifyWeight: () => undefined,
  removeManagedRoutes: () => {},
}

function configOf(rollout: Rollout): AppMeshConfig | undefined {
  return rollout.spec.strategy.canary?.trafficRouting?.['appMesh'] as AppMeshConfig | undefined
}

function refOf(kind: string, namespace: string, name: string): ResourceRef {
  return { group: 'appmesh.k8s.aws', kind, namespace, name }
}

// appmesh.go:68 UpdateHash: with equal hashes, which App Mesh would refuse, the canary's is a placeholder
function updateHash(context: RouterContext, canaryHash: string, stableHash: string): void {
  const { canaryVirtualNodeRef: canary, stableVirtualNodeRef: stable } = configOf(context.rollout)?.virtualNodeGroup ?? { canaryVirtualNodeRef: null, stableVirtualNodeRef: null }
  const stableLabel = stableHash === '' ? 'stable-hash' : stableHash
  labelNode(context, stable, stableLabel)
  labelNode(context, canary, canaryHash === stableLabel || canaryHash === '' ? 'canary-hash' : canaryHash)
}

// appmesh.go:277 updateVirtualNodeWithHash: an Update on every reconcile; the managed-by annotation is set on a copy and never stored
function labelNode({ rollout, client }: RouterContext, ref: NodeRef | null, hash: string): void {
  if (ref === null) return panic(NIL_POINTER, 'rollout/trafficrouting/appmesh.(*Reconciler).updateVirtualNodeWithHash')
  const node = client.getLive(refOf('VirtualNode', rollout.metadata.namespace ?? '', ref.name)) ?? fail('Virtual-node is missing')
  const labels = nestedMap(node, 'spec', 'podSelector', 'matchLabels') ?? {}
  client.update(withNested(node, ['spec', 'podSelector', 'matchLabels'], withNested(labels, ['rollouts-pod-template-hash'], hash)))
}

// appmesh.go:105 SetWeight
function setWeight({ rollout, client }: RouterContext, desiredWeight: number): void {
  const { virtualService, virtualNodeGroup } = configOf(rollout) ?? {}
  const namespace = rollout.metadata.namespace ?? ''
  if (virtualService === undefined) return panic(NIL_POINTER, 'rollout/trafficrouting/appmesh.(*Reconciler).SetWeight')
  const service = client.getLive(refOf('VirtualService', namespace, virtualService.name)) ?? fail('Virtual-service is missing')
  const router = routerOf(service, (space, name) => client.getLive(refOf('VirtualRouter', space, name)))
  const { canaryVirtualNodeRef: canary, stableVirtualNodeRef: stable } = virtualNodeGroup ?? { canaryVirtualNodeRef: null, stableVirtualNodeRef: null }
  if (canary === null || stable === null) return panic(NIL_POINTER, 'rollout/trafficrouting/appmesh.(*Reconciler).reconcileRoute')
  const changed = weightedRoutes(router, { stable: stable.name, canary: canary.name, namespace, only: virtualService.routes ?? [], weight: desiredWeight })
  if (changed !== undefined) client.update(withNested(router, ['spec', 'routes'], changed))
}

/** resource_client.go:52 GetVirtualRouterCRForVirtualService */
function routerOf(service: KubeObject, find: (namespace: string, name: string) => KubeObject | undefined): KubeObject {
  const ref = nestedMap(service, 'spec', 'provider', 'virtualRouter', 'virtualRouterRef') ?? fail('Virtual-service is not associated with virtual-router')
  const { namespace, name } = ref
  if (typeof name !== 'string') return panic('interface conversion: interface {} is nil, not string', 'rollout/trafficrouting/appmesh.(*ResourceClient).GetVirtualRouterCRForVirtualService')
  return find(typeof namespace === 'string' && namespace !== '' ? namespace : service.metadata.namespace ?? '', name) ?? fail('Virtual-router is missing')
}
