import { isMap } from '@rollsync/manifests'

/** As fmt prints a value with %v: what a template writes. */
export function goText(value: unknown): string {
  if (value === undefined || value === null) return '<no value>'
  return inner(value)
}

function inner(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return goFloat(value)
  if (Array.isArray(value)) return `[${value.map(inner).join(' ')}]`
  if (isMap(value)) return `map[${Object.keys(value).toSorted().map((key) => `${key}:${inner(value[key])}`).join(' ')}]`
  return value === undefined || value === null ? '<nil>' : String(value as bigint | boolean)
}

/** strconv.FormatFloat with %g and the shortest digits: an exponent from 1e+06 on and below 1e-04. */
export function goFloat(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value === 0 ? '0' : value > 0 ? '+Inf' : '-Inf'
  const [digits = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < 6) return plainDigits(value)
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function plainDigits(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text
}
