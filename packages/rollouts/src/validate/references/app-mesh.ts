import type { KubeObject } from '@rollsync/manifests'
import type { Rollout } from '../../rollout.ts'
import type { World } from '../../world.ts'
import { child, fieldPath, type FieldPath, item } from '../field-path.ts'
import { listAt, mapAt, textAt } from '../loose.ts'
import { invalid, mendedIn, plainError, type Subject, type ValidationError } from '../validation-error.ts'
import { lookup, meshVirtualRouter, meshVirtualService } from './lookup.ts'
import type { Referenced } from './referenced.ts'

const none: Referenced = { missing: [], wrong: [] }
// The controller writes appmesh; the Rollout's field is appMesh.
const path: FieldPath = {
  field: fieldPath('spec', 'strategy', 'canary', 'trafficRouting', 'appmesh', 'virtualService').field,
  pointer: fieldPath('spec', 'strategy', 'canary', 'trafficRouting', 'appMesh', 'virtualService').pointer,
}

/** controller.go:703 getReferencedAppMeshResources and validation_references.go:467 ValidateAppMeshResource */
export function referencedMesh(subject: Subject, rollout: Rollout, world: World): Referenced {
  const config = rollout.spec.strategy.canary?.trafficRouting?.['appMesh'] as { readonly virtualService?: { readonly name: string } } | undefined
  if (config === undefined) return none
  if (config.virtualService === undefined) return missing(invalid(subject, path, null, 'must provide virtual-service'))
  const namespace = rollout.metadata.namespace ?? ''
  const value = `${config.virtualService.name}.${namespace}`
  const answer = lookup(world, meshVirtualService, namespace, config.virtualService.name)
  if (answer.found === 'no') return missing(invalid(subject, path, value, answer.error))
  const ref = mapAt(mapAt(mapAt(mapAt(answer.object, 'spec'), 'provider'), 'virtualRouter'), 'virtualRouterRef')
  if (ref === undefined) return missing(plainError(subject, path.pointer, 'Virtual-service is not associated with virtual-router'))
  const router = lookup(world, meshVirtualRouter, textAt(ref, 'namespace') || namespace, textAt(ref, 'name'))
  if (router.found === 'no') return missing(invalid(subject, path, value, router.error))
  const error = validateVirtualRouter(subject, router.object)
  return { missing: [], wrong: error === undefined ? [] : [error] }
}

function missing(error: ValidationError): Referenced {
  return { missing: [error], wrong: [] }
}

/** validation_references.go:481 ValidateAppMeshVirtualRouter: only the first thing wrong. */
function validateVirtualRouter(subject: Subject, router: KubeObject): ValidationError | undefined {
  const name = router.metadata.name
  const routes = listAt(router['spec'], 'routes') ?? []
  const at = fieldPath('spec', 'routes')
  const wrong = (place: FieldPath, text: string): ValidationError => mendedIn(invalid(subject, place, name, text), router, place.pointer)
  if (routes.length === 0) return wrong(at, `No routes defined for AppMesh virtual-router ${name}`)
  for (const [index, route] of routes.entries()) {
    const error = validateRoute(name, route, item(at, index), index, wrong)
    if (error !== undefined) return error
  }
  return undefined
}

function validateRoute(name: string, route: unknown, at: FieldPath, index: number, wrong: (place: FieldPath, text: string) => ValidationError): ValidationError | undefined {
  if (typeof route !== 'object' || route === null || Array.isArray(route)) return wrong(at, `Invalid route was found for AppMesh virtual-router ${name} at index ${index}`)
  const routeName = textAt(route, 'name')
  // appmesh.go: the kinds of routes, in this order.
  const kind = ['httpRoute', 'tcpRoute', 'http2Route', 'grpcRoute'].find((key) => mapAt(route, key) !== undefined)
  if (kind === undefined) {
    return wrong(at, `Error getting route details for AppMesh virtual-router ${name} and route ${routeName}. Error: Route has unsupported route type`)
  }
  const targets = listAt(mapAt(mapAt(route, kind), 'action'), 'weightedTargets')
  const place = child(at, kind, 'action', 'weightedTargets')
  if (targets === undefined) return wrong(place, `Invalid route action found for AppMesh virtual-router ${name} and route ${routeName}`)
  if (targets.length === 2) return undefined
  return wrong(place, `Invalid number of weightedTargets (${targets.length}) for AppMesh virtual-router ${name} and route ${routeName}, expected 2`)
}
