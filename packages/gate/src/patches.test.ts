import { describe, expect, it } from 'vitest'
import { promotePatches } from './patches.ts'
import { readRollout, type RolloutStatus } from './rollout-status.ts'

const rollout = (spec: object, status: object): RolloutStatus => readRollout({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web' }, spec, status })
const steps = [{ setWeight: 10 }, { pause: {} }]
const canary = { strategy: { canary: { steps } } }
const paused = { pauseConditions: [{ reason: 'CanaryPauseStep' }], controllerPause: true }

// Byte for byte what promote.go of v1.10.2 prints: the constants at :35-43, the cases of getPatches.
describe('promotePatches', () => {
  it.each<[string, object, object, 'step' | 'full', readonly string[]]>([
    ['clears the pause', canary, { currentStepIndex: 1, ...paused }, 'step', ['status {"status":{"pauseConditions":null}}']],
    ['unpauses the spec too', { ...canary, paused: true }, { currentStepIndex: 1, ...paused }, 'step', ['status {"status":{"pauseConditions":null}}', 'spec {"spec":{"paused":false}}']],
    ['goes to the next step where nothing is paused', canary, { currentStepIndex: 0 }, 'step', ['status {"status":{"pauseConditions":null, "currentStepIndex":1}}']],
    ['counts from 0 where there is no index yet', canary, {}, 'step', ['status {"status":{"pauseConditions":null, "currentStepIndex":1}}']],
    ['stays behind the last step', canary, { currentStepIndex: 2 }, 'step', ['status {"status":{"pauseConditions":null, "currentStepIndex":2}}']],
    ['passes an inconclusive analysis', canary, { currentStepIndex: 1, ...paused, canary: { currentStepAnalysisRunStatus: { status: 'Inconclusive' } } }, 'step', ['status {"status":{"pauseConditions":null, "controllerPause":false, "currentStepIndex":2}}']],
    ['has nothing to send without steps', { strategy: { canary: {} } }, {}, 'step', []],
    ['clears the pause of a blue-green', { strategy: { blueGreen: {} } }, paused, 'step', ['status {"status":{"pauseConditions":null}}']],
    ['sends nothing to a blue-green that is not paused', { strategy: { blueGreen: {} } }, {}, 'step', []],
    ['promotes fully', canary, { currentPodHash: 'b', stableRS: 'a' }, 'full', ['status {"status":{"promoteFull":true}}']],
    ['has nothing to promote where it is stable', canary, { currentPodHash: 'a', stableRS: 'a' }, 'full', []],
    ['promotes fully and unpauses', { ...canary, paused: true }, { currentPodHash: 'b', stableRS: 'a' }, 'full', ['status {"status":{"promoteFull":true}}', 'spec {"spec":{"paused":false}}']],
  ])('%s', (_, spec, status, how, expected) => {
    expect(promotePatches(rollout(spec, status), how).map(({ on, patch }) => `${on} ${patch}`)).toEqual(expected)
  })
})
