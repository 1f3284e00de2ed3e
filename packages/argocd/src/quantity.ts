const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const
const decimal = new Map([['n', -9], ['u', -6], ['m', -3], ['', 0], ['k', 3], ['M', 6], ['G', 9], ['T', 12], ['P', 15], ['E', 18]])
const syntax = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/
const largest = 2n ** 63n - 1n

/** A number as digits times a power of ten. */
interface Amount { readonly digits: bigint; readonly power: number }
type Suffix = { readonly family: 'exponent' | 'decimal'; readonly power: number } | { readonly family: 'binary'; readonly power: number }

/** The canonical text of a Kubernetes quantity (apimachinery resource.Quantity), or undefined where Go cannot parse it. The family of the suffix is kept. */
export function canonicalQuantity(text: string): string | undefined {
  const match = text === '' ? null : syntax.exec(text)
  const suffix = readSuffix(match?.[4] ?? '')
  if (!match || !suffix) return undefined
  const [, sign = '', whole = '', fraction = ''] = match
  // no digits at all are a zero
  const number = whole.replace(/^0+/, '') || '0'
  const digits = number + fraction
  const fast = suffix.family === 'binary' ? isFastBinary(number, fraction, suffix.power) : digits.length <= 18 && suffix.power - fraction.length >= -9
  if (fast && isReused(digits, fraction, suffix)) return text
  const exact = suffix.family === 'binary'
    ? { digits: BigInt(digits) * 1024n ** BigInt(suffix.power), power: -fraction.length }
    : { digits: BigInt(digits), power: suffix.power - fraction.length }
  // inf.Dec reads no empty number
  if (!fast && whole + fraction === '') return undefined
  const amount = fast ? exact : rounded(exact, suffix.family)
  if (amount.digits === 0n) return '0'
  return (sign === '-' ? '-' : '') + (suffix.family === 'binary' ? binaryText(amount) : decimalText(amount, suffix.family))
}

function readSuffix(text: string): Suffix | undefined {
  if (/^[eE][+-]?\d+$/.test(text)) return { family: 'exponent', power: Number(text.slice(1)) }
  const power = binary.indexOf(text as 'Ki')
  if (power > 0) return { family: 'binary', power }
  return decimal.has(text) ? { family: 'decimal', power: decimal.get(text)! } : undefined
}

// quantity.go ParseQuantity: how much fits into 63 bits for certain
function isFastBinary(number: string, fraction: string, power: number): boolean {
  return fraction === '' && 15 - number.length - Math.floor(power * 10 * 0.3) - 1 >= 0
}

/** What ParseQuantity takes for canonical keeps its text, be it `1.500`, `+1` or `1E3`. */
function isReused(digits: string, fraction: string, { family, power }: Suffix): boolean {
  if (family === 'binary') return BigInt(digits) % 8n !== 0n
  return (power - fraction.length) % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0')
}

/** Amounts finer than nano are rounded up; a binary one is at most 63 bits. */
function rounded({ digits, power }: Amount, family: Suffix['family']): Amount {
  const divisor = 10n ** BigInt(Math.min(Math.max(0, -9 - power), 10_000))
  const amount = power < -9 ? { digits: (digits + divisor - 1n) / divisor, power: -9 } : { digits, power }
  return family === 'binary' && amount.digits > largest * 10n ** BigInt(-amount.power) ? { digits: largest, power: 0 } : amount
}

function decimalText({ digits, power }: Amount, family: 'exponent' | 'decimal'): string {
  let [rest, at] = [digits, power]
  while (at % 3 !== 0) { rest *= 10n; at-- }
  while (rest % 1000n === 0n) { rest /= 1000n; at += 3 }
  if (family === 'exponent') return at === 0 ? `${rest}` : `${rest}e${at}`
  // beyond E there is no suffix, and none is written
  return `${rest}${[...decimal].find(([, value]) => value === at)?.[0] ?? ''}`
}

// quantity.go CanonicalizeBytes: below 1024, and where something would be lost, a binary amount is written in decimal
function binaryText({ digits, power }: Amount): string {
  const divisor = 10n ** BigInt(-power)
  if (digits < 1024n * divisor || digits % divisor !== 0n) return decimalText({ digits, power }, 'decimal')
  let rest = digits / divisor
  let at = 0
  while (rest % 1024n === 0n && at < binary.length - 1) { rest /= 1024n; at++ }
  return `${rest}${binary[at]}`
}

const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

/** What decoding a JSON value into a resource.Quantity says of one that is none; undefined where it is one. */
export function quantityError(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value)
  const match = text === '' ? null : syntax.exec(text)
  if (!match) return wrongFormat
  if (canonicalQuantity(text) !== undefined) return undefined
  return readSuffix(match[4] ?? '') ? 'unable to parse numeric part of quantity' : "unable to parse quantity's suffix"
}
