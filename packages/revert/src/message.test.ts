import { expect, it } from 'vitest'
import { commitMessage, trailersOf } from './message.ts'

const images = [{ from: 'r.io/app:2', to: 'r.io/app:1' }]

it('puts everything that can be looked up later into trailers, each on one line', () => {
  expect(commitMessage({ images, rollout: 'shop/web', reason: 'errors rise\n\nReverted-Image: evil', revertsCommit: 'abc' })).toBe(
    'Revert shop/web to r.io/app:1\n\nerrors rise\n\nReverted-Image: evil\n\nRollout: shop/web\nReverted-Image: r.io/app:2\nRestored-Image: r.io/app:1\nReverts-Commit: abc\nReason: errors rise Reverted-Image: evil\n',
  )
  expect(trailersOf(commitMessage({ images, reason: 'x\n\nReverted-Image: evil' })).filter(([key]) => key === 'Reverted-Image')).toEqual([['Reverted-Image', 'r.io/app:2']])
})

it('fills in a template, and leaves unknown words alone', () => {
  expect(commitMessage({ images, reason: 'r', template: 'fix: {rollout}{from} -> {to} ({reason}) {x}' })).toMatch(/^fix: r\.io\/app:2 -> r\.io\/app:1 \(r\) \{x\}\n\nReverted-Image/)
})

it('reads trailers from the last paragraph only', () => {
  expect(trailersOf('Subject: no\n\nA: b\nnot a trailer line\nC: d\n')).toEqual([['A', 'b'], ['C', 'd']])
  expect(trailersOf('')).toEqual([])
})
