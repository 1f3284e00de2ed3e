import type { Rollout } from './rollout.ts'
import { replicasOf } from './steps.ts'

// intstr.GetValueFromIntOrPercent: every text is a percentage, with or without the sign; one that is no number is an error, which the callers ignore
function resolve(value: string | number, total: number, round: (count: number) => number): number | undefined {
  if (typeof value === 'number') return value
  const digits = value.replaceAll('%', '')
  return /^[+-]?\d+$/.test(digits) ? round((Number(digits) * total) / 100) : undefined
}

// utils/replicaset/replicaset.go resolveFenceposts
function resolveFenceposts(surge: string | number, unavailable: string | number, desired: number): { readonly surge: number; readonly unavailable: number } {
  const maxSurge = resolve(surge, desired, Math.ceil)
  const maxUnavailable = resolve(unavailable, desired, Math.floor)
  if (maxSurge === undefined || maxUnavailable === undefined) return { surge: 0, unavailable: 0 }
  return { surge: maxSurge, unavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable }
}

/** utils/replicaset/replicaset.go MaxUnavailable. */
export function maxUnavailable(rollout: Rollout): number {
  const replicas = replicasOf(rollout)
  if (replicas === 0) return 0
  const { blueGreen, canary } = rollout.spec.strategy
  const wanted = blueGreen?.maxUnavailable ?? canary?.maxUnavailable ?? DEFAULT
  const count = canary === undefined ? resolve(wanted, replicas, Math.floor) ?? 0 : resolveFenceposts(canary.maxSurge ?? DEFAULT, wanted, replicas).unavailable
  return Math.min(count, replicas)
}

/** utils/replicaset/replicaset.go MaxSurge. */
export function maxSurge(rollout: Rollout): number {
  const canary = rollout.spec.strategy.canary
  if (canary === undefined) return 0
  const wanted = rollout.spec.strategy.blueGreen?.maxUnavailable ?? canary.maxUnavailable ?? DEFAULT
  return resolveFenceposts(canary.maxSurge ?? DEFAULT, wanted, replicasOf(rollout)).surge
}

const DEFAULT = '25'
