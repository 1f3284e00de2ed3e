import type { KubeObject } from '@rollsync/manifests'
import type { Rollout } from '../../rollout.ts'
import { istioConfig, splitName, type WantedVirtualService, wantedVirtualServices } from '../../routers/istio/config.ts'
import { type Protocol, routesOf } from '../../routers/istio/routes.ts'
import { type Pair, validateRoutes } from '../../routers/istio/validate-routes.ts'
import type { World } from '../../world.ts'
import { child, fieldPath, type FieldPath, item } from '../field-path.ts'
import { invalid, panicked, type Subject, type ValidationError, withoutValue } from '../validation-error.ts'
import { lookup, virtualService } from './lookup.ts'
import type { Referenced } from './referenced.ts'

const istio = fieldPath('spec', 'strategy', 'canary', 'trafficRouting', 'istio')

/** validation_references.go:349 ValidateRolloutVirtualServicesConfig, istio/controller.go:183 GetReferencedVirtualServices, and ValidateVirtualService. */
export function referencedVirtualServices(subject: Subject, rollout: Rollout, world: World): Referenced {
  const config = istioConfig(rollout)
  if (config === undefined) return { missing: [], wrong: [] }
  if ((config.virtualServices === undefined) === (config.virtualService === undefined)) {
    return { missing: [withoutValue(subject, istio, 'Internal error', 'either VirtualService or VirtualServices must be configured')], wrong: [] }
  }
  const missing: ValidationError[] = []
  const wrong: ValidationError[] = []
  for (const [index, wanted] of wantedVirtualServices(config).entries()) {
    const { namespace, name } = splitName(wanted.name, subject.texts.virtualServiceName)
    const path = pathOf(config.virtualServices !== undefined, index)
    const answer = lookup(world, virtualService, namespace === '' ? rollout.metadata.namespace ?? '' : namespace, name)
    if (answer.found === 'no') missing.push(invalid(subject, path, name, answer.error))
    else wrong.push(...validateVirtualService(subject, rollout, answer.object))
  }
  return { missing, wrong }
}

function pathOf(several: boolean, index: number): FieldPath {
  const field = child(istio, several ? 'virtualServices' : 'virtualService', 'name').field
  return { field, pointer: child(several ? item(child(istio, 'virtualServices'), index) : child(istio, 'virtualService'), 'name').pointer }
}

/** validation_references.go:370 ValidateVirtualService: found again by name alone, so of two of that name in two namespaces the first wish counts for both. */
function validateVirtualService(subject: Subject, rollout: Rollout, object: KubeObject): readonly ValidationError[] {
  const config = istioConfig(rollout)
  const all = config === undefined ? [] : wantedVirtualServices(config)
  const index = all.findIndex((wanted) => splitName(wanted.name, subject.texts.virtualServiceName).name === object.metadata.name)
  const wanted = all[index]
  if (wanted === undefined) return []
  const path = pathOf(config?.virtualServices !== undefined, index)
  const name = object.metadata.name
  const absent = (['http', 'tls', 'tcp'] as const).every((protocol) => routesOf(object, protocol).read === 'absent')
  return [
    ...(absent ? [invalid(subject, path, name, 'Unable to get any of the HTTP, TCP or TLS routes for the Istio VirtualService')] : []),
    ...(['http', 'tls', 'tcp'] as const).flatMap((protocol) => validateProtocol(subject, rollout, object, wanted, protocol, path)),
  ]
}

function validateProtocol(subject: Subject, rollout: Rollout, object: KubeObject, wanted: WantedVirtualService, protocol: Protocol, path: FieldPath): readonly ValidationError[] {
  const found = routesOf(object, protocol)
  const words = protocol.toUpperCase()
  const name = object.metadata.name
  switch (found.read) {
    case 'absent': return []
    case 'unreadable': return [invalid(subject, path, name, `Unable to get ${words} routes for Istio VirtualService`)]
    case 'yes': break
    default: return found satisfies never
  }
  const verdict = validateRoutes(rollout, protocol, wanted, found.routes, servicesOf(subject, rollout), subject.texts.singleHttpRoute ? 'any-name' : 'unnamed')
  switch (verdict.routes) {
    case 'fine': return []
    case 'wrong': return [invalid(subject, path, name, `Istio VirtualService has invalid ${words} routes. Error: ${verdict.error}`)]
    case 'panic': return [panicked(object, `/spec/${protocol}`, verdict.panic, verdict.in)]
    default: return verdict satisfies never
  }
}

/** service_helper.go:16 GetStableAndCanaryServices, ping-pong not preferred; up to 1.6 Istio knew no ping-pong. */
function servicesOf(subject: Subject, rollout: Rollout): Pair {
  const { stableService = '', canaryService = '', pingPong } = rollout.spec.strategy.canary ?? {}
  if (pingPong === undefined || stableService !== '' || canaryService !== '' || !subject.texts.pingPongRouters.istio) return { stable: stableService, canary: canaryService }
  const { pingService: ping, pongService: pong } = pingPong
  return rollout.status.canary?.stablePingPong === 'ping' ? { stable: ping, canary: pong } : { stable: pong, canary: ping }
}
