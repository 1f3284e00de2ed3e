import type { Router } from '../router.ts'
import { istioConfig } from './config.ts'
import { setHeaderRoute } from './header-route.ts'
import { setMirrorRoute } from './mirror-route.ts'
import { removeManagedRoutes } from './remove-managed-routes.ts'
import { setWeight } from './set-weight.ts'
import { updateHash } from './update-hash.ts'

/** rollout/trafficrouting/istio/istio.go: the routes of VirtualServices and the subsets of one DestinationRule. */
export const istio: Router = {
  type: 'Istio',
  isConfigured: (rollout) => istioConfig(rollout) !== undefined,
  updateHash,
  setWeight,
  setHeaderRoute,
  setMirrorRoute,
  verifyWeight: () => undefined,
  removeManagedRoutes,
}
