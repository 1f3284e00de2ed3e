/** An address block: the family's bits, the address as a number, how many leading bits count. */
export interface Cidr {
  readonly bits: 32 | 128
  readonly address: bigint
  readonly prefix: number
}

/** Reads `10.0.0.0/8` or `2001:db8::/32` as Go's net.ParseCIDR does; undefined where it is none. */
export function readCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/')
  const written = readWritten(text.slice(0, Math.max(slash, 0)))
  const prefix = text.slice(slash + 1)
  if (written === undefined || !/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > written.bits) return undefined
  const address = asV4(written)
  if (address.bits === written.bits) return { ...written, prefix: Number(prefix) }
  return Number(prefix) < 96 ? { ...written, prefix: Number(prefix) } : { ...address, prefix: Number(prefix) - 96 }
}

/** Reads an IPv4 or IPv6 address; undefined where it is none. An IPv4 address in IPv6 form is an IPv4 address. */
export function readAddress(text: string): Address | undefined {
  const written = readWritten(text)
  return written === undefined ? undefined : asV4(written)
}

interface Address { readonly bits: 32 | 128; readonly address: bigint }

/** An IPv4 address in IPv6 form as the IPv4 address it is. */
function asV4(written: Address): Address {
  return written.bits === 128 && written.address >> 32n === 0xffffn ? { bits: 32, address: written.address & 0xffffffffn } : written
}

function readWritten(text: string): Address | undefined {
  if (!text.includes(':')) {
    const address = readV4(text)
    return address === undefined ? undefined : { bits: 32, address }
  }
  const groups = readGroups(text)
  if (groups === undefined) return undefined
  return { bits: 128, address: groups.reduce((sum, group) => (sum << 16n) | group, 0n) }
}

/** Whether an address lies in a block. */
export function cidrHolds(block: Cidr, { bits, address }: Address): boolean {
  const shift = BigInt(block.bits - block.prefix)
  return bits === block.bits && block.address >> shift === address >> shift
}

function readV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255)) return undefined
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)
}

function readGroups(text: string): readonly bigint[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half, i) => readHalf(half, i === halves.length - 1 ? 'may end in IPv4' : 'groups only'))
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined
  if (halves.length === 1) return head.length === 8 ? head : undefined
  const missing = 8 - head.length - (tail?.length ?? 0)
  return missing < 1 ? undefined : [...head, ...Array<bigint>(missing).fill(0n), ...(tail ?? [])]
}

function readHalf(text: string, ending: 'may end in IPv4' | 'groups only'): readonly bigint[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const groups: bigint[] = []
  for (const [i, part] of parts.entries()) {
    const v4 = ending === 'may end in IPv4' && i === parts.length - 1 && part.includes('.') ? readV4(part) : undefined
    if (v4 !== undefined) groups.push(v4 >> 16n, v4 & 0xffffn)
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`))
    else return undefined
  }
  return groups
}
