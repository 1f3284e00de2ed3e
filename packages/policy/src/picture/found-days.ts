import { momentText } from '@rollsync/ignore'
import { refOf } from '@rollsync/manifests'
import { describeEvent, type Event, explore, type ExploredState, shortImages } from '@rollsync/rollouts'
import type { Told } from './canary-picture.ts'
import type { Day, DaySettings } from './days.ts'
import { tell } from './tell.ts'

/** A day to a moment that a finding names. */
export interface FoundDay extends Day {
  readonly words: string
}

/** Of several states that are told in the same words, so many are looked at. */
const mostAlike = 3

/** The shortest stories to moments that are named by their words, among all states that the Rollout can come into; each begins with the moment before it leaves `good`. */
export function foundDays(words: readonly string[], good: Day, { git, rollout, profile }: DaySettings): readonly FoundDay[] {
  if (words.length === 0) return []
  const { states } = explore(git, refOf(rollout), profile)
  const named = states.map((one) => ({ one, words: momentText(one) }))
  return words.flatMap((wanted) => named.filter((found) => found.words === wanted).slice(0, mostAlike).map(({ one }) => foundDay(one, wanted, good, { git, rollout, profile })))
}

function foundDay(explored: ExploredState, words: string, good: Day, settings: DaySettings): FoundDay {
  const { story } = explored
  const told = withPassing(tell(story.map((event) => ({ events: [event] })), settings), explored, words)
  const common = story.findIndex((event, index) => !isSame(event, good.events[index]))
  const first = told.findIndex(({ state }) => state.moment.event > (common === -1 ? story.length - 1 : common))
  return { title: `The moment “${shortImages(words)}”`, about: `The shortest way to it: ${storyText(story)}.`, events: story, told: told.slice(Math.max(0, first - 1)), words }
}

/** A state that the controllers leave by themselves stands before the one in which they come to rest. */
function withPassing(told: readonly Told[], { state, seen, story }: ExploredState, words: string): readonly Told[] {
  if (seen === 'resting') return told
  const at = told.findIndex((one) => one.state.moment.event === story.length)
  const next = told[at]
  if (next === undefined) return told
  const passing = { ...next, state, event: `on the way: ${next.event}`, words }
  return [...told.slice(0, at), passing, ...told.slice(at)].map((one, number) => ({ ...one, number }))
}

/** How long a pause is waited for is no departure. */
function isSame(event: Event, other: Event | undefined): boolean {
  return event.do === 'wait' ? other?.do === 'wait' : JSON.stringify(event) === JSON.stringify(other)
}

function storyText(story: readonly Event[]): string {
  return story.length === 0 ? 'the first deploy' : story.map(describeEvent).join('; ')
}
