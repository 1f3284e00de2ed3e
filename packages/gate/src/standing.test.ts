import { type Event, rolloutsProfile, rolloutsVersions, simulate, worldOf } from '@rollsync/rollouts'
import { describe, expect, it } from 'vitest'
import { readRollout } from './rollout-status.ts'
import { type Standing, standingOf } from './standing.ts'

const release = { podHash: 'new', stableHash: 'old', containers: [], stableContainers: [], createdAt: '', broughtBy: 'a change' } as const
const one = [{ setWeight: 10 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: 10 } }]
const standing = (status: object, steps: readonly unknown[] = one, metadata: object = {}): Standing =>
  standingOf(readRollout({ apiVersion: 'a/v1', kind: 'Rollout', metadata: { name: 'web', ...metadata }, spec: { strategy: { canary: { steps } } }, status: { currentPodHash: 'new', stableRS: 'old', ...status } }), release)

describe('standingOf', () => {
  it.each<[Standing, object]>([
    ['under way', { currentStepIndex: 1, phase: 'Paused' }],
    ['promoted', { stableRS: 'new', phase: 'Healthy' }],
    ['promoted', { stableRS: 'new', currentPodHash: 'third' }],
    ['aborted', { abort: true, phase: 'Degraded', message: 'RolloutAborted: x' }],
    ['degraded', { phase: 'Degraded', message: 'ProgressDeadlineExceeded: x' }],
    ['undone', { currentPodHash: 'old' }],
    ['superseded', { currentPodHash: 'third' }],
    ['let through', { promoteFull: true, currentStepIndex: 0 }],
    ['let through', { currentStepIndex: 2 }],
  ])('is %s with %j', (expected, status) => expect(standing(status)).toBe(expected))

  it('passes over the condition of an abort that was before the release', () => {
    expect(standing({ currentStepIndex: 0, phase: 'Degraded', message: 'RolloutAborted: Rollout aborted update to revision 2' })).toBe('under way')
  })

  it('waits for the controller to see the newest spec', () => {
    expect(standing({ observedGeneration: '1', abort: true }, one, { generation: 2 })).toBe('settling')
    expect(standing({ observedGeneration: '2', abort: true }, one, { generation: 2 })).toBe('aborted')
    expect(standing({ workloadObservedGeneration: '1' }, one, { annotations: { 'rollout.argoproj.io/workload-generation': '2' } })).toBe('settling')
  })

  it('lets nothing through without a pause that only a person ends', () => {
    expect(standing({ currentStepIndex: 2 }, [{ setWeight: 1 }, { pause: { duration: '1m' } }, { setWeight: 2 }])).toBe('under way')
    expect(standing({ currentStepIndex: 2 }, [{ pause: {} }, { setWeight: 1 }, { pause: {} }])).toBe('under way')
  })

  it('takes what is of another type as not there', () => {
    expect(standing({ currentStepIndex: 'x', abort: 'true', promoteFull: 1, phase: 7, pauseConditions: {} }, 'x' as unknown as [])).toBe('under way')
  })
})

describe.each(rolloutsVersions)('the standing of a release under Argo Rollouts %s', (version) => {
  const { profile } = rolloutsProfile(version)
  const subject = {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, strategy: { canary: { steps: one } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } } },
  }
  const lived = (...events: readonly Event[]): readonly ReturnType<typeof readRollout>[] =>
    simulate(worldOf([subject]), { profile, events: [{ do: 'apply', image: 'app:2' }, ...events] }).states.map(({ world }) => readRollout(world.get('argoproj.io/Rollout/default/web') ?? subject))
  // The release is what the first update leads to, whatever comes behind it.
  const { podHash, stableHash } = lived().at(-1) as ReturnType<typeof readRollout>
  const last = (...events: readonly Event[]): Standing => standingOf(lived(...events).at(-1) as ReturnType<typeof readRollout>, { ...release, podHash, stableHash })

  it.each<[Standing, readonly Event[]]>([
    ['under way', []],
    ['let through', [{ do: 'promote' }]],
    ['promoted', [{ do: 'promote' }, { do: 'wait', seconds: 11 }]],
    ['let through', [{ do: 'pods', image: 'app:2', state: 'slow' }, { do: 'promote-full' }]],
    ['promoted', [{ do: 'promote-full' }]],
    ['aborted', [{ do: 'abort' }]],
    ['under way', [{ do: 'abort' }, { do: 'retry' }]],
    ['undone', [{ do: 'undo' }]],
    ['undone', [{ do: 'abort' }, { do: 'apply', image: 'app:1' }]],
    ['superseded', [{ do: 'apply', image: 'app:3' }]],
    ['superseded', [{ do: 'abort' }, { do: 'apply', image: 'app:3' }]],
  ])('is %s after %j', (expected, events) => expect(last(...events)).toBe(expected))
})
