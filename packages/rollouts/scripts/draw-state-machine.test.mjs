import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decisionRows, edges, followingSteps, stateMachinePage } from './draw-state-machine.mjs'

describe('the page of the state machine', () => {
  it('is what the code says now; node packages/rollouts/scripts/draw-state-machine.mjs --write', () => {
    expect(readFileSync(new URL('../../../docs/state-machine.md', import.meta.url), 'utf8')).toBe(stateMachinePage())
  })

  it('has every row of the decision, and what follows', () => {
    expect(decisionRows()).toHaveLength(9)
    expect(followingSteps().map(({ id }) => id)).toEqual(['guard', 'routes', 'early', 'hash', 'weight', 'status', 'verify'])
  })

  it('leads from idle through the steps to idle again, and into an abort', () => {
    const found = edges().edges.map(([from, to]) => `${from} > ${to}`)
    expect(found).toEqual(expect.arrayContaining(['idle, no canary > at a step', 'at a step > idle, no canary', 'at a step > aborted', 'aborted > at a step']))
  })
})
