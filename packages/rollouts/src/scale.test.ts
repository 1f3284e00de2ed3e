import { describe, expect, it } from 'vitest'
import { rolloutsProfile } from './profile.ts'
import type { ReplicaSet } from './replica-set.ts'
import type { Rollout, RolloutStatus, TrafficWeights } from './rollout.ts'
import { currentSetWeight, desiredCanaryWeight, progressThresholdMet, replicaCounts, type ScaleInput } from './scale.ts'
import { canary, rollout } from './small-world.test-d.ts'

const { profile } = rolloutsProfile('v1.10.2')

function replicaSet(name: string, replicas: number, available = replicas): ReplicaSet {
  return { kind: 'ReplicaSet', metadata: { name }, spec: { replicas }, status: { replicas, availableReplicas: available } } as unknown as ReplicaSet
}

interface Scene {
  readonly strategy: Readonly<Record<string, unknown>>
  readonly replicas?: number
  readonly status?: Readonly<Record<string, unknown>>
  readonly newRS?: ReplicaSet
  readonly stableRS?: ReplicaSet
  readonly version?: string
}

function input({ strategy, replicas = 10, status = {}, newRS = replicaSet('new', 0), stableRS = replicaSet('stable', replicas), version }: Scene): ScaleInput {
  const subject = { ...rollout(strategy, { replicas }), status: { stableRS: 'a', currentPodHash: 'b', currentStepIndex: 0, ...status } as unknown as RolloutStatus }
  return { rollout: subject as unknown as Rollout, newRS, stableRS, otherRSs: [], profile: version === undefined ? profile : rolloutsProfile(version).profile }
}

const weights = (onCanary: number): TrafficWeights => ({ canary: { weight: onCanary }, stable: { weight: 100 - onCanary } }) as TrafficWeights

describe('pods of a traffic-routed canary', () => {
  const steps = [{ setWeight: 25 }, { setCanaryScale: { weight: 50 } }, { setWeight: 30 }, { setCanaryScale: { matchTrafficWeight: true } }]
  const counts = (index: number, more: Partial<Scene> = {}): unknown => replicaCounts(input({ strategy: canary(steps), ...more, status: { currentStepIndex: index, ...more.status } }), weights(0))

  it('follow the weight, rounded up, until setCanaryScale says otherwise, and again from matchTrafficWeight on', () => {
    expect([0, 1, 2, 3].map((index) => counts(index))).toEqual([{ canary: 3, stable: 10 }, { canary: 5, stable: 10 }, { canary: 5, stable: 10 }, { canary: 3, stable: 10 }])
  })

  it('are all on the canary once the steps are over, promoted in full, or with nothing stable', () => {
    expect(counts(4)).toEqual({ canary: 10, stable: 10 })
    expect(counts(0, { status: { promoteFull: true } })).toEqual({ canary: 10, stable: 10 })
    expect(counts(0, { status: { stableRS: '' } })).toEqual({ canary: 10, stable: 10 })
  })

  it('are none on the canary after an abort', () => {
    expect(counts(2, { status: { abort: true } })).toEqual({ canary: 0, stable: 10 })
  })

  it('are no fewer than minPodsPerReplicaSet, which since 1.10 is at most the replicas', () => {
    const strategy = canary([{ setWeight: 1 }], { minPodsPerReplicaSet: 20 })
    expect(replicaCounts(input({ strategy }), undefined)).toMatchObject({ canary: 10 })
    expect(replicaCounts(input({ strategy, version: 'v1.9.3' }), undefined)).toMatchObject({ canary: 20 })
  })

  it('with dynamicStableScale keep as many stable ones as still get traffic', () => {
    const strategy = canary([{ setWeight: 40 }], { dynamicStableScale: true })
    expect(replicaCounts(input({ strategy }), weights(40))).toEqual({ canary: 4, stable: 6 })
    expect(replicaCounts(input({ strategy }), weights(0))).toEqual({ canary: 4, stable: 10 })
  })

  it('with dynamicStableScale go down the setWeight steps on abort since 1.9, and at once before', () => {
    const strategy = canary([{ setWeight: 20 }, { setWeight: 50 }, { setWeight: 80 }], { dynamicStableScale: true })
    const aborted = { strategy, status: { abort: true, currentStepIndex: 2 }, newRS: replicaSet('new', 8), stableRS: replicaSet('stable', 2) }
    expect(desiredCanaryWeight(input(aborted))).toBe(50)
    expect(desiredCanaryWeight(input({ ...aborted, version: 'v1.8.5' }))).toBe(0)
    expect(desiredCanaryWeight(input({ ...aborted, newRS: replicaSet('new', 2), stableRS: replicaSet('stable', 10) }))).toBe(0)
  })
})

describe('the weight of the current step', () => {
  it('is that of the last setWeight up to it; without one 0', () => {
    const at = (index: number): number => currentSetWeight(input({ strategy: canary([{ pause: {} }, { setWeight: 30 }, { pause: {} }]), status: { currentStepIndex: index } }).rollout)
    expect([0, 1, 2, 3].map(at)).toEqual([0, 30, 30, 100])
  })
})

describe('pods of a canary without a traffic router', () => {
  const counts = (weight: number, more: Omit<Partial<Scene>, 'strategy'> & { readonly canary?: Readonly<Record<string, unknown>> } = {}): unknown =>
    replicaCounts(input({ strategy: { canary: { steps: [{ setWeight: weight }], ...more.canary } }, ...more }), undefined)

  it('first grow the canary into the surge, and give up only what may be unavailable', () => {
    expect(counts(50)).toEqual({ canary: 3, stable: 8 })
    expect(counts(50, { newRS: replicaSet('new', 3), stableRS: replicaSet('stable', 8) })).toEqual({ canary: 5, stable: 5 })
  })

  it('never leave a weight without any pod where there are two or more', () => {
    expect(counts(1, { replicas: 2 })).toEqual({ canary: 1, stable: 2 })
    expect(counts(1, { replicas: 1, canary: { maxSurge: 0 } })).toMatchObject({ canary: 0 })
    expect(counts(99, { replicas: 4, newRS: replicaSet('new', 4), stableRS: replicaSet('stable', 1) })).toEqual({ canary: 4, stable: 1 })
  })
})

describe('replicaProgressThreshold', () => {
  const met = (threshold: unknown, available: number, version?: string): boolean => {
    const newRS = replicaSet('new', 10, available)
    const scene = { strategy: canary([{ setWeight: 100 }], { replicaProgressThreshold: threshold }), newRS }
    return progressThresholdMet(input(version === undefined ? scene : { ...scene, version }), newRS, 10)
  }

  it('lets a step go on with part of the pods, since 1.9', () => {
    expect([met({ type: 'Percent', value: 50 }, 5), met({ type: 'Percent', value: 50 }, 4)]).toEqual([true, false])
    expect([met({ type: 'Pod', value: 9 }, 9), met({ type: 'Pod', value: 9 }, 8)]).toEqual([true, false])
    expect(met({ type: 'Percent', value: 50 }, 9, 'v1.8.5')).toBe(false)
  })

  it('counts pods with every other word than Percent, and all of them below 0', () => {
    expect(met({ type: 'Percentage', value: 50 }, 10)).toBe(false)
    expect([met({ type: 'Pod', value: -1 }, 9), met({ type: 'Pod', value: -1 }, 10)]).toEqual([false, true])
  })
})
