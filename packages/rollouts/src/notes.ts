import { refKey } from '@rollsync/manifests'

import type { Ingress } from './ingress.ts'
import type { Quirk } from './quirk.ts'
import { hasPath, routesDue } from './readings.ts'
import { availableOf, hashOf } from './replica-set.ts'
import { replicaSetsOf } from './cluster.ts'
import type { Rollout } from './rollout.ts'
import { ControllerFailure } from './controller-failure.ts'
import { headerActionKey, ingressNames, managedIn, MANAGED_ANNOTATIONS } from './routers/alb/annotations.ts'
import type { State } from './state.ts'
import { isFullyPromoted } from './steps.ts'
import { objectsOf, type World } from './world.ts'

/** The quirks that a state shows: those noted while it settled, and those that only the state as a whole shows. */
export function notesOf(state: Omit<State, 'notes'>, noted: readonly Quirk[]): readonly Quirk[] {
  const rollouts = objectsOf(state.world, 'Rollout') as readonly Rollout[]
  const flapping = [...new Set((state.cycle?.writes ?? []).filter(({ to }) => to.kind === 'Ingress').map(({ to }) => to.name))].map((name): Quirk => ({ id: 'flapping', on: `Ingress ${name}` }))
  const hot = [...new Set((state.everySync ?? []).map(({ to }) => `${to.kind} ${to.name}`))].map((on): Quirk => ({ id: 'hot-loop', on }))
  const all = [...noted, ...flapping, ...hot, ...rollouts.flatMap((rollout) => ingressQuirks(state.world, rollout))]
  if (all.length < 2) return all
  return [...new Map(all.map((quirk) => [`${quirk.id} ${quirk.on}`, quirk])).values()]
}

function ingressQuirks(world: World, rollout: Rollout): readonly Quirk[] {
  if (rollout.spec.strategy?.canary?.trafficRouting?.alb === undefined) return []
  const routes = (rollout.spec.strategy.canary.trafficRouting.managedRoutes ?? []).map(({ name }) => name)
  const due = isUnderWay(world, rollout) ? routesDue(rollout) : []
  return ingressNames(rollout).flatMap((name): readonly Quirk[] => {
    const ingress = world.get(refKey({ group: 'networking.k8s.io', kind: 'Ingress', namespace: rollout.metadata.namespace ?? '', name })) as Ingress | undefined
    if (ingress === undefined) return []
    const on = `Ingress ${name}`
    const actions = ingress.metadata.annotations ?? {}
    return [
      ...(routes.some((route) => hasPath(ingress, route) && actions[headerActionKey(rollout, route)] === undefined) ? [{ id: 'route-without-annotations', on } as const] : []),
      ...(due.some((route) => !hasPath(ingress, route)) ? [{ id: 'header-route-not-reasserted', on } as const] : []),
      ...(routes.some((route) => isForgotten(ingress, rollout, route)) ? [{ id: 'bookkeeping-lost', on } as const] : []),
    ]
  })
}

// In mid canary with pods that could be reached: then a route that the steps have set should be there.
function isUnderWay(world: World, rollout: Rollout): boolean {
  const { status } = rollout
  if (isFullyPromoted(rollout) || status.abort === true || status.promoteFull === true) return false
  const canary = replicaSetsOf(world).find((rs) => hashOf(rs) === status.currentPodHash && rs.metadata.name.startsWith(`${rollout.metadata.name}-`))
  return canary !== undefined && availableOf(canary) > 0
}

function isForgotten(ingress: Ingress, rollout: Rollout, route: string): boolean {
  const key = headerActionKey(rollout, route)
  const { annotations } = ingress.metadata
  if (annotations?.[key] === undefined || annotations[MANAGED_ANNOTATIONS] === undefined) return false
  try {
    const listed = managedIn(ingress)?.get(rollout.metadata.name)
    return listed !== undefined && listed !== null && !listed.includes(key)
  } catch (error) {
    if (error instanceof ControllerFailure) return false
    throw error
  }
}
