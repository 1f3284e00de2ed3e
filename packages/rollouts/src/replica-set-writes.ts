import { rfc3339, secondsOf } from './clock.ts'
import { abortScaleDownDelay } from './delays.ts'
import { mapOf } from './map-of.ts'
import { isAborted, type Pass, refIn, updateReplicaSet } from './pass.ts'
import { DESIRED_REPLICAS, hasScaleDownDeadline, type ReplicaSet, SCALE_DOWN_DEADLINE } from './replica-set.ts'
import { canaryOf, replicasOf } from './steps.ts'

/** A ReplicaSet with another annotation; undefined removes it. */
export function withAnnotation(rs: ReplicaSet, key: string, value: string | undefined): ReplicaSet {
  const rest = Object.entries(rs.metadata.annotations ?? {}).filter(([other]) => other !== key)
  return { ...rs, metadata: { ...rs.metadata, annotations: mapOf(value === undefined ? rest : [...rest, [key, value]]) } }
}

/** utils/annotations ReplicasAnnotationsNeedUpdate. */
export function needsDesiredReplicas(pass: Pass, rs: ReplicaSet): boolean {
  const replicas = replicasOf(pass.rollout)
  return rs.metadata.annotations?.[DESIRED_REPLICAS] !== String(replicas) || (replicas === 0 && hasScaleDownDeadline(rs))
}

/** sync.go scaleReplicaSet: `scaled` where spec.replicas changed; `rs` is what the API server then holds, and nothing else in the pass changes. */
export function scaleReplicaSet(pass: Pass, rs: ReplicaSet, replicas: number): { readonly scaled: boolean; readonly rs: ReplicaSet } {
  const resize = rs.spec.replicas !== replicas
  if (!resize && !needsDesiredReplicas(pass, rs)) return { scaled: false, rs }
  let next = withAnnotation({ ...rs, spec: { ...rs.spec, replicas } }, DESIRED_REPLICAS, String(replicasOf(pass.rollout)))
  if (replicas === 0 && !delaysScaleDownOnAbort(pass)) next = withAnnotation(next, SCALE_DOWN_DEADLINE, undefined)
  return { scaled: resize, rs: updateReplicaSet(pass, next) }
}

/** replicaset.go shouldDelayScaleDownOnAbort. */
export function delaysScaleDownOnAbort(pass: Pass): boolean {
  const { rollout, stableRS } = pass
  if (!isAborted(pass) || stableRS === undefined) return false
  if (rollout.spec.strategy.canary !== undefined && canaryOf(rollout).trafficRouting === undefined) return false
  const { delay, given } = abortScaleDownDelay(rollout)
  return delay !== 'never' && !(canaryOf(rollout).dynamicStableScale === true && !given)
}

/** replicaset.go removeScaleDownDelay; answers the copy to go on with: since 1.10 without the annotation, before with it, so that a later update writes it back. */
export function removeScaleDownDelay(pass: Pass, rs: ReplicaSet): ReplicaSet {
  if (!hasScaleDownDeadline(rs)) return rs
  const patch = `[{ "op": "remove", "path": "/metadata/annotations/${SCALE_DOWN_DEADLINE}"}]`
  pass.client.patch(refIn(pass, 'ReplicaSet', 'apps', rs.metadata.name), 'json', patch)
  return pass.profile.has.forgetsRemovedDeadline ? withAnnotation(rs, SCALE_DOWN_DEADLINE, undefined) : rs
}

/** replicaset.go addScaleDownDelay. */
export function addScaleDownDelay(pass: Pass, rs: ReplicaSet, seconds: number): void {
  if (seconds === 0) {
    removeScaleDownDelay(pass, rs)
    return
  }
  const deadline = rfc3339(pass.now + seconds)
  const patch = `[{ "op": "add", "path": "/metadata/annotations/${SCALE_DOWN_DEADLINE}", "value": "${deadline}"}]`
  pass.client.patch(refIn(pass, 'ReplicaSet', 'apps', rs.metadata.name), 'json', patch)
}

/** replicaset.go removeScaleDownDeadlines: a ReplicaSet that is wanted again loses its deadline. */
export function removeScaleDownDeadlines(pass: Pass): void {
  const { newRS, stableRS } = pass
  const fromNew = newRS !== undefined && !delaysScaleDownOnAbort(pass)
  if (fromNew) pass.newRS = removeScaleDownDelay(pass, newRS)
  if (stableRS !== undefined && (!fromNew || stableRS.metadata.name !== newRS.metadata.name)) pass.stableRS = removeScaleDownDelay(pass, stableRS)
}

/** utils/replicaset GetTimeRemainingBeforeScaleDownDeadline in seconds; undefined where there is no deadline, or it is over or unreadable. */
export function timeToDeadline(pass: Pick<Pass, 'now'>, rs: ReplicaSet): number | undefined {
  const at = secondsOf(rs.metadata.annotations?.[SCALE_DOWN_DEADLINE] ?? '')
  return Number.isNaN(at) || at <= pass.now ? undefined : at - pass.now
}
