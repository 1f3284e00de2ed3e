import { CliError } from './exit.ts'

const units: ReadonlyMap<string, number> = new Map([['ms', 0.001], ['s', 1], ['m', 60], ['h', 3600]])

/** Seconds of `30m`, `90s`, `1h30m`, `500ms`, or of a number without a unit. Throws a CliError that names the option. */
export function parseDuration(text: string, option: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  if (text === '' || parts.map(([whole]) => whole).join('') !== text) throw new CliError('USAGE', `${option} ${text}: not a duration`, { hint: 'write it as 30m, 90s or 1h30m' })
  return parts.reduce((sum, [, number = '0', unit = 's']) => sum + Number(number) * (units.get(unit) ?? 1), 0)
}
