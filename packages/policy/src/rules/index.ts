import type { Rule } from '../rule.ts'
import anchorInStep from './anchor-in-step.ts'
import canaryRests from './canary-rests.ts'
import canaryScaleSticks from './canary-scale-sticks.ts'
import controllerRuns from './controller-runs.ts'
import driftCovered from './drift-covered.ts'
import expressionOnOneLine from './expression-on-one-line.ts'
import expressionParses from './expression-parses.ts'
import expressionRuns from './expression-runs.ts'
import expressionSymmetric from './expression-symmetric.ts'
import firstStepHeaderRoute from './first-step-header-route.ts'
import fixedImage from './fixed-image.ts'
import headerRouteAfterPods from './header-route-after-pods.ts'
import imageCompared from './image-compared.ts'
import imageHasSite from './image-has-site.ts'
import liveApplicationAsInGit from './live-application-as-in-git.ts'
import liveComparesSynced from './live-compares-synced.ts'
import liveMadeByControllers from './live-made-by-controllers.ts'
import liveSyncKeepsCanary from './live-sync-keeps-canary.ts'
import managedRouteDeclared from './managed-route-declared.ts'
import managedRouteIsAService from './managed-route-is-a-service.ts'
import managedRouteUnused from './managed-route-unused.ts'
import managerOnIngress from './manager-on-ingress.ts'
import noLostRoute from './no-lost-route.ts'
import noReplaceSync from './no-replace-sync.ts'
import pauseIsTold from './pause-is-told.ts'
import projectExists from './project-exists.ts'
import projectPermits from './project-permits.ts'
import replicasWithAutoscaler from './replicas-with-autoscaler.ts'
import respectWithoutOutOfSyncOnly from './respect-without-out-of-sync-only.ts'
import rolloutValid from './rollout-valid.ts'
import routeReachesCanary from './route-reaches-canary.ts'
import ruleMatchesNothing from './rule-matches-nothing.ts'
import ruleTooBroad from './rule-too-broad.ts'
import selectorHashInGit from './selector-hash-in-git.ts'
import unusedSuppression from './unused-suppression.ts'
import updaterUndoesRevert from './updater-undoes-revert.ts'
import useAnnotationWithoutAction from './use-annotation-without-action.ts'
import weightsInGit from './weights-in-git.ts'
import windowLetsRevert from './window-lets-revert.ts'

/** Every rule, by id. */
export const rules: readonly Rule[] = [
  anchorInStep,
  canaryRests,
  canaryScaleSticks,
  controllerRuns,
  driftCovered,
  expressionOnOneLine,
  expressionParses,
  expressionRuns,
  expressionSymmetric,
  firstStepHeaderRoute,
  fixedImage,
  headerRouteAfterPods,
  imageCompared,
  imageHasSite,
  liveApplicationAsInGit,
  liveComparesSynced,
  liveMadeByControllers,
  liveSyncKeepsCanary,
  managedRouteDeclared,
  managedRouteIsAService,
  managedRouteUnused,
  managerOnIngress,
  noLostRoute,
  noReplaceSync,
  pauseIsTold,
  projectExists,
  projectPermits,
  replicasWithAutoscaler,
  respectWithoutOutOfSyncOnly,
  rolloutValid,
  routeReachesCanary,
  ruleMatchesNothing,
  ruleTooBroad,
  selectorHashInGit,
  unusedSuppression,
  updaterUndoesRevert,
  useAnnotationWithoutAction,
  weightsInGit,
  windowLetsRevert,
]
