/** A reading of both clocks: wall (milliseconds since 1970) and elapsed (milliseconds since some start, which no one sets). */
export interface Reading {
  readonly wall: number
  readonly elapsed: number
}

/** What is believed after a reading; `doubted` while the wall clock is ahead of what has elapsed and was not seen so before. */
export interface Believed extends Reading {
  readonly time: number
  readonly doubted: 'yes' | 'no'
}

const tolerated = 5_000

/**
 * The time that a deadline is held against, never going back. A wall clock set back is passed over until it has caught up; one set forward is believed when it still is at the
 * next reading (a machine that slept), so that a jump for a moment decides nothing.
 */
export function believe(before: Believed | undefined, { wall, elapsed }: Reading): Believed {
  if (before === undefined) return { wall, elapsed, time: wall, doubted: 'no' }
  const steady = before.time + Math.max(0, elapsed - before.elapsed)
  if (wall < steady) return { wall, elapsed, time: steady, doubted: 'no' }
  const jumped = wall - steady > tolerated
  return jumped && before.doubted === 'no' ? { wall, elapsed, time: steady, doubted: 'yes' } : { wall, elapsed, time: wall, doubted: 'no' }
}
