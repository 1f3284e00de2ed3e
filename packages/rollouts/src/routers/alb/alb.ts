import type { Router } from '../router.ts'
import { removeManagedRoutes } from './remove-managed-routes.ts'
import { setHeaderRoute } from './set-header-route.ts'
import { setWeight } from './set-weight.ts'

/** rollout/trafficrouting/alb/alb.go. Target groups are not verified, as by default (--aws-verify-target-group): VerifyWeight answers nil. */
export const alb: Router = {
  type: 'ALB',
  isConfigured: (rollout) => rollout.spec.strategy.canary?.trafficRouting?.alb !== undefined,
  updateHash: () => {},
  setWeight,
  setHeaderRoute,
  setMirrorRoute: () => {},
  verifyWeight: () => undefined,
  removeManagedRoutes,
}
