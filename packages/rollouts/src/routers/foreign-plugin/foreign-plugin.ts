import { isMap } from '@rollsync/manifests'

import type { Rollout } from '../../rollout.ts'
import { PLUGIN } from '../gateway-api/config.ts'
import type { Router, RouterContext } from '../router.ts'

/** A traffic router plugin that is not modelled: the controller calls it, and what it writes cannot be known. Each weight notes it. */
export const foreignPlugin: Router = {
  type: 'Plugin',
  isConfigured: (rollout) => foreignNames(rollout).length > 0,
  updateHash: () => {},
  setWeight: note,
  setHeaderRoute: note,
  setMirrorRoute: note,
  verifyWeight: () => undefined,
  removeManagedRoutes: () => {},
}

function note({ rollout, client }: RouterContext): void {
  for (const name of foreignNames(rollout)) client.note({ id: 'foreign-plugin', on: `plugin ${name}` })
}

function foreignNames(rollout: Rollout): readonly string[] {
  const plugins = rollout.spec.strategy.canary?.trafficRouting?.['plugins']
  return isMap(plugins) ? Object.keys(plugins).filter((name) => name !== PLUGIN) : []
}
