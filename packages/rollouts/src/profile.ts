import { RolloutsError } from './rollouts-error.ts'

/** What differs between two controller versions, one line each: the minor version since which it is so. Read from the diffs of the recorded tags and held to their walks. */
const since = {
  // 1.6.6 -> 1.7.2
  maxTrafficWeight: '1.7', // types.go: spec.strategy.canary.trafficRouting.maxTrafficWeight is known
  mergesHeaderConditions: '1.7', // alb.go upsertCondition: values of one header name share a condition
  skipsWeightlessTemplates: '1.7', // trafficrouting.go calculateWeightDestinationsFromExperiment: no nil dereference
  clampsDynamicWeight: '1.7', // trafficrouting.go: max(0, ...) of the weight on abort
  scalesBlueGreenStable: '1.7', // bluegreen.go reconcileBlueGreenStableReplicaSet: stableRS, not the ReplicaSet of the active Service
  waitsForScaleDown: '1.7', // sync.go isWaitingForReplicaSetScaleDown holds the progress deadline
  skipsNotifiedAnnotation: '1.7', // annotations.go annotationsToSkip
  scalesReferencedDeployment: '1.7', // replicaset.go, sync.go: workloadRef.scaleDown
  endsRunOfEarlierStep: '1.7', // analysis.go reconcileStepBasedAnalysisRun: a promoted analysis step does not leave its run to the next one
  windowStopsAnalysis: '1.7', // analysis.go reconcileAnalysisRuns: within the rollback window
  ignoresEmptyBackground: '1.7', // analysis.go reconcileBackgroundAnalysisRun: no templates, no run
  syncsMetadataByHelper: '1.7', // ephemeralmetadata.go syncEphemeralMetadata: the words of the error
  // 1.7.2 -> 1.8.5
  validatesFirst: '1.8', // controller.go newRolloutContext: validation and the new ReplicaSet before anything else; a field error is returned
  removesRoutesWithoutCanary: '1.8', // trafficrouting.go: RemoveManagedRoutes while no canary pod is available
  guardsStable: '1.8', // trafficrouting.go checkReplicasAvailable: no SetHeaderRoute and SetWeight while stable is short
  makesAnnotations: '1.8', // alb.go getDesiredAnnotations: an Ingress without annotations is no panic
  ignoresMiddleScaling: '1.8', // sync.go isScalingEvent: only the new and the stable ReplicaSet
  keepsCompletedProgress: '1.8', // sync.go checkPausedConditions: not once completed
  pausedIsIndefinite: '1.8', // sync.go isIndefiniteStep, conditions.go RolloutTimedOut: a paused Rollout does not time out
  shortEscapes: '1.8', // encoding/json of Go 1.22 and newer: \b and \f
  namesFailedReplicaSet: '1.8', // controller.go updateReplicaSet: the error says which ReplicaSet
  stepPlugins: '1.8', // canary.go: plugin steps
  keepsStartedAnalysis: '1.8', // analysis.go skipPrePromotionAnalysisRun, needsNewAnalysisRun
  // 1.8.5 -> 1.9.3
  replicaProgressThreshold: '1.9', // types.go and utils/replicaset/canary.go; the guard honours maxTrafficWeight too
  weightBeforeHash: '1.9', // trafficrouting.go: SetWeight before UpdateHash when the canary is empty
  stepwiseAbort: '1.9', // utils/replicaset/canary.go GetDesiredCanaryWeight
  promotesOverscaled: '1.9', // sync.go shouldFullPromote: more pods than wanted do not block
  explainsAborts: '1.9', // analysis.go, experiment.go: what aborted is part of the message
  ignoresEmptyAnalysis: '1.9', // analysis.go: no templates, no run
  promoteFullUnpauses: '1.9', // promote.go: --full also takes spec.paused back
  scalesDeploymentToZero: '1.9', // replicaset.go: progressively, and 0 once healthy
  stableKeptByDestinationRule: '1.9', // replicaset.go isReplicaSetReferencedByIstioDestinationRule
  // 1.9.3 -> 1.10.2
  capsMinPods: '1.10', // utils/replicaset/canary.go CheckMinPodsPerReplicaSet
  conditionsAfterPause: '1.10', // sync.go persistRolloutStatus: deadline abort, then pause status, then conditions
  stopsAfterOwnWrite: '1.10', // controller.go, context.go: a sync that wrote the Rollout ends there
  forgetsRemovedDeadline: '1.10', // replicaset.go removeScaleDownDelay: not written back by a later update
  syncsDesiredReplicas: '1.10', // replicaset.go syncNewRSReplicasAnnotation
  fastRollback: '1.10', // sync.go isFastRollback
  // The other routers, by the diffs of rollout/trafficrouting
  knowsIstioPingPong: '1.7', // istio.go: GetStableAndCanaryServices
  renamesMappingService: '1.7', // ambassador.go buildCanaryService: the stable service's name is replaced; before, only the port was kept
  keepsForeignIngressAnnotations: '1.8', // nginx.go getDesiredAnnotations, and canaryIngressAnnotations
  patchesSingleNamedRoute: '1.8', // istio.go getHttpRouteIndexesToPatch: the only route needs no empty name (1.8.3)
  waitsForSubsets: '1.8', // istio.go UpdateHash: not while a ReplicaSet that gets traffic lacks pods
  failsWhileWaitingForSubsets: '1.9', // istio.go UpdateHash: and that is an error
  knowsAdditionalSubsets: '1.9', // istio.go processRoutes: additionalSubsetNames, and no weight below 0
  removesStepRoutes: '1.10', // istio.go RemoveManagedRoutes: routes named in steps too; a missing VirtualService is passed over
  splitsDottedNames: '1.10', // utils/istio GetVirtualServiceNamespaceName
  usesTraefikIo: '1.10', // utils/defaults DefaultTraefikAPIGroup
} as const

