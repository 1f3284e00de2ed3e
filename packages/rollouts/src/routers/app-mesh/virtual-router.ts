import { isMap, type KubeObject } from '@rollsync/manifests'

import { fail } from '../../controller-failure.ts'
import { type Json, nestedList, nestedMap, withNested } from '../nested.ts'

interface Weights {
  readonly stable: string
  readonly canary: string
  readonly namespace: string
  /** The routes that count; all where none is named. */
  readonly only: readonly string[]
  readonly weight: number
}

/** appmesh.go:153 reconcileVirtualRouter: the routes with the two weights, or undefined where they have them already. */
export function weightedRoutes(router: KubeObject, weights: Weights): readonly unknown[] | undefined {
  const name = router.metadata.name
  const routes = nestedList(router, 'spec', 'routes') ?? fail(`spec.routes: Invalid value: "${name}": No routes found`)
  const changed = routes.map((route, index) => {
    const at = `spec.routes[${index}]`
    return isMap(route) ? weightedRoute(route, name, at, weights) : malformed(at, name)
  })
  return changed.some((route, index) => route !== routes[index]) ? changed : undefined
}

// appmesh.go:208 reconcileRoute
function weightedRoute(route: Json, router: string, at: string, weights: Weights): Json {
  const name = route['name']
  if (typeof name !== 'string') return malformed(`${at}.name`, router)
  if (weights.only.length > 0 && !weights.only.includes(name)) return route
  const kind = ['httpRoute', 'tcpRoute', 'http2Route', 'grpcRoute'].find((key) => route[key] !== undefined)
  if (kind === undefined || !isMap(route[kind])) return malformed(at, router)
  const place = `${at}.${kind}.action.weightedTargets`
  const action = nestedMap(route, kind, 'action')
  const targets = action?.['weightedTargets']
  if (!Array.isArray(targets)) return malformed(place, router)
  const changed = targets.map((target: unknown, index) => weightedTarget(target, router, `${place}[${index}]`, weights))
  return changed.some((target, index) => target !== targets[index]) ? withNested(route, [kind, 'action', 'weightedTargets'], changed) : route
}

function weightedTarget(target: unknown, router: string, at: string, { stable, canary, namespace, weight }: Weights): unknown {
  if (!isMap(target)) return malformed(at, router)
  const ref = target['virtualNodeRef']
  if (!isMap(ref)) return malformed(`${at}.virtualNodeRef`, router)
  const space = typeof ref['namespace'] === 'string' && ref['namespace'] !== '' ? ref['namespace'] : namespace
  const current = target['weight']
  if (typeof current !== 'number') return malformed(`${at}.weight`, router)
  if (space !== namespace || (ref['name'] !== stable && ref['name'] !== canary)) return target
  const wanted = ref['name'] === stable ? 100 - weight : weight
  return Math.trunc(current) === wanted ? target : withNested(target, ['weight'], wanted)
}

function malformed(at: string, router: string): never {
  return fail(`${at}: Invalid value: "${router}": not well-formed`)
}
