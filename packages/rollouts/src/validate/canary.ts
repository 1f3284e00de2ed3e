import type { CanaryStrategy, Rollout } from '../rollout.ts'
import { validateAntiAffinity } from './anti-affinity.ts'
import { child, type FieldPath } from './field-path.ts'
import { intOrString } from './go-types.ts'
import { hasPlugins } from './plugins.ts'
import { validateStep } from './step.ts'
import { invalid, type Subject, type ValidationError } from './validation-error.ts'

/** validation.go:263 ValidateRolloutStrategyCanary. The controller leaves `canary` out of every field it names. */
export function validateCanary(subject: Subject, rollout: Rollout): readonly ValidationError[] {
  const canary = rollout.spec.strategy.canary
  if (canary === undefined) return []
  const path: FieldPath = { field: 'spec.strategy', pointer: '/spec/strategy/canary' }
  return [
    ...validateSurge(subject, canary, path),
    ...validateServices(subject, canary, path),
    ...validateRoutingFields(subject, canary, path),
    ...(canary.steps ?? []).flatMap((step, index) => validateStep(subject, rollout, canary, step, index)),
    ...validateAntiAffinity(subject, canary['antiAffinity'], child(path, 'antiAffinity')),
  ]
}

/** validation.go:460 invalidMaxSurgeMaxUnavailable */
function validateSurge(subject: Subject, canary: CanaryStrategy, path: FieldPath): readonly ValidationError[] {
  const surge = canary.maxSurge ?? '25%'
  if (intOrPercent(surge) !== 0 || intOrPercent(canary.maxUnavailable ?? '25%') !== 0) return []
  return [invalid(subject, child(path, 'maxSurge'), { value: surge, type: intOrString }, 'MaxSurge and MaxUnavailable both can not be zero')]
}

/** validation.go:483 getIntOrPercentValue: what is no number counts as 0. */
function intOrPercent(value: string | number): number {
  if (typeof value === 'number') return value
  const digits = /^[0-9]+%$/.test(value) ? value.slice(0, -1) : value
  return /^[+-]?[0-9]+$/.test(digits) ? Number(digits) : 0
}

function validateServices(subject: Subject, canary: CanaryStrategy, path: FieldPath): readonly ValidationError[] {
  const { canaryService = '', stableService = '' } = canary
  const errors: ValidationError[] = []
  if (canaryService !== '' && canaryService === stableService) {
    errors.push(invalid(subject, child(path, 'stableService'), stableService,
      'This rollout uses the same service for the stable and canary services, but two different services are required.'))
  }
  errors.push(...validatePingPong(subject, canary, path))
  if (needsServices(subject, canary)) {
    const text = 'Canary service and Stable service must to be set to use Traffic Routing'
    if (stableService === '') errors.push(invalid(subject, child(path, 'stableService'), '', text))
    if (canaryService === '') errors.push(invalid(subject, child(path, 'canaryService'), '', text))
  }
  return errors
}

function validatePingPong(subject: Subject, canary: CanaryStrategy, path: FieldPath): readonly ValidationError[] {
  const { pingPong, trafficRouting: routing } = canary
  if (pingPong === undefined) return []
  const { pingService, pongService } = pingPong
  const ping = child(path, 'pingPong', 'pingService')
  const routers = subject.texts.pingPongRouters
  const missing = 'Ping service and Pong service must to be set to use Ping-Pong feature'
  const errors: ValidationError[] = []
  if (routing !== undefined && routing.alb === undefined && !(routers.istio && routing['istio'] !== undefined) && !(routers.plugins && hasPlugins(routing))) {
    errors.push(invalid(subject, child(path, 'trafficRouting', 'alb'), null, routers.text))
  }
  if (pingService === '') errors.push(invalid(subject, ping, '', missing))
  if (pongService === '') errors.push(invalid(subject, child(path, 'pingPong', 'pongService'), '', missing))
  if (pingService === pongService) {
    errors.push(invalid(subject, ping, pingService, 'This rollout uses the same service for the ping and pong services, but two different services are required.'))
  }
  if (routing?.alb !== undefined && (routing.alb.rootService ?? '') === '') {
    errors.push(invalid(subject, child(path, 'trafficRouting', 'alb', 'rootService'), '',
      'Root service field is required for the configuration with ALB and ping-pong feature enabled'))
  }
  return errors
}

/** validation.go:241 requireCanaryStableServices */
function needsServices(subject: Subject, canary: CanaryStrategy): boolean {
  const routing = canary.trafficRouting
  if (routing === undefined) return false
  const istio = routing['istio'] as { readonly destinationRule?: unknown } | undefined
  if (subject.texts.servicesNeeded === 'all-but-subsets') return istio?.destinationRule === undefined && canary.pingPong === undefined
  const plain = canary.pingPong === undefined
  return (routing.alb !== undefined && plain) || (istio !== undefined && istio.destinationRule === undefined && plain) ||
    ['smi', 'apisix', 'ambassador', 'nginx', 'appMesh', 'traefik'].some((router) => routing[router] !== undefined)
}

function validateRoutingFields(subject: Subject, canary: CanaryStrategy, path: FieldPath): readonly ValidationError[] {
  const { scaleDownDelaySeconds: delay, dynamicStableScale: dynamic = false, trafficRouting: routing } = canary
  const errors: ValidationError[] = []
  if (routing === undefined) {
    if (delay !== undefined) errors.push(invalid(subject, child(path, 'scaleDownDelaySeconds'), delay, 'Canary scaleDownDelaySeconds can only be used with traffic routing'))
    if (dynamic) errors.push(invalid(subject, child(path, 'dynamicStableScale'), true, 'Canary dynamicStableScale can only be used with traffic routing'))
    return errors
  }
  if (delay !== undefined && dynamic) {
    errors.push(invalid(subject, child(path, 'dynamicStableScale'), true, 'Canary dynamicStableScale cannot be used with scaleDownDelaySeconds'))
  }
  if (subject.texts.maxTrafficWeight && routing.maxTrafficWeight !== undefined && routing['nginx'] === undefined && !hasPlugins(routing)) {
    errors.push(invalid(subject, child(path, 'trafficRouting', 'maxTrafficWeight'), routing.maxTrafficWeight,
      'Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins'))
  }
  return errors
}
