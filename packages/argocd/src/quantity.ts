const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const
const decimal = new Map([['n', -9], ['u', -6], ['m', -3], ['', 0], ['k', 3], ['M', 6], ['G', 9], ['T', 12], ['P', 15], ['E', 18]])
const syntax = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d+)|([KMGTPE]i)|([numkMGTPE]))?$/

/** The canonical text of a Kubernetes quantity (apimachinery resource.Quantity), or undefined where Go cannot parse it. The family of the suffix is kept. */
export function canonicalQuantity(text: string): string | undefined {
  const match = syntax.exec(text)
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = '', exponent, binarySuffix, decimalSuffix = ''] = match
  if (whole === '' && fraction === '') return undefined
  const minus = sign === '-' ? '-' : ''
  const digits = BigInt(whole + fraction === '' ? '0' : whole + fraction)
  if (binarySuffix !== undefined) return minus + binaryText(digits * 1024n ** BigInt(binary.indexOf(binarySuffix as 'Ki')), fraction.length)
  const power = exponent === undefined ? decimal.get(decimalSuffix)! : Number(exponent.slice(1))
  const nano = toNano(digits, power - fraction.length)
  if (nano === 0n) return '0'
  return minus + decimalText(nano, exponent === undefined ? 'suffix' : 'exponent')
}

/** quantity.go: amounts finer than nano are rounded up. */
function toNano(digits: bigint, power: number): bigint {
  const shift = power + 9
  if (shift >= 0) return digits * 10n ** BigInt(shift)
  const divisor = 10n ** BigInt(-shift)
  return (digits + divisor - 1n) / divisor
}

function decimalText(nano: bigint, style: 'suffix' | 'exponent'): string {
  let power = -9
  let digits = nano
  while (digits % 1000n === 0n && (style === 'exponent' || power < 18)) { digits /= 1000n; power += 3 }
  if (style === 'exponent') return power === 0 ? `${digits}` : `${digits}e${power}`
  return `${digits}${[...decimal].find(([, value]) => value === power)![0]}`
}

// quantity.go CanonicalizeBytes: below 1024 a binary amount is written in decimal; a fraction of a unit is rounded up
function binaryText(scaled: bigint, places: number): string {
  const divisor = 10n ** BigInt(places)
  if (scaled < 1024n * divisor) {
    const nano = toNano(scaled, -places)
    return nano === 0n ? '0' : decimalText(nano, 'suffix')
  }
  let digits = (scaled + divisor - 1n) / divisor
  let power = 0
  while (digits % 1024n === 0n && power < binary.length - 1) { digits /= 1024n; power++ }
  return `${digits}${binary[power]}`
}

const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

/** What resource.ParseQuantity says of a text that is no quantity; undefined where it is one. */
export function quantityError(text: string): string | undefined {
  if (text === '') return wrongFormat
  if (canonicalQuantity(text) !== undefined) return undefined
  const parts = /^([+-]?\d*(?:\.\d*)?)([eEinumkKMGTP]*[-+]?\d*)$/.exec(text)
  if (!parts) return wrongFormat
  const [, value = '', suffix = ''] = parts
  return isSuffix(suffix) || value === '' ? 'unable to parse numeric part of quantity' : "unable to parse quantity's suffix"
}

function isSuffix(text: string): boolean {
  return /^(?:[eE][+-]?\d+|[KMGTPE]i|[numkMGTPE]|)$/.test(text)
}