export type Behaviour = keyof typeof since

/** What one controller version does. `has` answers for each behaviour that differs between versions. */
export interface RolloutsProfile {
  readonly version: string
  readonly has: Readonly<Record<Behaviour, boolean>>
}

/** The versions whose walks are recorded, newest first. */
export const rolloutsVersions: readonly string[] = ['v1.10.2', 'v1.9.3', 'v1.8.5', 'v1.7.2', 'v1.6.6']

/**
 * The profile of a version such as `v1.9`, `1.9.1` or `v1.10.2`. Only a recorded version is `recorded`; for any other one `standsIn` names the recorded version whose
 * behaviour is used: that of the same minor version, else the nearest older one, else the oldest. Throws `unknown-version` for a text that is no version.
 */
export function rolloutsProfile(version: string): { readonly profile: RolloutsProfile; readonly recorded: boolean; readonly standsIn?: string } {
  const wanted = parseVersion(version)
  if (wanted === undefined) {
    throw new RolloutsError('unknown-version', `not an Argo Rollouts version: ${JSON.stringify(version)}`, { hint: `recorded: ${rolloutsVersions.join(', ')}` })
  }
  // A version of two parts means its newest recorded patch.
  const exact = rolloutsVersions.find((recorded) => recorded === `v${wanted.text}` || (/^\d+\.\d+$/.test(wanted.text) && recorded.startsWith(`v${wanted.text}.`)))
  if (exact !== undefined) return { profile: profileOf(exact), recorded: true }
  const standsIn = rolloutsVersions.find((recorded) => minorOf(recorded) <= wanted.minor) ?? (rolloutsVersions.at(-1) as string)
  return { profile: profileOf(standsIn), recorded: false, standsIn }
}

function parseVersion(text: string): { readonly text: string; readonly minor: number } | undefined {
  const match = /^v?(1)\.(\d{1,4})(?:\.(\d{1,6})(?:-[0-9A-Za-z.-]{1,40})?(?:\+[0-9A-Za-z.-]{1,40})?)?$/.exec(text.trim())
  return match === null ? undefined : { text: text.trim().replace(/^v/, ''), minor: Number(match[2]) }
}

function minorOf(version: string): number {
  return Number(/^v?1\.(\d+)/.exec(version)?.[1])
}

const profiles = new Map<string, RolloutsProfile>()

/** `version` is a recorded one. */
function profileOf(version: string): RolloutsProfile {
  const known = profiles.get(version) ?? makeProfile(version)
  profiles.set(version, known)
  return known
}

function makeProfile(version: string): RolloutsProfile {
  const minor = minorOf(version)
  const has = Object.fromEntries(Object.entries(since).map(([behaviour, first]) => [behaviour, minorOf(first) <= minor])) as Record<Behaviour, boolean>
  return { version, has }
}
