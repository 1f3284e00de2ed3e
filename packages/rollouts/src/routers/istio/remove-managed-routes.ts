import type { KubeObject } from '@rollsync/manifests'

import { fail } from '../../controller-failure.ts'
import type { Rollout } from '../../rollout.ts'
import { withNested } from '../nested.ts'
import type { RouterContext } from '../router.ts'
import { within } from './header-route.ts'
import { cachedVirtualService, changeCache, httpOf, nameOf, namedVirtualServices, notFoundText, withHttp, withoutRoute } from './virtual-services.ts'

/** istio.go:1557 RemoveManagedRoutes. The first VirtualService without spec.http, or without anything to remove, ends the loop: those after it are not looked at. */
export function removeManagedRoutes({ rollout, client }: RouterContext): void {
  const { removesStepRoutes } = client.profile.has
  const all = namedVirtualServices(rollout, client.profile)
  for (const [index, { ref }] of all.entries()) {
    const end = (): void => {
      if (index + 1 < all.length) client.note({ id: 'later-virtual-service-skipped', on: `VirtualService ${ref.name}` })
    }
    const current = cachedVirtualService(client, ref)
    if (current === undefined) {
      if (removesStepRoutes) continue
      return fail(`[RemoveManagedRoutes] failed to get virtual service: ${notFoundText(ref)}`)
    }
    if (httpOf(current) === undefined) return end()
    const changed = removesStepRoutes ? withoutAllRoutes(rollout, current) : withoutManagedRoutes(rollout, current)
    if (changed === 'end') return end()
    if (changed === 'same') continue
    changeCache(client, ref, changed)
    within('[RemoveManagedRoutes] failed to update kubernetes virtual service', () => client.update(changed))
  }
}

function managedNames(rollout: Rollout): readonly string[] {
  return (rollout.spec.strategy.canary?.trafficRouting?.managedRoutes ?? []).map(({ name }) => name)
}

/** Up to 1.9: the managed routes, where there are any. */
function withoutManagedRoutes(rollout: Rollout, object: KubeObject): KubeObject | 'end' {
  const names = managedNames(rollout)
  const routes = httpOf(object) ?? []
  const kept = routes.filter((route) => !names.includes(nameOf(route) ?? ''))
  return names.length === 0 || kept.length === routes.length ? 'end' : withHttp(object, kept)
}

/** Since 1.10: first what any step names; that counts as a change whether there was such a route or not. */
function withoutAllRoutes(rollout: Rollout, object: KubeObject): KubeObject | 'end' | 'same' {
  const steps = (rollout.spec.strategy.canary?.steps ?? []).flatMap(({ setHeaderRoute, setMirrorRoute }) =>
    [...(setHeaderRoute === undefined ? [] : [setHeaderRoute.name ?? '']), ...(setMirrorRoute === undefined ? [] : [setMirrorRoute.name])])
  const names = managedNames(rollout)
  if (names.length === 0 && steps.length === 0) return 'end'
  const bare = steps.reduce((without, name) => withoutRoute(without, httpOf(without) ?? [], name), object)
  const routes = httpOf(bare) ?? []
  const kept = routes.filter((route) => !names.includes(nameOf(route) ?? ''))
  if (kept.length < routes.length) return withNested(bare, ['spec', 'http'], kept)
  return steps.length > 0 ? bare : 'same'
}
