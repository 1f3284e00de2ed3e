/** Seconds since 1970 of an RFC 3339 text; NaN where it is none. */
export function secondsOf(text: string): number {
  const known = read.get(text)
  if (known !== undefined) return known
  const seconds = Math.floor(Date.parse(text) / 1000)
  if (read.size >= KEPT) read.clear()
  read.set(text, seconds)
  return seconds
}

// A walk reads the same few times again and again.
const KEPT = 256
const read = new Map<string, number>()

/** RFC 3339 in UTC without fractions, as Go's metav1.Time prints. */
export function rfc3339(seconds: number): string {
  if (seconds !== printed.seconds) printed = { seconds, text: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') }
  return printed.text
}

// The last one: a sync prints its own time for every condition that it thinks of.
let printed = { seconds: 0, text: '1970-01-01T00:00:00Z' }

const UNITS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, 'µs': 1e-6, 'μs': 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }

/**
 * Seconds of a pause or experiment duration (types.go RolloutPause.DurationSeconds): a number, a text of digits, or Go's duration text (`1m30s`), fractions cut; -1 where it is
 * none of these, and 0 where there is none.
 */
export function durationSeconds(duration: string | number | undefined): number {
  if (duration === undefined) return 0
  if (typeof duration === 'number') return duration
  if (/^[+-]?\d{1,10}$/.test(duration)) return Number(duration)
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(duration)
  if (match === null) return -1
  const parts = (match[2] as string).matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)
  const total = [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit as string] as number), 0)
  return Math.trunc(match[1] === '-' ? -total : total)
}
