import { describe, expect, it } from 'vitest'
import type { Prediction, Predicted } from '../e2e/predict.ts'
import { courseOf, matching } from './course.ts'

const chapter = (sync: string, syncs = 0): Predicted => ({ sync, because: '', rest: 'yes', resources: {}, syncs, heals: false, writers: {}, objects: {} })
const told: Prediction = { fights: [], chapters: [chapter('Synced'), chapter('paused', 1), chapter('paused'), chapter('paused'), chapter('paused'), chapter('paused'), chapter('paused'), chapter('next')] }
const course = courseOf(told, 1)
const differencesTo = (seen: string) => ({ sync }: { readonly sync: string }): readonly string[] => (sync === seen ? [] : [`predicted ${sync}`])

describe('the course of what is predicted after an event', () => {
  it('counts the syncs since the event at every moment', () => {
    expect(course.map(({ seconds, predicted }) => [seconds, predicted.sync, predicted.syncs])).toEqual([[0, 'paused', 1], [5, 'paused', 1], [10, 'paused', 1], [15, 'paused', 1], [20, 'paused', 1], [25, 'paused', 1], [30, 'next', 1]])
  })

  it('is met at the moment nearest to the clock that agrees', () => {
    expect(matching(course, 12, differencesTo('paused'))).toMatchObject({ moment: { seconds: 10 }, differences: [] })
    expect(matching(course, 31, differencesTo('paused'))).toMatchObject({ moment: { seconds: 25 }, differences: [] })
  })

  it('is not met by a moment that is long past, or far ahead', () => {
    expect(matching(course, 10, differencesTo('next')).differences).toEqual(['predicted paused'])
    expect(matching(courseOf({ ...told, chapters: [...told.chapters, ...Array.from({ length: 8 }, () => chapter('next'))] }, 1), 60, differencesTo('paused')).differences).toEqual(['predicted next'])
  })
})
