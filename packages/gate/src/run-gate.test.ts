import { RevertError } from '@rollsync/revert'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { app, Killed, manifest, name, options, removeTemplates, type Stage, stage, startedAt, threeSteps } from '../test/stage.ts'
import { GateError } from './gate-error.ts'
import { runGate } from './run-gate.ts'

const stages: Stage[] = []
afterEach(() => {
  for (const one of stages.splice(0)) one.remove()
})

afterAll(removeTemplates)

function set(steps?: Parameters<typeof stage>[0]): Stage {
  const made = stage(steps)
  stages.push(made)
  return made
}

const statusOf = (on: Stage): Record<string, unknown> => on.live()['status'] as Record<string, unknown>

describe('a gate', () => {
  it('rolls back when nobody decides until the deadline: aborts, commits once, and waits for Argo CD', async () => {
    const on = set()
    const result = await runGate(options, on.effects)
    expect(result).toMatchObject({
      outcome: { is: 'rolled back', argocd: 'Synced and Healthy' }, decision: { verdict: 'roll back', by: 'deadline' },
      release: { from: ['r.io/app:2'], to: ['r.io/app:1'] }, reverted: { how: 'reverted' }, deadline: '2026-03-01T12:30:00.000Z',
    })
    expect([on.image(), on.reverts(), on.patches]).toEqual(['r.io/app:1', ['Revert default/web to r.io/app:1'], ['status {"status":{"abort":true}}']])
    expect(on.seconds()).toBeGreaterThanOrEqual(1800)
    expect(on.seconds()).toBeLessThan(1900)
    expect(statusOf(on)).toMatchObject({ phase: 'Healthy' })
    expect(result.took).toMatchObject({ decision: 1800, abort: 0, commit: 0 })
  })

  it('rolls back at once when the Rollout is aborted, without aborting it again', async () => {
    const on = set()
    on.at(60, () => on.act({ do: 'abort' }))
    const result = await runGate(options, on.effects)
    expect(result).toMatchObject({ outcome: { is: 'rolled back' }, decision: { by: 'rollout' } })
    expect([on.patches, on.reverts().length, on.seconds() < 120]).toEqual([[], 1, true])
  })

  it('reverts Git after an undo, which Argo CD would take back', async () => {
    const on = set()
    on.at(60, () => on.act({ do: 'undo' }))
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'rolled back' }, decision: { by: 'rollout', why: 'undone' } })
    expect(on.reverts()).toHaveLength(1)
  })

  it('ends when a person has promoted the release fully', async () => {
    const on = set()
    on.at(60, () => on.act({ do: 'promote-full' }))
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'promoted', how: 'fully' }, decision: { verdict: 'promote', by: 'rollout' } })
    expect([on.patches, on.reverts()]).toEqual([[], []])
  })

  it('does not fall upon a release that a person let past its last pause just before the deadline', async () => {
    const on = set([{ setWeight: 10 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: '10m' } }, { setWeight: 80 }])
    on.at(1790, () => on.act({ do: 'promote' }))
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'promoted', how: 'fully' }, decision: { by: 'rollout' } })
    expect(on.reverts()).toEqual([])
    expect(on.seconds()).toBeGreaterThan(2300)
  })

  it('promotes one step on a decision file, as the plugin does, and never a second one', async () => {
    const on = set()
    on.at(60, () => on.decision('promote ann: looks good'))
    const result = await runGate(options, on.effects)
    expect(result).toMatchObject({ outcome: { is: 'promoted', how: 'one step' }, decision: { by: 'decision file', why: 'ann: looks good' } })
    expect(on.patches).toEqual(['status {"status":{"pauseConditions":null}}'])
    expect(statusOf(on)).toMatchObject({ currentStepIndex: 3 })
  })

  it('does not promote the next pause where a person passed this one between the look and the patch', async () => {
    const on = set()
    on.at(60, () => on.decision('promote'))
    let reads = 0
    const { cluster } = on.effects
    const racing = { ...cluster, getRollout: async (...args: Parameters<typeof cluster.getRollout>) => {
      if (on.states.at(-1)?.includes('"promoting"') === true && ++reads === 2) on.act({ do: 'promote' })
      return cluster.getRollout(...args)
    } }
    expect(await runGate(options, { ...on.effects, cluster: racing })).toMatchObject({ outcome: { is: 'promoted', how: 'one step' } })
    expect([on.patches, statusOf(on)['currentStepIndex']]).toEqual([[], 3])
  })

  it('promotes fully when asked so', async () => {
    const on = set()
    on.at(60, () => on.decision('{"decision":"promote"}'))
    expect(await runGate({ ...options, promote: 'full' }, on.effects)).toMatchObject({ outcome: { is: 'promoted', how: 'fully' } })
    expect(on.patches).toEqual(['status {"status":{"promoteFull":true}}'])
  })

  it('rolls back on a decision file or a signal', async () => {
    for (const decide of [(on: Stage): void => on.decision('rollback errors\n'), (on: Stage): void => on.signal('roll back')]) {
      const on = set()
      on.at(60, () => decide(on))
      expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'rolled back' }, decision: { verdict: 'roll back' } })
      expect([on.patches.length, on.reverts().length]).toEqual([1, 1])
    }
  })

  it('passes over a decision file that is older than the release, half written, or says neither', async () => {
    const on = set()
    on.at(10, () => on.decision('promote', Date.parse('2020-01-01T00:00:00Z')))
    on.at(60, () => on.decision(''))
    on.at(120, () => on.decision('prom'))
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'rolled back' }, decision: { by: 'deadline' } })
    expect(on.progress).toEqual(expect.arrayContaining([expect.stringContaining('older than the release'), expect.stringContaining('"prom"')]))
  })

  it('promotes a blue-green at its pause, and rolls one back', async () => {
    const blueGreen = { activeService: 'active', previewService: 'preview', autoPromotionEnabled: false }
    const promoted = set({ blueGreen })
    promoted.at(60, () => promoted.decision('promote'))
    expect(await runGate(options, promoted.effects)).toMatchObject({ outcome: { is: 'promoted', how: 'fully' } })
    expect([promoted.patches, statusOf(promoted)]).toMatchObject([['status {"status":{"pauseConditions":null}}'], { phase: 'Healthy' }])
    const back = set({ blueGreen })
    expect(await runGate(options, back.effects)).toMatchObject({ outcome: { is: 'rolled back' } })
    expect([back.patches, back.reverts().length]).toEqual([['status {"status":{"abort":true}}'], 1])
  })

  it('does at the deadline what it was told to', async () => {
    const left = set()
    expect(await runGate({ ...options, onDeadline: 'nothing' }, left.effects)).toMatchObject({ outcome: { is: 'left alone', because: 'deadline' } })
    expect([left.patches, left.reverts()]).toEqual([[], []])
    const aborted = set()
    expect(await runGate({ ...options, onDeadline: 'abort' }, aborted.effects)).toMatchObject({ outcome: { is: 'aborted' } })
    expect([aborted.patches, aborted.reverts()]).toEqual([['status {"status":{"abort":true}}'], []])
    const promoted = set()
    expect(await runGate({ ...options, onDeadline: 'promote', promote: 'full', deadlineSeconds: 60 }, promoted.effects)).toMatchObject({ outcome: { is: 'promoted' } })
  })

  it('rolls back a release that is aborted after the decision to promote it', async () => {
    const on = set()
    on.at(60, () => {
      on.act({ do: 'pods', image: 'r.io/app:2', state: 'slow' })
      on.decision('promote')
    })
    on.at(90, () => on.act({ do: 'abort' }))
    expect(await runGate({ ...options, promote: 'full' }, on.effects)).toMatchObject({ outcome: { is: 'rolled back' }, decision: { verdict: 'roll back', by: 'rollout' } })
    expect(on.reverts()).toHaveLength(1)
  })

  it('leaves a release alone that another one superseded', async () => {
    const on = set()
    on.at(60, () => {
      on.bare.commit({ 'web.json': manifest('r.io/app:3') }, 'release 3')
      on.act({ do: 'apply', image: 'r.io/app:3' })
    })
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'left alone', because: 'superseded' } })
    expect([on.patches, on.image()]).toEqual([[], 'r.io/app:3'])
  })

  it('aborts, and keeps its hands off Git, when Git names another image meanwhile', async () => {
    const on = set()
    on.at(60, () => void on.bare.commit({ 'web.json': manifest('r.io/app:3') }, 'release 3'))
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'aborted' } })
    expect([on.reverts(), on.image()]).toEqual([[], 'r.io/app:3'])
  })

  it('never reverts a revert', async () => {
    const on = set()
    on.bare.commit({ 'web.json': manifest('r.io/app:1') }, 'Revert\n\nReverted-Image: r.io/app:2\nRestored-Image: r.io/app:1')
    on.act({ do: 'promote-full' }, { do: 'apply', image: 'r.io/app:1' })
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'left alone', because: 'the release is a revert' } })
    expect([on.patches, on.reverts().length]).toEqual([[], 1])
  })

  it('asks Git again before it rolls back, where Git could not be asked in the beginning', async () => {
    const on = set()
    on.bare.commit({ 'web.json': manifest('r.io/app:1') }, 'Revert\n\nReverted-Image: r.io/app:2\nRestored-Image: r.io/app:1')
    on.act({ do: 'promote-full' }, { do: 'apply', image: 'r.io/app:1' })
    on.remote.down = 'yes'
    on.at(60, () => void (on.remote.down = 'no'))
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'left alone', because: 'the release is a revert' } })
    expect([on.patches, on.reverts().length]).toEqual([[], 1])
  })

  it('says what it waits for once, and how long still in steps of five minutes', async () => {
    const on = set()
    on.at(60, () => on.decision('nonsense'))
    await runGate(options, on.effects)
    expect(on.progress.filter((line) => line.startsWith('waiting for a decision'))).toEqual([30, 25, 20, 15, 10].map((left) => `waiting for a decision; less than ${left} minutes left`).concat('waiting for a decision; less than 5 minutes left'))
    expect(on.progress.filter((line) => line.includes('nonsense'))).toHaveLength(1)
  })

  it('waits for a release that Argo CD has not synced yet, by its image', async () => {
    const on = set()
    on.act({ do: 'promote-full' })
    on.bare.commit({ 'web.json': manifest('r.io/app:3') }, 'release 3')
    on.at(90, () => on.act({ do: 'apply', image: 'r.io/app:3' }))
    const result = await runGate({ ...options, image: 'r.io/app:3' }, on.effects)
    expect(result).toMatchObject({ outcome: { is: 'rolled back' }, release: { from: ['r.io/app:3'], to: ['r.io/app:2'] } })
    expect(await runGate({ ...options, image: 'r.io/app:2' }, on.elsewhere())).toMatchObject({ outcome: { is: 'promoted' } })
  })

  it('does nothing when no release comes', async () => {
    const on = set()
    on.act({ do: 'promote-full' })
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'left alone', because: 'no release' } })
    expect([on.patches, on.reverts()]).toEqual([[], []])
  })

  it('says what is missing when Argo CD does not follow, and goes on when it is started again', async () => {
    const on = set()
    on.cluster.autoSync = 'no'
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'not carried out' }, reverted: { how: 'reverted' } })
    on.cluster.autoSync = 'yes'
    await on.effects.cluster.refreshApplication(app)
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'rolled back' } })
    expect(on.reverts()).toHaveLength(1)
  })

  it('tells Argo CD again when the first time was too early', async () => {
    const on = set()
    on.cluster.autoSync = 'no'
    on.at(1830, () => void (on.cluster.autoSync = 'yes'))
    const result = await runGate(options, on.effects)
    expect(result).toMatchObject({ outcome: { is: 'rolled back' } })
    expect(result.took.settled).toBeLessThanOrEqual(75)
  })

  it('refuses what it could not revert while there is time, and a state file of something else', async () => {
    const on = set()
    on.bare.commit({ 'web.json': manifest('other.io/thing:9') }, 'moved')
    await expect(runGate(options, on.effects)).rejects.toMatchObject({ code: 'no-site' })
    expect(on.seconds()).toBe(0)
    await expect(runGate({ ...options, rollout: { namespace: 'x', name: 'y' } }, on.effects)).rejects.toMatchObject({ code: 'other-gate' })
    const torn = set()
    torn.states.push('{"version":1,')
    await expect(runGate(options, torn.effects)).rejects.toBeInstanceOf(GateError)
    expect(torn.states).toEqual(['{"version":1,'])
  })

  it('gives the same answer again, and refuses to give it for another release', async () => {
    const on = set()
    const first = await runGate(options, on.effects)
    const again = await runGate(options, on.effects)
    expect([again.outcome, again.decision, again.reverted]).toEqual([first.outcome, first.decision, first.reverted])
    on.act({ do: 'apply', image: 'r.io/app:4' })
    await expect(runGate(options, on.effects)).rejects.toMatchObject({ code: 'other-gate' })
  })
})

