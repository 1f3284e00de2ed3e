import type { Rollout } from '../rollout.ts'
import { alb } from './alb/alb.ts'
import type { Router } from './router.ts'

// The order of trafficrouting.go NewTrafficRoutingReconciler: Istio, Nginx, ALB, SMI, Ambassador, AppMesh, Traefik, Apisix, plugins.
const routers: readonly Router[] = [alb]

/** The routers that the Rollout configures, in the order in which the controller calls them. */
export function routersOf(rollout: Rollout): readonly Router[] {
  return rollout.spec.strategy.canary?.trafficRouting === undefined ? [] : routers.filter((router) => router.isConfigured(rollout))
}
