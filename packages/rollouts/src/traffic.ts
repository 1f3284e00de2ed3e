import { NIL_POINTER, panic } from './controller-failure.ts'
import { isDynamicRollback } from './dynamic-rollback.ts'
import { isAborted, type Pass, scaleInput } from './pass.ts'
import { availableOf, hashOf, type ReplicaSet, revisionOf } from './replica-set.ts'
import type { TrafficWeights, WeightDestination } from './rollout.ts'
import { routersOf } from './routers/index.ts'
import type { Router, RouterContext } from './routers/router.ts'
import { atDesiredReplicaCounts, currentSetWeight, desiredCanaryWeight, progressThresholdMet } from './scale.ts'
import { ensureServiceTargets } from './services.ts'
import { canaryOf, currentExperimentStep, currentStep, isFullyPromoted, maxTrafficWeight, setWeightUpTo, stepsOf } from './steps.ts'

/** trafficrouting.go:161 reconcileTrafficRouting: one router after the other. */
export function reconcileTrafficRouting(pass: Pass): void {
  const routers = routersOf(pass.rollout)
  if (routers.length === 0) {
    pass.newStatus.weights = undefined
    return
  }
  const context: RouterContext = { rollout: pass.rollout, replicaSets: pass.allRSs, client: pass.client }
  for (const router of routers) if (!routeTraffic(pass, router, context)) return
}

interface Desired { readonly weight: number; readonly additional: readonly WeightDestination[]; readonly canaryHash: string }

// One router; false ends the whole of it, the routers after this one too.
function routeTraffic(pass: Pass, router: Router, context: RouterContext): boolean {
  const { rollout, newRS, stableRS, profile } = pass
  const { weight, additional, canaryHash } = desiredTraffic(pass, router, context)
  const { step } = currentStep(rollout)
  const isLater = revisionOf(rollout) > 1
  // trafficrouting.go:276: not while stable lacks the pods for its share
  if (profile.has.guardsStable && !stableCanTake(pass, maxTrafficWeight(rollout) - weight)) {
    if (isLater && step?.setHeaderRoute?.match !== undefined) pass.client.note({ id: 'header-route-skipped', on: `Rollout ${rollout.metadata.name}` })
    return false
  }
  // trafficrouting.go:281: only in the step itself, and not on the first revision
  if (isLater && step?.setHeaderRoute !== undefined) router.setHeaderRoute(context, step.setHeaderRoute)
  if (isLater && step?.setMirrorRoute !== undefined) router.setMirrorRoute(context, step.setMirrorRoute)
  // trafficrouting.go:297: the weight of an empty canary goes before the hash
  const previous = rollout.status.canary?.weights
  if (profile.has.weightBeforeHash && (newRS === undefined || availableOf(newRS) === 0) && (previous?.canary.weight ?? 0) > 0) router.setWeight(context, weight, additional)
  router.updateHash(context, canaryHash, hashOf(stableRS), additional)
  router.setWeight(context, weight, additional)
  const next = weightStatus(pass, { weight, additional, canaryHash })
  if (next !== undefined) pass.newStatus.weights = next
  const verified = router.verifyWeight(context, weight, additional)
  if (pass.newStatus.weights !== undefined) pass.newStatus.weights = { ...pass.newStatus.weights, verified }
  return true
}

// trafficrouting.go:185: the first row that fits decides
function desiredTraffic(pass: Pass, router: Router, context: RouterContext): Desired {
  const { rollout, newRS, profile } = pass
  const canaryHash = hashOf(newRS)
  const rollback = isDynamicRollback(pass)
  if (rollback !== undefined) return { weight: weightOnAbort(pass), additional: [], canaryHash: rollback }
  if (isFullyPromoted(rollout)) {
    router.removeManagedRoutes(context)
    return { weight: 0, additional: [], canaryHash }
  }
  if (isAborted(pass)) {
    const weight = weightOnAbort(pass)
    if (canaryOf(rollout).dynamicStableScale !== true || weight === 0) ensureServiceTargets(pass, canaryOf(rollout).canaryService, pass.stableRS, 'unchecked')
    router.removeManagedRoutes(context)
    return { weight, additional: [], canaryHash }
  }
  if (newRS === undefined || availableOf(newRS) === 0) {
    const additional = experimentDestinations(pass)
    if (profile.has.removesRoutesWithoutCanary) router.removeManagedRoutes(context)
    return { weight: 0, additional, canaryHash }
  }
  if (rollout.status.promoteFull === true) {
    router.removeManagedRoutes(context)
    return { weight: weightOnFullPromotion(pass, newRS), additional: [], canaryHash }
  }
  return { ...weightOfSteps(pass), canaryHash }
}

function weightOnFullPromotion({ rollout }: Pass, newRS: ReplicaSet): number {
  if (canaryOf(rollout).dynamicStableScale !== true) return rollout.status.canary?.weights?.canary.weight ?? 0
  return divide(maxTrafficWeight(rollout) * availableOf(newRS), rollout.spec.replicas as number, 'rollout.(*rolloutContext).reconcileTrafficRouting')
}

