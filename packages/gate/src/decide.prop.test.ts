import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decide, type Observation } from './decide.ts'
import type { GateState } from './gate-state.ts'
import type { Release } from './release.ts'
import type { RolloutStatus } from './rollout-status.ts'

const rollout: RolloutStatus = {
  podHash: 'new', stableHash: 'old', observed: 'yes', abort: 'no', promoteFull: 'no', phase: '', message: '', strategy: 'canary', steps: [{ pause: {} }], index: 0, pauseConditions: 'some', controllerPause: 'yes', specPaused: 'no', inconclusive: 'no',
}
const release: Release = { podHash: 'new', stableHash: 'old', containers: [{ name: 'a', image: 'a:2' }], stableContainers: [{ name: 'a', image: 'a:1' }], createdAt: '2026-01-01T00:00:00Z', broughtBy: 'a change' }
const start = Date.parse('2026-01-01T12:00:00Z')

const look = fc.record({
  standing: fc.constantFrom('under way', 'let through', 'promoted', 'aborted', 'degraded', 'undone', 'superseded', 'settling', undefined),
  looks: fc.integer({ min: 1, max: 3 }),
  wish: fc.constantFrom(undefined, undefined, { verdict: 'promote', by: 'signal' } as const, { verdict: 'roll back', by: 'decision file' } as const),
  argocd: fc.constantFrom({ stands: 'there' } as const, { stands: 'not asked' } as const, { stands: 'elsewhere', why: 'Argo CD' } as const),
  abort: fc.constantFrom('untried' as const, 'failed' as const),
  gitTrouble: fc.constantFrom(undefined, 'Git'),
  paused: fc.constantFrom('some' as const, 'none' as const),
  index: fc.integer({ min: 0, max: 1 }),
  later: fc.integer({ min: 0, max: 900 }),
})
const story = fc.record({
  looks: fc.array(look, { minLength: 1, maxLength: 30 }),
  onDeadline: fc.constantFrom('revert', 'abort', 'promote', 'nothing' as const),
  promote: fc.constantFrom('step', 'full' as const),
  broughtBy: fc.constantFrom('a revert', 'a change', 'unknown' as const),
})

interface Lived {
  readonly states: readonly GateState[]
  readonly done: readonly string[]
}

/** Lives a story as the loop does: records change the state, actions succeed. */
function live({ looks, onDeadline, promote, broughtBy }: { looks: readonly ReturnType<typeof look.generate>['value'][]; onDeadline: GateState['onDeadline']; promote: GateState['promote']; broughtBy: Release['broughtBy'] }): Lived {
  let state: GateState = { version: 1, rollout: { namespace: 'n', name: 'w' }, openedAt: new Date(start).toISOString(), deadline: new Date(start + 1_800_000).toISOString(), onDeadline, promote, settleSeconds: 600 }
  let now = start
  const states = [state]
  const done: string[] = []
  for (const one of looks) {
    now += one.later * 1000
    for (let turn = 0; ; turn++) {
      if (turn > 10) throw new Error(`no end at one look: ${JSON.stringify([state, one])}`)
      const { paused, index, later: _, standing, ...rest } = one
      const seen: Observation = { ...rest, since: new Date(start), rollout: standing === undefined ? undefined : { ...rollout, pauseConditions: paused, index }, standing: state.release === undefined ? undefined : standing, found: state.release === undefined ? { ...release, broughtBy } : undefined }
      const action = decide(state, seen, new Date(now))
      const at = new Date(now).toISOString()
      if (action.do === 'wait' || action.do === 'finish' || action.do === 'promote') {
        if (action.do !== 'wait') done.push(action.do)
        break
      }
      if (action.do === 'record') state = { ...state, ...action.change }
      else if (action.do === 'abort') state = { ...state, aborted: { at } }
      else state = { ...state, reverted: { at, how: 'reverted', commit: 'c', repository: 'r', branch: 'b', sites: [], updaters: [] } }
      done.push(action.do)
      states.push(state)
    }
    if (done.at(-1) === 'finish') break
  }
  return { states, done }
}

it('ends each look, aborts and reverts at most once, and only when that was decided', () => {
  fc.assert(fc.property(story, (told) => {
    const { states, done } = live(told)
    const verdicts = new Set(states.flatMap((one) => one.decision?.verdict ?? []))
    expect(done.filter((one) => one === 'revert').length).toBeLessThanOrEqual(verdicts.has('roll back') ? 1 : 0)
    expect(done.filter((one) => one === 'abort').length).toBeLessThanOrEqual(verdicts.has('roll back') || verdicts.has('abort') ? 1 : 0)
    if (!verdicts.has('promote')) expect(done).not.toContain('promote')
    if (told.broughtBy === 'a revert') expect(done).not.toContain('revert')
  }), { numRuns: 2000 })
})

it('never takes a decision back, but for a release that fails after the decision to promote it', () => {
  fc.assert(fc.property(story, (told) => {
    const verdicts = live(told).states.flatMap((one) => (one.decision === undefined ? [] : [`${one.decision.verdict} by ${one.decision.by}`]))
    const row = verdicts.filter((one, i) => one !== verdicts[i - 1])
    if (row.length > 1) expect([row.length, row[0]?.startsWith('promote'), row[1]]).toEqual([2, true, told.broughtBy === 'a revert' ? 'leave by rollout' : 'roll back by rollout'])
  }), { numRuns: 2000 })
})

it('is decided once the deadline is past, unless the last look shows a person in the act', () => {
  fc.assert(fc.property(story, (told) => {
    const { states } = live({ ...told, looks: [...told.looks, { ...(told.looks[0] as (typeof told.looks)[number]), later: 1800, standing: 'under way' }] })
    expect(states.at(-1)?.decision).toBeDefined()
  }), { numRuns: 500 })
})

it('calls nothing rolled back that is not both in Git and, where asked, in Argo CD', () => {
  fc.assert(fc.property(story, (told) => {
    const last = live(told).states.at(-1)
    if (last?.outcome?.is === 'rolled back') expect(last.reverted).toBeDefined()
  }), { numRuns: 2000 })
})
