const units = new Map([['ns', 1e-9], ['us', 1e-6], ['µs', 1e-6], ['μs', 1e-6], ['ms', 1e-3], ['s', 1], ['m', 60], ['h', 3600]])

/** Go's time.ParseDuration in seconds; undefined for a text it refuses. */
export function goDurationSeconds(text: string): number | undefined {
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  if (rest === '0') return 0
  if (rest === '' || !/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined
  let seconds = 0
  for (const [, amount = '', unit = ''] of rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) seconds += Number(amount) * (units.get(unit) ?? 0)
  return seconds > 9223372036.854774 ? undefined : sign === '-' ? -seconds : seconds
}

/** types.go:863 RolloutPause.DurationSeconds: whole seconds, -1 for what is no duration, 0 for none. */
export function pauseSeconds(duration: string | number | undefined): number {
  if (duration === undefined) return 0
  if (typeof duration === 'number') return duration
  if (/^[+-]?\d+$/.test(duration) && Math.abs(Number(duration)) <= 2147483647) return Number(duration)
  const seconds = goDurationSeconds(duration)
  return seconds === undefined ? -1 : Math.trunc(seconds) + 0
}
