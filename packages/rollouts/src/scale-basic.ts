import { maxSurge, maxUnavailable } from './fenceposts.ts'
import { availableOf, type ReplicaSet, sum } from './replica-set.ts'
import type { ReplicaCounts, ScaleInput } from './scale.ts'
import { maxTrafficWeight, replicasOf } from './steps.ts'

/** utils/replicaset/canary.go:93 CalculateReplicaCountsForBasicCanary: a canary without a traffic router, whose weight is approximated by pods. */
export function basicCounts({ rollout, newRS, stableRS, otherRSs }: ScaleInput, weight: number): ReplicaCounts {
  const replicas = replicasOf(rollout)
  const surge = maxSurge(rollout)
  const scalesStable = stableRS !== undefined && newRS?.metadata.name !== stableRS.metadata.name
  const desired = scalesStable ? approximate(replicas, weight, maxTrafficWeight(rollout), surge) : { canary: replicas, stable: 0 }
  const allowed = replicas + surge
  const all = [...otherRSs, newRS, ...(scalesStable ? [stableRS] : [])]
  let room = allowed - sum(all, (rs) => rs.spec.replicas)
  let stable = scalesStable ? stableRS.spec.replicas : 0
  let canary = newRS?.spec.replicas ?? 0
  if (scalesStable && stable < desired.stable && room > 0) {
    const grown = Math.min(stable + room, desired.stable)
    room = stable + room < desired.stable ? 0 : room - (desired.stable - stable)
    stable = grown
  }
  if (newRS !== undefined && canary < desired.canary && room > 0) canary = Math.min(canary + room, desired.canary)
  if (sum(otherRSs, (rs) => rs.spec.replicas) > 0) return { canary, stable }
  const minAvailable = replicas - maxUnavailable(rollout)
  const increasing = newRS === undefined || desired.canary >= newRS.spec.replicas
  const pods = forScaleDown(newRS, increasing ? 'available' : 'all') + forScaleDown(stableRS, increasing ? 'all' : 'available')
  if (pods <= minAvailable) return { canary, stable }
  const limits: Limits = { allowed, minAvailable }
  if (!increasing) {
    const drained = drain(newRS, desired.canary, pods - minAvailable, canary)
    const within = withinLimits(newRS, stableRS, { drained, kept: stable }, limits)
    return { canary: within.drained, stable: within.kept }
  }
  if (!scalesStable) return { canary, stable }
  const within = withinLimits(stableRS, newRS, { drained: drain(stableRS, desired.stable, pods - minAvailable, stable), kept: canary }, limits)
  return { canary: within.kept, stable: within.drained }
}

interface Limits { readonly allowed: number; readonly minAvailable: number }

// utils/replicaset/canary.go approximateWeightedCanaryStableReplicaCounts
function approximate(replicas: number, weight: number, max: number, surge: number): ReplicaCounts {
  if (replicas === 0) return { canary: 0, stable: 0 }
  const up = Math.ceil((replicas * weight) / max)
  const down = Math.floor((replicas * weight) / max)
  const zeroAllowed = weight === max || weight === 0 || (replicas === 1 && surge === 0)
  const options: { readonly canary: number; readonly total: number }[] = []
  if (up < replicas || zeroAllowed) options.push({ canary: up, total: replicas })
  if (!isTied(weight, max, replicas) && (down !== 0 || zeroAllowed)) options.push({ canary: down, total: replicas })
  if (surge > 0) {
    options.push({ canary: up, total: replicas + 1 })
    if (!isTied(weight, max, replicas + 1) && (down !== 0 || zeroAllowed)) options.push({ canary: down, total: replicas + 1 })
  }
  const delta = (option: { readonly canary: number; readonly total: number }): number => Math.abs((option.canary * max) / option.total - weight)
  const best = options.reduce<(typeof options)[number] | undefined>((found, option) => (found === undefined || delta(option) < delta(found) ? option : found), undefined)
  return best === undefined ? { canary: 0, stable: replicas } : { canary: best.canary, stable: best.total - best.canary }
}

function isTied(weight: number, max: number, total: number): boolean {
  return Math.abs((total * (weight / max)) % 1) === 0.5
}

// utils/replicaset/canary.go GetReplicasForScaleDown
function forScaleDown(rs: ReplicaSet | undefined, count: 'all' | 'available'): number {
  if (rs === undefined) return 0
  return count === 'all' || rs.spec.replicas < availableOf(rs) ? rs.spec.replicas : availableOf(rs)
}

// utils/replicaset/canary.go calculateScaleDownReplicaCount
function drain(rs: ReplicaSet | undefined, desired: number, scaleDown: number, count: number): number {
  return rs !== undefined && rs.spec.replicas > desired ? Math.max(desired, rs.spec.replicas - scaleDown) : count
}

// utils/replicaset/canary.go adjustReplicaWithinLimits
function withinLimits(drainRS: ReplicaSet | undefined, keepRS: ReplicaSet | undefined, counts: { readonly drained: number; readonly kept: number }, limits: Limits): { readonly drained: number; readonly kept: number } {
  if (keepRS === undefined) return counts
  const over = Math.max(0, counts.kept + counts.drained - limits.allowed)
  let kept = counts.kept - over
  const available = (drainRS === undefined ? 0 : Math.min(availableOf(drainRS), counts.drained)) + Math.min(availableOf(keepRS), kept)
  const lost = Math.max(0, availableOf(keepRS) - kept)
  kept += Math.min(lost, Math.max(0, limits.minAvailable - available))
  return { kept, drained: counts.drained - Math.max(0, kept + counts.drained - limits.allowed) }
}
