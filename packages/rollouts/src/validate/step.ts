import type { CanaryStep, CanaryStrategy, Rollout, TrafficRouting } from '../rollout.ts'
import { pauseSeconds } from './duration.ts'
import { child, type FieldPath, item } from './field-path.ts'
import { setMirrorRoute as setMirrorRouteType } from './go-types.ts'
import { validateHeaderRoute, validateMatchValue } from './header-route.ts'
import { hasPlugins } from './plugins.ts'
import { validateStepArguments } from './step-arguments.ts'
import { invalid, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

/** validation.go:315: what ValidateRolloutStrategyCanary says of one step. */
export function validateStep(subject: Subject, rollout: Rollout, canary: CanaryStrategy, step: CanaryStep, index: number): readonly ValidationError[] {
  const strategy: FieldPath = { field: 'spec.strategy', pointer: '/spec/strategy/canary' }
  const path = item(child(strategy, 'steps'), index)
  const routing = canary.trafficRouting
  return [
    ...validateKinds(subject, step, path),
    ...validateNumbers(subject, canary, step, path),
    ...(step.setCanaryScale !== undefined && routing === undefined
      ? [withoutValue(subject, child(strategy, 'trafficRouting'), 'Required value', 'SetCanaryScale requires TrafficRouting to be set')] : []),
    ...validateHeaderRoute(subject, routing, step, path),
    ...validateMirrorRoute(subject, routing, step, path),
    ...validateManagedRoutes(subject, routing, step, strategy, path),
    ...validateExperimentWeights(subject, routing, step, path),
    ...validateStepArguments(subject, rollout, step, path),
  ]
}

/** validation.go:491 hasMultipleStepsType, and the empty step */
function validateKinds(subject: Subject, step: CanaryStep, path: FieldPath): readonly ValidationError[] {
  const has = (kind: keyof CanaryStep): boolean => step[kind] !== undefined
  const exclusive = (['setWeight', 'pause', 'experiment', 'analysis'] as const).filter(has)
  if (exclusive.length > 1) {
    const value = `step.Experiment: ${has('experiment')} step.Pause: ${has('pause')} step.SetWeight: ${has('setWeight')} step.Analysis: ${has('analysis')}`
    return [invalid(subject, path, value, subject.texts.stepKinds)]
  }
  const others = (['setCanaryScale', 'setHeaderRoute', 'setMirrorRoute'] as const).some(has) || (subject.texts.stepPlugins && has('plugin'))
  return exclusive.length === 0 && !others ? [invalid(subject, path, subject.texts.emptyStep, subject.texts.stepKinds)] : []
}

function validateNumbers(subject: Subject, canary: CanaryStrategy, step: CanaryStep, path: FieldPath): readonly ValidationError[] {
  const most = canary.trafficRouting?.maxTrafficWeight ?? 100
  const errors: ValidationError[] = []
  if (step.setWeight !== undefined && (step.setWeight < 0 || step.setWeight > most)) {
    errors.push(invalid(subject, child(path, 'setWeight'), step.setWeight, `SetWeight needs to be between 0 and ${most}`))
  }
  const seconds = step.pause === undefined ? 0 : pauseSeconds(step.pause.duration)
  if (seconds < 0) errors.push(invalid(subject, child(path, 'pause', 'duration'), seconds, 'Duration needs to be greater than 0'))
  return errors
}

function validateMirrorRoute(subject: Subject, routing: TrafficRouting | undefined, step: CanaryStep, path: FieldPath): readonly ValidationError[] {
  const route = step.setMirrorRoute
  if (route === undefined) return []
  const { text, plugins } = subject.texts.mirrorRoute
  const supported = routing !== undefined && (routing['istio'] !== undefined || (plugins && hasPlugins(routing)))
  const at = child(path, 'setMirrorRoute')
  const errors = supported ? [] : [invalid(subject, at, { value: route, type: setMirrorRouteType }, text)]
  for (const [index, match] of (route.match ?? []).entries()) {
    // validation.go:362: the method is looked at twice, the headers never.
    for (const key of ['method', 'path', 'method'] as const) {
      const value = match[key]
      const place = item(child(at, 'match'), index)
      if (value !== undefined) errors.push(...validateMatchValue(subject, value, { field: place.field, pointer: child(place, key).pointer }))
    }
  }
  return errors
}

function validateManagedRoutes(subject: Subject, routing: TrafficRouting | undefined, step: CanaryStep, strategy: FieldPath, path: FieldPath): readonly ValidationError[] {
  if (routing === undefined || (step.setHeaderRoute === undefined && step.setMirrorRoute === undefined)) return []
  const managed = routing.managedRoutes
  if (managed === undefined) {
    const text = "Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'"
    return [withoutValue(subject, child(strategy, 'trafficRouting', 'managedRoutes'), 'Required value', text)]
  }
  return (['setHeaderRoute', 'setMirrorRoute'] as const).flatMap((kind) => {
    const route = step[kind]
    const name = route?.name ?? ''
    if (route === undefined || managed.some((known) => known.name === name)) return []
    return [invalid(subject, child(path, kind), name, 'Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes')]
  })
}

function validateExperimentWeights(subject: Subject, routing: TrafficRouting | undefined, step: CanaryStep, path: FieldPath): readonly ValidationError[] {
  const { text, plugins } = subject.texts.experimentWeight
  const supported = routing !== undefined && (routing.alb !== undefined || routing['smi'] !== undefined || routing['istio'] !== undefined || (plugins && hasPlugins(routing)))
  if (supported) return []
  return (step.experiment?.templates ?? []).flatMap((template, index) => template.weight === undefined ? [] : [
    invalid(subject, child(item(child(path, 'experiment', 'templates'), index), 'weight'), template.weight,
      routing === undefined ? 'Experiment template weight cannot be set unless TrafficRouting is enabled' : text),
  ])
}
