import { isMap, type KubeObject, valueAt } from '@rollsync/manifests'

/** The managed routes that the Rollout's current step takes away: live for no longer than it takes the controller to come round, and then gone whether or not a sync was first. */
export function leavingRoutes(rollout: KubeObject | undefined): readonly string[] {
  const index = valueAt(rollout, '/status/currentStepIndex')
  if (typeof index !== 'number') return []
  const step = valueAt(rollout, `/spec/strategy/canary/steps/${index}`)
  // alb.go:132, istio.go:1259: a step without match removes the route of its name.
  return ['setHeaderRoute', 'setMirrorRoute'].flatMap((verb) => {
    const route = isMap(step) ? step[verb] : undefined
    return isMap(route) && typeof route['name'] === 'string' && (route['match'] === undefined || route['match'] === null) ? [route['name']] : []
  })
}
