import type { ResourceRef } from '@rollsync/manifests'
import { apisixRoute } from './apisix-route.ts'
import { virtualNode, virtualRouter } from './app-mesh.ts'
import { destinationRule } from './destination-rule.ts'
import { gatewayRoute } from './gateway-route.ts'
import { ingress } from './ingress.ts'
import type { ObjectKind } from './object-kind.ts'
import { service } from './service.ts'
import { traefikService } from './traefik-service.ts'
import { virtualService } from './virtual-service.ts'
import { workload } from './workload.ts'

/**
 * Every kind that Git holds and the Rollouts controller writes to. Not among them, as the controller makes them itself and Argo CD does not count what it did not deploy: nginx's canary
 * Ingress, SMI's TrafficSplit, Ambassador's canary Mapping, Apisix's header routes.
 */
const kinds: readonly ObjectKind[] = [ingress, service, virtualService, destinationRule, gatewayRoute, traefikService, apisixRoute, virtualRouter, virtualNode, workload]

export function kindOf(ref: ResourceRef): ObjectKind | undefined {
  return kinds.find((kind) => kind.holds(ref))
}
