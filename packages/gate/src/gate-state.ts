import { isMap } from '@rollsync/manifests'
import type { ObjectName } from './cluster.ts'
import { GateError } from './gate-error.ts'
import type { Outcome } from './outcome.ts'
import type { Release } from './release.ts'

export type OnDeadline = 'revert' | 'abort' | 'promote' | 'nothing'

/** What is to be done about a release. `abort` leaves Git as it is; `leave` does nothing. */
export type Verdict = 'promote' | 'roll back' | 'abort' | 'leave'

/** Who decided, and when (RFC 3339); the first one that stands in the state file counts. */
export interface Decision {
  readonly verdict: Verdict
  readonly by: 'rollout' | 'decision file' | 'signal' | 'deadline'
  readonly at: string
  /** What the decider said, or what was seen. */
  readonly why?: string
}

/** Everything that a gate must not forget; times are RFC 3339. Each change is a new generation of the state file. */
export interface GateState {
  readonly version: 1
  readonly rollout: ObjectName
  readonly openedAt: string
  /** Absolute: a gate that is started again keeps it. */
  readonly deadline: string
  readonly onDeadline: OnDeadline
  readonly promote: 'step' | 'full'
  /** How long, from the decision on, it may take to carry it out, in seconds. */
  readonly settleSeconds: number
  readonly image?: string
  readonly application?: ObjectName
  readonly release?: Release
  readonly decision?: Decision
  /** The step that is promoted, written before the patch is sent: it is sent for no other one. */
  readonly promoting?: { readonly index: number | null; readonly at: string }
  readonly aborted?: { readonly at: string }
  readonly reverted?: Reverted
  readonly outcome?: Outcome
}

/** What the revert did in Git. `commit`: what Argo CD must have synced; the branch's tip where Git named the image already. */
export interface Reverted {
  readonly at: string
  readonly how: 'reverted' | 'already there'
  readonly commit: string
  readonly repository: string
  readonly branch: string
  readonly sites: readonly string[]
  /** Programs that would write the bad image again, with what stops them. */
  readonly updaters: readonly string[]
}

export function printState(state: GateState): string {
  return `${JSON.stringify(state, null, 2)}\n`
}

/** Reads a state file. Throws a GateError `bad-state` for anything that this version did not write. */
export function parseState(text: string, file: string): GateState {
  const bad = (why: string, cause?: unknown): GateError => new GateError('bad-state', `${file}: ${why}`, { hint: 'give another file with --state; this one is left as it is', ...(cause === undefined ? {} : { cause }) })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw bad('is not JSON', cause)
  }
  if (!isMap(value)) throw bad('is not the state of a gate')
  if (value['version'] !== 1) throw bad(`its version is ${JSON.stringify(value['version'])}, and this release reads version 1`)
  const wrong = shapeFault(value)
  if (wrong !== undefined) throw bad(`${wrong} is missing or of the wrong type`)
  return value as unknown as GateState
}

function shapeFault(value: Readonly<Record<string, unknown>>): string | undefined {
  const isName = (one: unknown): boolean => isMap(one) && typeof one['namespace'] === 'string' && typeof one['name'] === 'string'
  const isTime = (one: unknown): boolean => typeof one === 'string' && !Number.isNaN(Date.parse(one))
  const isOne = (one: unknown, ...of: readonly string[]): boolean => typeof one === 'string' && of.includes(one)
  const absentOr = (key: string, test: (one: Readonly<Record<string, unknown>>) => boolean): boolean => value[key] === undefined || (isMap(value[key]) && test(value[key]))
  const checks: readonly (readonly [string, boolean])[] = [
    ['rollout', isName(value['rollout'])],
    ['openedAt', isTime(value['openedAt'])],
    ['deadline', isTime(value['deadline'])],
    ['onDeadline', isOne(value['onDeadline'], 'revert', 'abort', 'promote', 'nothing')],
    ['promote', isOne(value['promote'], 'step', 'full')],
    ['settleSeconds', typeof value['settleSeconds'] === 'number'],
    ['application', value['application'] === undefined || isName(value['application'])],
    ['release', absentOr('release', (one) => typeof one['podHash'] === 'string' && typeof one['stableHash'] === 'string' && Array.isArray(one['containers']) && Array.isArray(one['stableContainers']))],
    ['decision', absentOr('decision', (one) => isOne(one['verdict'], 'promote', 'roll back', 'abort', 'leave') && isTime(one['at']))],
    ['promoting', absentOr('promoting', (one) => isTime(one['at']))],
    ['aborted', absentOr('aborted', (one) => isTime(one['at']))],
    ['reverted', absentOr('reverted', (one) => typeof one['commit'] === 'string' && isTime(one['at']))],
    ['outcome', absentOr('outcome', (one) => typeof one['is'] === 'string')],
  ]
  return checks.find(([, fits]) => !fits)?.[0]
}
