/** apimachinery resource.Quantity, to thousandths, as a pod template's resources are rounded up (core/v1 SetDefaults_ResourceList). */
export interface Quantity {
  readonly milli: bigint
  readonly format: 'decimal' | 'binary' | 'exponent'
}

const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const decimal = new Map([['n', -9], ['u', -6], ['m', -3], ['', 0], ['k', 3], ['M', 6], ['G', 9], ['T', 12], ['P', 15], ['E', 18]])

/** The quantity a text (or a number of JSON) means; undefined for what is none, for what is beyond 64 bits, and for the spellings `+1` and `1E3`, which Go prints back as they are. */
export function parseQuantity(value: unknown): Quantity | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || text.length > 60) return undefined
  const [, sign = '', whole = '', fraction = '', suffix = ''] = /^(-?)(\d*)\.?(\d*)([KMGTPE]i|[numkMGTPE]?|e[+-]?\d{1,2})$/.exec(text) ?? []
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  const exponent = /^e[+-]?\d/.test(suffix) ? Number(suffix.slice(1)) : decimal.get(suffix)
  const power = binary.indexOf(suffix)
  const milli = exponent === undefined ? roundUp(digits * 1024n ** BigInt(power) * 1000n, fraction.length) : scaled(digits, exponent + 3 - fraction.length)
  const format = exponent === undefined ? 'binary' : decimal.has(suffix) ? 'decimal' : 'exponent'
  return milli >= 1000n << 63n ? undefined : { milli: sign === '-' ? -milli : milli, format }
}

function scaled(digits: bigint, exponent: number): bigint {
  return exponent >= 0 ? digits * 10n ** BigInt(exponent) : roundUp(digits, -exponent)
}

function roundUp(digits: bigint, places: number): bigint {
  const divisor = 10n ** BigInt(places)
  return (digits + divisor - 1n) / divisor
}

/** Quantity.String: the largest suffix that leaves a whole number. Less than 1024, and what is no whole number, is never written in binary. */
export function printQuantity({ milli, format }: Quantity): string {
  const size = milli < 0n ? -milli : milli
  const sign = milli < 0n ? '-' : ''
  if (format === 'binary' && size >= 1024_000n && size % 1000n === 0n) return sign + printBinary(size / 1000n)
  let [amount, exponent] = [size, -3]
  while (amount !== 0n && amount % 1000n === 0n) [amount, exponent] = [amount / 1000n, exponent + 3]
  if (amount === 0n) return '0'
  if (format === 'exponent') return `${sign}${amount}${exponent === 0 ? '' : `e${exponent}`}`
  return `${sign}${amount}${[...decimal].find(([, power]) => power === exponent)?.[0] ?? `e${exponent}`}`
}

function printBinary(size: bigint): string {
  let [amount, power] = [size, 0]
  while (amount % 1024n === 0n && power < binary.length - 1) [amount, power] = [amount / 1024n, power + 1]
  return `${amount}${binary[power]}`
}
