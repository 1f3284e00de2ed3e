import { refKey } from '@rollsync/manifests'

import type { Client } from './client.ts'
import { HASH_LABEL } from './replica-set.ts'
import type { Rollout } from './rollout.ts'
import { MANAGED_BY, type Service } from './services.ts'
import { objectsOf, type World } from './world.ts'

// service/service.go:36
const REMOVE_MANAGED_BY = `"metadata": {\n\t\t"annotations": {\n\t\t\t"${MANAGED_BY}": null\n\t\t}\n\t}`
const REMOVE_BOTH = `{\n\t${REMOVE_MANAGED_BY},\n\t"spec": {\n\t\t"selector": {\n\t\t\t"${HASH_LABEL}": null\n\t\t}\n\t}\n}`
const REMOVE_SELECTOR = `{${REMOVE_MANAGED_BY}\n}`

/** service/service.go syncService: a Service that no Rollout refers to any more loses the hash in its selector and the managed-by annotation. */
export function syncService(client: Client, service: Service): void {
  const { namespace, name } = service.metadata
  const manager = service.metadata.annotations?.[MANAGED_BY]
  // The selector of a Service without the annotation is not touched: that patch (:36) holds the annotation alone.
  client.patch({ group: '', kind: 'Service', namespace: namespace ?? '', name }, 'merge', manager === undefined ? REMOVE_SELECTOR : REMOVE_BOTH)
}

/** Whether that sync has anything to do. */
export function isLeftBehind(world: World, service: Service): boolean {
  if (service.spec.selector?.[HASH_LABEL] === undefined) return false
  const { namespace, name } = service.metadata
  const manager = service.metadata.annotations?.[MANAGED_BY]
  const ref = { group: 'argoproj.io', kind: 'Rollout', namespace: namespace ?? '', name: manager ?? '' }
  const candidates = manager === undefined ? objectsOf(world, 'Rollout').filter((rollout) => (rollout.metadata.namespace ?? '') === (namespace ?? '')) : [world.get(refKey(ref))]
  return !candidates.some((rollout) => rollout !== undefined && servicesOf(rollout as Rollout).includes(name))
}

// utils/service/service.go GetRolloutServiceKeys
function servicesOf({ spec }: Rollout): readonly (string | undefined)[] {
  const { blueGreen, canary } = spec.strategy
  if (blueGreen !== undefined) return [blueGreen.activeService, blueGreen.previewService]
  return [canary?.canaryService, canary?.stableService, canary?.pingPong?.pingService, canary?.pingPong?.pongService]
}
