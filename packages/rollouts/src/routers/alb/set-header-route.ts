import type { SetHeaderRoute } from '../../rollout.ts'
import type { RouterContext } from '../router.ts'
import { withHeaderRoute } from './annotations.ts'
import { patchIngresses } from './patch-ingress.ts'
import { hasRuleWithService, withAnnotationPath, withoutPath, withSortedPaths } from './paths.ts'

/** alb.go:132 SetHeaderRoute: with `match` adds the route, without it removes it; sorts the paths either way. */
export function setHeaderRoute(context: RouterContext, route: SetHeaderRoute): void {
  const { rollout, client } = context
  const name = route.name ?? ''
  const managedRoutes = rollout.spec.strategy.canary?.trafficRouting?.managedRoutes ?? []
  patchIngresses(context, {
    what: `header route ${JSON.stringify(route)}`,
    wanted: (ingress) => {
      const annotations = withHeaderRoute(ingress.metadata.annotations, rollout, route, client.profile)
      const exists = hasRuleWithService(ingress, name)
      const add = route.match !== undefined
      const spec = exists === add ? ingress.spec : add ? withAnnotationPath(ingress.spec, name) : withoutPath(ingress.spec, name)
      return { annotations, spec: withSortedPaths(spec, managedRoutes) }
    },
  })
}
