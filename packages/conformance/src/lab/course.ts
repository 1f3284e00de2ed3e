import type { StoryEvent } from '@rollsync/ignore'
import type { Prediction, Predicted } from '../e2e/predict.ts'
import type { Observed } from '../e2e/observed.ts'

/** What is predicted for so many seconds after an event, if nothing else happens. */
export interface Moment {
  readonly seconds: number
  readonly predicted: Predicted
}

/** Pauses, scale-down delays and back-off run on the clock: so often a prediction looks at it, and so far ahead. */
const grain = 5
const horizon = 150
/** The cluster reacts later than the model, and its clocks begin when its pods are there. */
const lateness = 15

/** The events of a story that tells an event and the time after it. */
export function withClock(past: readonly StoryEvent[], event: StoryEvent | undefined): readonly StoryEvent[] {
  return [...past, ...(event === undefined ? [] : [event]), ...Array.from({ length: horizon / grain }, () => ({ do: 'wait', seconds: grain }) as const)]
}

/** What a story of `withClock` says of that event: at once, and as time passes. A story that ended before has fewer moments, at least one. */
export function courseOf({ chapters }: Prediction, first: number): readonly Moment[] {
  const course: Moment[] = []
  for (const [index, chapter] of chapters.slice(first).entries()) {
    const before = course.at(-1)?.predicted
    course.push({ seconds: index * grain, predicted: before === undefined ? chapter : { ...chapter, syncs: before.syncs + chapter.syncs, heals: before.heals || chapter.heals } })
  }
  return course
}

/** The moment of a course that something seen `seconds` after the event has to be: the one that agrees and lies nearest among those near enough, or the nearest, with where it differs. */
export function matching(course: readonly Moment[], seconds: number, differences: (predicted: Observed) => readonly string[]): { readonly moment: Moment; readonly differences: readonly string[] } {
  const distance = (moment: Moment): number => Math.abs(moment.seconds - seconds)
  const near = course.filter((moment) => moment.seconds >= seconds - lateness && moment.seconds <= seconds + grain)
  const [nearest, ...others] = [...(near.length === 0 ? course.slice(-1) : near)].sort((a, b) => distance(a) - distance(b))
  if (nearest === undefined) throw new Error('a story has at least one chapter')
  const judged = [nearest, ...others].map((moment) => ({ moment, differences: differences(observedIn(moment)) }))
  return judged.find((one) => one.differences.length === 0) ?? judged[0] as (typeof judged)[number]
}

function observedIn({ predicted: { because: _because, rest: _rest, ...observed } }: Moment): Observed {
  return observed
}