describe('a gate in trouble', () => {
  it('keeps its deadline when the job is started again with another one', async () => {
    const on = set()
    on.at(600, () => void on.dieAt({ at: 1, when: 'before' }))
    await expect(runGate(options, on.effects)).rejects.toBeInstanceOf(Killed)
    on.dieAt(undefined)
    await on.effects.sleep(300_000)
    const result = await runGate({ ...options, deadlineSeconds: 7200, onDeadline: 'nothing' }, on.effects)
    expect(result).toMatchObject({ outcome: { is: 'rolled back' }, deadline: '2026-03-01T12:30:00.000Z' })
    expect(result.took.decision).toBe(1800)
  })

  it.each(['before', 'after'] as const)('killed %s any of its effects and started again, it ends in one commit and the same decision', async (when) => {
    let died = 0
    for (let at = 1; ; at++) {
      const on = set()
      on.at(60, () => on.decision('rollback'))
      const work = { ...options, pollSeconds: 60 }
      on.dieAt({ at, when })
      const first = await runGate(work, on.effects).catch((error: unknown) => error)
      if (!(first instanceof Killed)) break
      died++
      on.dieAt(undefined)
      expect(await runGate(work, on.effects)).toMatchObject({ outcome: { is: 'rolled back' }, decision: { by: 'decision file' } })
      expect([at, on.reverts().length, on.image()]).toEqual([at, 1, 'r.io/app:1'])
    }
    expect(died).toBeGreaterThan(15)
  }, 120_000)

  it.each(['before', 'after'] as const)('killed %s any of its effects while it promotes, it promotes one step and no more', async (when) => {
    for (let at = 1; ; at++) {
      const on = set()
      on.decision('promote', startedAt)
      const work = { ...options, pollSeconds: 60 }
      on.dieAt({ at, when })
      const first = await runGate(work, on.effects).catch((error: unknown) => error)
      if (!(first instanceof Killed)) break
      on.dieAt(undefined)
      expect(await runGate(work, on.effects)).toMatchObject({ outcome: { is: 'promoted', how: 'one step' } })
      expect([at, statusOf(on)['currentStepIndex'], on.reverts()]).toEqual([at, 3, []])
    }
  }, 120_000)

  it('waits for an API server that restarts, in the wait and in the abort', async () => {
    const on = set()
    on.at(300, () => void (on.cluster.down = 'yes'))
    on.at(420, () => void (on.cluster.down = 'no'))
    on.at(1795, () => void (on.cluster.down = 'yes'))
    on.at(1900, () => void (on.cluster.down = 'no'))
    const result = await runGate(options, on.effects)
    expect(result).toMatchObject({ outcome: { is: 'rolled back' }, decision: { by: 'deadline' }, took: { decision: 1800, commit: 0 } })
    expect(on.reverts()).toHaveLength(1)
  })

  it('does not call a roll back done that it could not see', async () => {
    const on = set()
    on.at(1795, () => void (on.cluster.down = 'yes'))
    expect(await runGate({ ...options, rollout: name }, on.effects)).toMatchObject({ outcome: { is: 'not carried out' }, reverted: { how: 'reverted' } })
  })

  it('writes Git although the cluster forbids the abort', async () => {
    const on = set()
    on.cluster.denied = 'yes'
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'rolled back' } })
    expect(on.patches).toEqual([])
  })

  it('tries the remote again while it is down', async () => {
    const on = set()
    on.at(1795, () => void (on.remote.down = 'yes'))
    on.at(1860, () => void (on.remote.down = 'no'))
    const result = await runGate(options, on.effects)
    expect(result).toMatchObject({ outcome: { is: 'rolled back' }, took: { abort: 0 } })
    expect(result.took.commit).toBeGreaterThanOrEqual(60)
    expect(on.reverts()).toHaveLength(1)
  })

  it('stops where waiting does not help, keeps the decision, and goes on once the token is mended', async () => {
    const on = set()
    const refused = { ...on.effects, openRepository: async () => (on.seconds() < 1800 ? on.effects.openRepository() : Promise.reject(new RevertError('auth', 'the token is refused'))) }
    await expect(runGate(options, refused)).rejects.toMatchObject({ code: 'auth' })
    expect([on.patches, on.reverts()]).toEqual([['status {"status":{"abort":true}}'], []])
    expect(await runGate({ ...options, onDeadline: 'nothing' }, on.effects)).toMatchObject({ outcome: { is: 'rolled back' }, decision: { by: 'deadline' } })
    expect([on.patches.length, on.reverts().length]).toEqual([1, 1])
  })

  it('opens although the remote is down', async () => {
    const on = set()
    on.remote.down = 'yes'
    on.at(30, () => void (on.remote.down = 'no'))
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'rolled back' } })
  })

  it('decides nothing by a clock that jumps for a moment, and keeps its deadline when the clock is set back', async () => {
    const forward = set()
    forward.at(100, () => forward.jump(7200))
    forward.at(104, () => forward.jump(0))
    expect((await runGate({ ...options, pollSeconds: 5 }, forward.effects)).took.decision).toBe(1800)
    const back = set()
    back.at(100, () => back.jump(-7200))
    await runGate({ ...options, pollSeconds: 5 }, back.effects)
    expect(back.seconds()).toBeLessThan(1900)
    const slept = set()
    slept.at(100, () => slept.jump(7200))
    await runGate({ ...options, pollSeconds: 5 }, slept.effects)
    expect(slept.seconds()).toBeLessThan(200)
  })

  it('ends in one decision and one commit when two gates race on one state file', async () => {
    const on = set()
    on.at(60, () => on.decision('rollback'))
    const both = await Promise.all([runGate(options, on.effects), runGate(options, on.effects)])
    expect(both.map((one) => one.outcome.is)).toEqual(['rolled back', 'rolled back'])
    expect(both[0]?.decision).toEqual(both[1]?.decision)
    expect(on.reverts()).toHaveLength(1)
  })

  it('ends in one commit when two gates race from two machines', async () => {
    const on = set()
    const both = await Promise.all([runGate(options, on.effects), runGate(options, on.elsewhere())])
    expect(both.map((one) => one.outcome.is)).toEqual(['rolled back', 'rolled back'])
    expect(on.reverts()).toHaveLength(1)
  })

  it('aborts a release without a changed image and says that Git still holds the change', async () => {
    const on = set()
    on.act({ do: 'promote-full' })
    const spec = on.live()['spec'] as { template: { spec: object } }
    on.act({ do: 'edit', kind: 'Rollout', name: 'web', patch: { spec: { template: { spec: { ...spec.template.spec, terminationGracePeriodSeconds: 7 } } } } })
    expect(await runGate(options, on.effects)).toMatchObject({ outcome: { is: 'aborted' } })
    expect([on.patches.length, on.reverts()]).toEqual([1, []])
  })
})

it('the stage holds two pauses without an end', () => {
  expect(threeSteps.filter((step) => JSON.stringify(step) === '{"pause":{}}')).toHaveLength(2)
})
