import type { KubeObject } from '@rollsync/manifests'

import { fail } from './controller-failure.ts'
import { isDynamicRollback } from './dynamic-rollback.ts'
import { isAborted, isHalted, type Pass, refIn } from './pass.ts'
import { isBlueGreenPauseOver, isRouted } from './pause.ts'
import { isPrePromotionDone } from './promote.ts'
import { isSaturated } from './progress.ts'
import { availableOf, HASH_LABEL, hashOf, type ReplicaSet } from './replica-set.ts'
import { stableAndCanaryServices } from './routers/services.ts'
import { isBlueGreenFastTracked, isReadyForPause } from './blue-green-pause.ts'
import { canaryOf, isFullyPromoted } from './steps.ts'

export const MANAGED_BY = 'argo-rollouts.argoproj.io/managed-by-rollouts'

export interface Service extends KubeObject {
  readonly spec: { readonly selector?: Readonly<Record<string, string>>; readonly [field: string]: unknown }
}

/** The hash in a Service's selector, or ''. */
export function selectedHash(service: Service | undefined): string {
  return service?.spec.selector?.[HASH_LABEL] ?? ''
}

/** From the informer cache; fails with the lister's words where there is none. */
export function getService(pass: Pass, name: string): Service {
  return findService(pass, name) ?? fail(`service ${JSON.stringify(name)} not found`)
}

// service.go:82 switchServiceSelector changes the selector of the cached Service in place: the rest of the sync reads the new one, and the old annotations.
function findService(pass: Pass, name: string): Service | undefined {
  const service = pass.client.get(refIn(pass, 'Service', '', name)) as Service | undefined
  const hash = pass.switched.get(name)
  return service === undefined || hash === undefined ? service : { ...service, spec: { ...service.spec, selector: { ...service.spec.selector, [HASH_LABEL]: hash } } }
}

// service.go:26: printed with tabs and newlines; the annotation only where it is absent
function switchSelector(pass: Pass, service: Service, hash: string): void {
  const managed = service.metadata.annotations?.[MANAGED_BY] !== undefined
  if (selectedHash(service) === hash && service.spec.selector?.[HASH_LABEL] !== undefined && managed) return
  const metadata = managed ? '' : `\t"metadata": {\n\t\t"annotations": {\n\t\t\t"${MANAGED_BY}": "${pass.rollout.metadata.name}"\n\t\t}\n\t},\n`
  const patch = `{\n${metadata}\t"spec": {\n\t\t"selector": {\n\t\t\t"${HASH_LABEL}": "${hash}"\n\t\t}\n\t}\n}`
  pass.client.patch(refIn(pass, 'Service', '', service.metadata.name), 'strategic', patch)
  pass.switched.set(service.metadata.name, hash)
}

/** service.go ensureSVCTargets: `checked` waits for one available pod, and for all of them where the Service is adopted. */
export function ensureServiceTargets(pass: Pass, name: string | undefined, rs: ReplicaSet | undefined, availability: 'checked' | 'unchecked'): void {
  if (rs === undefined || name === undefined || name === '') return
  const service = getService(pass, name)
  if (selectedHash(service) === hashOf(rs)) return
  if (availability === 'checked') {
    if (service.metadata.annotations?.[MANAGED_BY] === undefined && !isFullyAvailable(rs)) return
    if (availableOf(rs) === 0) return
  }
  switchSelector(pass, service, hashOf(rs))
}

function isFullyAvailable(rs: ReplicaSet): boolean {
  return rs.spec.replicas !== 0 && availableOf(rs) !== 0 && rs.spec.replicas <= availableOf(rs)
}

/** service.go reconcilePingAndPongService. */
export function reconcilePingAndPongService(pass: Pass): void {
  const { rollout } = pass
  if (canaryOf(rollout).pingPong === undefined || isFullyPromoted(rollout)) return
  ensureServiceTargets(pass, stableAndCanaryServices(rollout, 'preferred').canary, pass.newRS, 'unchecked')
}

/** service.go reconcileStableAndCanaryService. */
export function reconcileStableAndCanaryService(pass: Pass): void {
  const { stableService, canaryService } = canaryOf(pass.rollout)
  ensureServiceTargets(pass, stableService, pass.stableRS, 'checked')
  if (isAborted(pass) && !isRouted(pass.rollout)) ensureServiceTargets(pass, canaryService, pass.stableRS, 'checked')
  else if (isDynamicRollback(pass) === undefined) ensureServiceTargets(pass, canaryService, pass.newRS, 'checked')
}

/** service.go reconcilePreviewService. */
export function reconcilePreviewService(pass: Pass, preview: Service | undefined): void {
  if (preview !== undefined && !isHalted(pass)) switchSelector(pass, preview, hashOf(pass.newRS))
}

/** service.go reconcileActiveService. */
export function reconcileActiveService(pass: Pass, active: Service): void {
  const { rollout } = pass
  if (isHalted(pass) || !isReadyForPause(pass) || !isSaturated(rollout, pass.newRS)) return
  let hash = selectedHash(active)
  if (isBlueGreenFastTracked(pass, active) || (isBlueGreenPauseOver(pass) && isPrePromotionDone(pass))) hash = hashOf(pass.newRS)
  if (rollout.status.abort === true) hash = rollout.status.stableRS ?? ''
  switchSelector(pass, active, hash)
}

/** replicaset.go isReplicaSetReferenced: by the status, or by what the cached Services select. */
export function isReferenced(pass: Pass, rs: ReplicaSet): boolean {
  const hash = hashOf(rs)
  if (hash === '') return false
  const { status, spec } = pass.rollout
  const weights = status.canary?.weights
  const byStatus = [status.stableRS, status.currentPodHash, status.blueGreen?.activeSelector, status.blueGreen?.previewSelector, weights?.canary.podTemplateHash, weights?.stable.podTemplateHash]
  if (byStatus.includes(hash)) return true
  const { canary, blueGreen } = spec.strategy
  const names = canary === undefined ? [blueGreen?.activeService, blueGreen?.previewService] : [canary.canaryService, canary.stableService]
  const bySelector = names.some((name) => name !== undefined && name !== '' && selectedHash(findService(pass, name)) === hash)
  return bySelector || isReferencedByDestinationRule(pass, hash)
}

// replicaset.go isReplicaSetReferencedByIstioDestinationRule (since 1.9)
function isReferencedByDestinationRule(pass: Pass, hash: string): boolean {
  const istio = canaryOf(pass.rollout).trafficRouting?.['istio'] as { readonly destinationRule?: { readonly name: string } } | undefined
  if (!pass.profile.has.stableKeptByDestinationRule || istio?.destinationRule === undefined) return false
  const rule = pass.client.get(refIn(pass, 'DestinationRule', 'networking.istio.io', istio.destinationRule.name))
  const subsets = (rule?.['spec'] as { readonly subsets?: readonly { readonly labels?: Readonly<Record<string, string>> }[] } | undefined)?.subsets ?? []
  return subsets.some((subset) => subset.labels?.[HASH_LABEL] === hash)
}
