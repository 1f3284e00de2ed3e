import type { RouterContext } from '../router.ts'
import { withoutManagedRoutes } from './annotations.ts'
import { patchIngresses } from './patch-ingress.ts'
import { withoutPath } from './paths.ts'

/** alb.go:558 RemoveManagedRoutes: on an Ingress that it never saw, too, where it writes an empty bookkeeping list. */
export function removeManagedRoutes(context: RouterContext): void {
  const { rollout, client } = context
  const routes = rollout.spec.strategy.canary?.trafficRouting?.managedRoutes ?? []
  if (routes.length === 0) return
  patchIngresses(context, {
    what: 'no managed routes',
    wanted: (ingress) => ({
      annotations: withoutManagedRoutes(ingress.metadata.annotations, rollout, client.profile),
      spec: routes.reduce((spec, { name }) => withoutPath(spec, name), ingress.spec),
    }),
  })
}
