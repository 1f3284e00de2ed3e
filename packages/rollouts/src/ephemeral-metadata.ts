import { isMap } from '@rollsync/manifests'

import { ControllerFailure, fail } from './controller-failure.ts'
import { goJson } from './go-json.ts'
import { type Pass, updateReplicaSet } from './pass.ts'
import { hashOf, type ReplicaSet } from './replica-set.ts'
import type { PodMetadata } from './rollout.ts'

const EPHEMERAL = 'rollout.argoproj.io/ephemeral-metadata'

type Strings = Readonly<Record<string, string>>

/** utils/replicaset/canary.go SyncReplicaSetEphemeralPodMetadata; undefined where nothing changes. */
export function withEphemeralMetadata(rs: ReplicaSet, wanted: PodMetadata | undefined): ReplicaSet | undefined {
  const injected = parseMetadata(rs.metadata.annotations?.[EPHEMERAL])
  const { metadata } = rs.spec.template
  const annotations = synced(metadata?.annotations, injected?.annotations, wanted?.annotations)
  const labels = synced(metadata?.labels, injected?.labels, wanted?.labels)
  if (annotations === metadata?.annotations && labels === metadata?.labels) return undefined
  const { annotations: _, labels: __, ...rest } = metadata ?? {}
  const next = { ...rest, ...(isEmpty(annotations) ? {} : { annotations }), ...(isEmpty(labels) ? {} : { labels }) } as NonNullable<ReplicaSet['spec']['template']['metadata']>
  const kept = Object.entries(rs.metadata.annotations ?? {}).filter(([key]) => key !== EPHEMERAL)
  const own = Object.fromEntries(wanted === undefined ? kept : [...kept, [EPHEMERAL, goJson(ordered(wanted))]])
  return { ...rs, metadata: { ...rs.metadata, annotations: own }, spec: { ...rs.spec, template: { ...rs.spec.template, metadata: next } } }
}

function ordered(metadata: PodMetadata): unknown {
  const sorted = (map: Strings | undefined): unknown => (isEmpty(map) ? undefined : Object.fromEntries(Object.entries(map as Strings).sort(([a], [b]) => (a < b ? -1 : 1))))
  return { labels: sorted(metadata.labels), annotations: sorted(metadata.annotations) }
}

function isEmpty(map: Strings | undefined): boolean {
  return map === undefined || Object.keys(map).length === 0
}

function parseMetadata(text: string | undefined): PodMetadata | undefined {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text)
    return isMap(value) ? value as PodMetadata : undefined
  } catch {
    return undefined
  }
}

function synced(current: Strings | undefined, injected: Strings | undefined, wanted: Strings | undefined): Strings | undefined {
  const next = new Map(Object.entries(current ?? {}))
  let changed = false
  for (const [key, value] of Object.entries(wanted ?? {})) {
    if (next.get(key) === value) continue
    next.set(key, value)
    changed = true
  }
  for (const key of Object.keys(injected ?? {})) if (!Object.hasOwn(wanted ?? {}, key) && next.delete(key)) changed = true
  return changed ? Object.fromEntries(next) : current
}

/** ephemeralmetadata.go reconcileEphemeralMetadata, for the ReplicaSets; there are no Pod objects here. */
export function reconcileEphemeralMetadata(pass: Pass): void {
  const { canary, blueGreen } = pass.rollout.spec.strategy
  const forNew = canary === undefined ? blueGreen?.previewMetadata : canary.canaryMetadata
  const forStable = canary === undefined ? blueGreen?.activeMetadata : canary.stableMetadata
  if (forNew === undefined && forStable === undefined && pass.profile.has.stopsAfterOwnWrite) return
  const stable = pass.rollout.status.stableRS ?? ''
  if (stable === '' || stable === hashOf(pass.newRS)) write(pass, pass.newRS, forStable)
  else {
    write(pass, pass.newRS, forNew)
    write(pass, pass.stableRS, forStable)
  }
  // In Go these come in the order of a map (replicaset.go:41 sorts a copy); here by creation.
  for (const rs of pass.otherRSs) write(pass, rs, undefined)
}

function write(pass: Pass, rs: ReplicaSet | undefined, wanted: PodMetadata | undefined): void {
  const next = rs === undefined ? undefined : withEphemeralMetadata(rs, wanted)
  if (next === undefined) return
  try {
    updateReplicaSet(pass, next)
  } catch (error) { // the pass itself may have removed it as too old a revision
    if (!(error instanceof ControllerFailure) || error.kind === 'panic') throw error
    fail(`${pass.profile.has.syncsMetadataByHelper ? 'failed to sync ephemeral metadata' : 'error updating replicaset in syncEphemeralMetadata'}: ${error.message}`)
  }
}
