import { isHalted, type Pass } from './pass.ts'
import { isBlueGreenPauseOver, pauseCondition } from './pause.ts'
import { isFastRollback, isPrePromotionDone } from './promote.ts'
import { newReplicaCount } from './new-replica-count.ts'
import { availableOf, HASH_LABEL, hashOf, hasScaleDownDeadline, type ReplicaSet } from './replica-set.ts'
import type { Service } from './services.ts'

/** utils/replicaset/bluegreen.go ReadyForPause. */
export function isReadyForPause(pass: Pass): boolean {
  const count = newReplicaCount(pass, undefined)
  const newRS = pass.newRS as ReplicaSet
  return newRS.spec.replicas === count && availableOf(newRS) === count
}

/** bluegreen.go isBlueGreenFastTracked. */
export function isBlueGreenFastTracked(pass: Pass, active: Service): boolean {
  const fast = pass.profile.has.fastRollback ? isFastRollback(pass) : hasScaleDownDeadline(pass.newRS)
  const selected = active.spec.selector?.[HASH_LABEL]
  return fast || pass.rollout.status.promoteFull === true || selected === undefined || selected === hashOf(pass.newRS)
}

/** bluegreen.go reconcileBlueGreenPause. */
export function reconcileBlueGreenPause(pass: Pass, active: Service): void {
  const { rollout, pause } = pass
  const blueGreen = rollout.spec.strategy.blueGreen
  if (blueGreen === undefined || rollout.status.abort === true || !isReadyForPause(pass) || isHalted(pass)) return
  const needsPause = blueGreen.autoPromotionEnabled === false || (blueGreen.autoPromotionSeconds ?? 0) > 0
  if (isBlueGreenFastTracked(pass, active) || rollout.status.blueGreen?.scaleUpPreviewCheckPoint === true || !needsPause) {
    pause.drop.add('BlueGreenPause')
    return
  }
  if (!isPrePromotionDone(pass)) return
  if (pauseCondition(rollout, 'BlueGreenPause') !== undefined) {
    if (isBlueGreenPauseOver(pass)) pause.drop.add('BlueGreenPause')
  } else if (rollout.status.controllerPause !== true) pause.add.add('BlueGreenPause')
}