function divide(a: number, b: number, goFunction: string): number {
  return b === 0 ? panic('runtime error: integer divide by zero', goFunction) : Math.trunc(a / b)
}

// trafficrouting.go:248: of the steps before the current one while pods are missing, of the steps up to it once they are there
function weightOfSteps(pass: Pass): Omit<Desired, 'canaryHash'> {
  const { rollout } = pass
  const { index } = currentStep(rollout)
  if (index === undefined) return { weight: 0, additional: [] }
  if (!atDesiredReplicaCounts(scaleInput(pass), undefined)) return { weight: setWeightUpTo(rollout, index - 1), additional: experimentDestinations(pass) }
  if (index !== stepsOf(rollout).length) return { weight: currentSetWeight(rollout), additional: experimentDestinations(pass) }
  return { weight: maxTrafficWeight(rollout), additional: [] }
}

// trafficrouting.go checkReplicasAvailable
function stableCanTake(pass: Pass, weight: number): boolean {
  const { rollout, stableRS, profile } = pass
  if (stableRS === undefined) return false
  const max = profile.has.replicaProgressThreshold ? maxTrafficWeight(rollout) : 100
  const desired = Math.trunc((weight * (rollout.spec.replicas as number)) / max)
  return availableOf(stableRS) >= desired || (profile.has.replicaProgressThreshold && progressThresholdMet(scaleInput(pass), stableRS, desired))
}

// trafficrouting.go calculateDesiredWeightOnAbortOrStableRollback
function weightOnAbort(pass: Pass): number {
  const { rollout, stableRS, newRS, profile } = pass
  const replicas = rollout.spec.replicas
  if (canaryOf(rollout).dynamicStableScale !== true) return 0
  const stepwise = profile.has.stepwiseAbort
  if (stepwise && (stableRS === undefined || newRS === undefined || replicas === undefined || replicas === 0)) return 0
  const goFunction = 'rollout.(*rolloutContext).calculateDesiredWeightOnAbortOrStableRollback'
  if (stableRS === undefined) return panic(NIL_POINTER, goFunction)
  const max = maxTrafficWeight(rollout)
  const current = rollout.status.canary?.weights?.canary.weight
  const stableShare = divide(max * availableOf(stableRS), replicas as number, goFunction)
  const expected = profile.has.clampsDynamicWeight ? Math.max(0, max - stableShare) : max - stableShare
  if (!stepwise) return current === undefined ? expected : Math.min(expected, current)
  const desired = desiredCanaryWeight(scaleInput(pass))
  if (current === undefined) return Math.max(expected, desired)
  if (desired <= 0) return Math.min(expected, current)
  return stableShare < max - desired ? current : Math.min(desired, current)
}

// trafficrouting.go calculateWeightStatus; undefined where nothing differs
function weightStatus(pass: Pass, { weight, additional, canaryHash }: Desired): TrafficWeights | undefined {
  const { rollout, stableRS } = pass
  const { canaryService, stableService } = canaryOf(rollout)
  const rest = additional.reduce((share, destination) => share - destination.weight, maxTrafficWeight(rollout) - weight)
  const next: TrafficWeights = {
    canary: destination(weight, canaryHash, canaryService), stable: destination(rest, hashOf(stableRS), stableService), ...(additional.length === 0 ? {} : { additional }),
  }
  const previous = rollout.status.canary?.weights
  const same = previous !== undefined && isSame(previous.canary, next.canary) && isSame(previous.stable, next.stable)
    && (previous.additional ?? []).length === additional.length && additional.every((other, i) => isSame(other, previous.additional?.[i]))
  return same ? undefined : next
}

function destination(weight: number, podTemplateHash: string, serviceName: string | undefined): WeightDestination {
  return { weight, ...(podTemplateHash === '' ? {} : { podTemplateHash }), ...(serviceName === undefined || serviceName === '' ? {} : { serviceName }) }
}

function isSame(a: WeightDestination, b: WeightDestination | undefined): boolean {
  return b !== undefined && a.weight === b.weight && (a.podTemplateHash ?? '') === (b.podTemplateHash ?? '') && (a.serviceName ?? '') === (b.serviceName ?? '')
}

// trafficrouting.go calculateWeightDestinationsFromExperiment
function experimentDestinations(pass: Pass): readonly WeightDestination[] {
  const step = currentExperimentStep(pass.rollout)
  const experiment = pass.currentExperiment
  if (step === undefined || experiment?.status?.phase !== 'Running') return []
  return (experiment.status.templateStatuses ?? []).flatMap(({ name, serviceName, podTemplateHash }) => {
    const weight = step.templates?.find((template) => template.name === name)?.weight
    if (weight !== undefined) return [destination(weight, podTemplateHash ?? '', serviceName)]
    return pass.profile.has.skipsWeightlessTemplates ? [] : panic(NIL_POINTER, 'rollout.(*rolloutContext).calculateWeightDestinationsFromExperiment')
  })
}
