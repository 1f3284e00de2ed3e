/** Chance from a seed (mulberry32): the same seed, the same cases. */
export const chance = seed => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = count => Math.floor(next() * count)
  const pick = list => list[below(list.length)]
  return {
    below, pick,
    /** True once in so many times. */
    once: count => below(count) === 0,
  }
}
