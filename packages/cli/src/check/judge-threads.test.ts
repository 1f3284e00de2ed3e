import { expect, it } from 'vitest'
import { judgeThreads } from './judge-threads.ts'

it('there are threads for the cores that are left, and none where the sources run unbuilt', () => {
  expect(judgeThreads(1, 'file:///dist/judge-threads.js')).toBeUndefined()
  expect(judgeThreads(2, 'file:///dist/judge-threads.js')).toMatchObject({ least: expect.any(Number) as number })
  expect(judgeThreads(8, 'file:///src/judge-threads.ts')).toBeUndefined()
})
