import type { RolloutSpec, RolloutStatus } from './rollout.ts'

/** utils/rollout/rolloututil.go CalculateRolloutPhase. */
export function phaseOf(spec: RolloutSpec, status: RolloutStatus): { readonly phase: string; readonly message: string } {
  for (const condition of status.conditions ?? []) {
    if (condition.type === 'InvalidSpec') return { phase: 'Degraded', message: `InvalidSpec: ${condition.message}` }
    if (condition.reason === 'RolloutAborted' || condition.reason === 'ProgressDeadlineExceeded') return { phase: 'Degraded', message: `${condition.reason}: ${condition.message}` }
  }
  if (spec.paused === true) return { phase: 'Paused', message: 'manually paused' }
  const pause = status.pauseConditions?.[0]
  if (pause !== undefined) return { phase: 'Paused', message: pause.reason }
  const waits = waitsFor(spec, status)
  return waits === undefined ? { phase: 'Healthy', message: '' } : { phase: 'Progressing', message: waits }
}

function waitsFor(spec: RolloutSpec, status: RolloutStatus): string | undefined {
  if (spec.restartAt !== undefined && (status.restartedAt === undefined || Date.parse(spec.restartAt) !== Date.parse(status.restartedAt))) return 'rollout is restarting'
  if ((status.updatedReplicas ?? 0) < (spec.replicas ?? 1)) return 'more replicas need to be updated'
  if ((status.availableReplicas ?? 0) < (status.updatedReplicas ?? 0)) return 'updated replicas are still becoming available'
  const { blueGreen, canary } = spec.strategy
  const stable = status.stableRS ?? ''
  const promoted = stable !== '' && stable === (status.currentPodHash ?? '')
  if (blueGreen !== undefined) {
    const active = status.blueGreen?.activeSelector ?? ''
    if (active === '' || active !== (status.currentPodHash ?? '')) return 'active service cutover pending'
    if (promoted) return undefined
    return blueGreen.postPromotionAnalysis !== undefined && !isDone(status.blueGreen?.postPromotionAnalysisRunStatus?.status)
      ? 'waiting for analysis to complete' : 'waiting for post-promotion verification to complete'
  }
  if (canary === undefined) return undefined
  if (canary.trafficRouting === undefined && (status.replicas ?? 0) > (status.updatedReplicas ?? 0)) return 'old replicas are pending termination'
  return promoted ? undefined : 'waiting for all steps to complete'
}

/** AnalysisPhase.Completed. */
export function isDone(phase: string | undefined): boolean {
  return phase === 'Successful' || phase === 'Failed' || phase === 'Error' || phase === 'Inconclusive'
}
