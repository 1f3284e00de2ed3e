import type { JqAnswer, JqEngine } from '@rollsync/argocd'
import { expect, it } from 'vitest'
import { rememberAnswers } from './remember-answers.ts'

const countingEngine = (): { engine: JqEngine; asked: string[] } => {
  const asked: string[] = []
  const del = (expression: string, object: unknown): JqAnswer | Promise<JqAnswer> => {
    asked.push(`${expression} ${JSON.stringify(object)}`)
    const answer: JqAnswer = { answer: 'object', object: [expression, object] }
    return expression === 'slow' ? Promise.resolve(answer) : answer
  }
  return { engine: { check: () => ({ check: 'valid' }), del }, asked }
}

it('asks the slow part once per expression and object, and the quick part every time', async () => {
  const { engine, asked } = countingEngine()
  const remembering = rememberAnswers(engine)
  const answers = []
  for (const object of [{ a: 1 }, { a: 2 }, { a: 1 }]) answers.push(await remembering.del('slow', object), await remembering.del('quick', object))
  expect(asked).toEqual(['slow {"a":1}', 'quick {"a":1}', 'slow {"a":2}', 'quick {"a":2}', 'quick {"a":1}'])
  expect(answers[4]).toEqual({ answer: 'object', object: ['slow', { a: 1 }] })
  expect(answers[2]).toEqual({ answer: 'object', object: ['slow', { a: 2 }] })
})
