import { fileURLToPath } from 'node:url'
import { jqEngine } from '@rollsync/argocd'
import { expect, it } from 'vitest'
import { findVectors } from '../find-vectors.ts'

const pairs = [...findVectors(fileURLToPath(new URL('../../vectors/gojq', import.meta.url)))].flatMap((found) =>
  found.found === 'file' && found.path.endsWith('pairs.json') ? (found.file.json as readonly { readonly class: string; readonly expr: string }[]) : [],
)

it('leaves at most one in twenty of the expressions that people write to another engine than our own grammar', () => {
  const expressions = [...new Set(pairs.filter((pair) => pair.class === 'real').map(({ expr }) => expr))]
  const own = jqEngine({ gojq: '0.12.19', foreign: 'none' })
  const foreign = expressions.filter((expression) => {
    const answer = own.check(expression)
    return 'answer' in answer && answer.answer === 'unverified'
  })
  expect(expressions.length).toBeGreaterThan(30)
  expect(foreign.length / expressions.length, foreign.join('\n')).toBeLessThanOrEqual(0.05)
})
