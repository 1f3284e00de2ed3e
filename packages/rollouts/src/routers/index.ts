import type { Rollout } from '../rollout.ts'
import { alb } from './alb/alb.ts'
import { ambassador } from './ambassador/ambassador.ts'
import { apisix } from './apisix/apisix.ts'
import { appMesh } from './app-mesh/app-mesh.ts'
import { foreignPlugin } from './foreign-plugin/foreign-plugin.ts'
import { gatewayApi } from './gateway-api/gateway-api.ts'
import { istio } from './istio/istio.ts'
import { nginx } from './nginx/nginx.ts'
import type { Router } from './router.ts'
import { smi } from './smi/smi.ts'
import { traefik } from './traefik/traefik.ts'

// The order of trafficrouting.go NewTrafficRoutingReconciler: Istio, Nginx, ALB, SMI, Ambassador, AppMesh, Traefik, Apisix, plugins.
const routers: readonly Router[] = [istio, nginx, alb, smi, ambassador, appMesh, traefik, apisix, gatewayApi, foreignPlugin]

/** The routers that the Rollout configures, in the order in which the controller calls them. */
export function routersOf(rollout: Rollout): readonly Router[] {
  return rollout.spec.strategy.canary?.trafficRouting === undefined ? [] : routers.filter((router) => router.isConfigured(rollout))
}
