import { isMap, type KubeObject, type Pointer, valueAt } from '@rollsync/manifests'

/** One step of a canary as the rules read it; `index` counts from 0, `pointer` leads to it in the Rollout. */
export interface CanaryStep {
  readonly index: number
  readonly pointer: Pointer
  readonly asksForPods: boolean
  readonly nameOf: (kind: 'setHeaderRoute' | 'setMirrorRoute') => string | undefined
  /** Whether the step sets a route (with a match) rather than removing one. */
  readonly sets: (kind: 'header' | 'mirror') => boolean
}

const canary = '/spec/strategy/canary'

const known = new WeakMap<KubeObject, readonly CanaryStep[]>()

/** The steps of a Rollout, read once for all rules. */
export function canarySteps(rollout: KubeObject): readonly CanaryStep[] {
  const steps = known.get(rollout) ?? readSteps(rollout)
  known.set(rollout, steps)
  return steps
}

function readSteps(rollout: KubeObject): readonly CanaryStep[] {
  const steps = valueAt(rollout, `${canary}/steps`)
  return (Array.isArray(steps) ? steps : []).map((value: unknown, index) => {
    const step = isMap(value) ? value : {}
    const routeOf = (kind: string): Readonly<Record<string, unknown>> | undefined => (isMap(step[kind]) ? step[kind] : undefined)
    return {
      index,
      pointer: `${canary}/steps/${index}`,
      asksForPods: asksForPods(step),
      nameOf: (kind) => {
        const name = routeOf(kind)?.['name']
        return typeof name === 'string' ? name : undefined
      },
      sets: (kind) => {
        const match = routeOf(kind === 'header' ? 'setHeaderRoute' : 'setMirrorRoute')?.['match']
        return Array.isArray(match) && match.length > 0 // context: an empty list is no match (controller.go:999-1010)
      },
    }
  })
}

function asksForPods(step: Readonly<Record<string, unknown>>): boolean {
  const scale = step['setCanaryScale']
  if (isMap(scale)) return positive(scale['replicas']) || positive(scale['weight'])
  return positive(step['setWeight']) || isMap(step['experiment'])
}

function positive(value: unknown): boolean {
  return typeof value === 'number' && value > 0
}

export function managedRouteNames(rollout: KubeObject): readonly string[] {
  const routes = valueAt(rollout, `${canary}/trafficRouting/managedRoutes`)
  return (Array.isArray(routes) ? routes : []).flatMap((route: unknown) => (isMap(route) && typeof route['name'] === 'string' ? [route['name']] : []))
}
