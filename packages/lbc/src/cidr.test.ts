import { expect, it } from 'vitest'
import { cidrHolds, readAddress, readCidr } from './cidr.ts'

const holds = (block: string, address: string): boolean => {
  const [cidr, one] = [readCidr(block), readAddress(address)]
  if (cidr === undefined || one === undefined) throw new Error('not readable')
  return cidrHolds(cidr, one)
}

it('knows which addresses a block holds, in both families', () => {
  expect(holds('10.0.0.0/8', '10.255.0.1')).toBe(true)
  expect(holds('10.0.0.0/8', '11.0.0.1')).toBe(false)
  expect(holds('0.0.0.0/0', '203.0.113.9')).toBe(true)
  expect(holds('192.0.2.7/32', '192.0.2.7')).toBe(true)
  expect(holds('2001:db8::/32', '2001:db8:1::1')).toBe(true)
  expect(holds('2001:db8::/32', '2001:db9::1')).toBe(false)
  expect(holds('0.0.0.0/0', '2001:db8::1')).toBe(false)
  expect(holds('192.0.2.0/24', '::ffff:192.0.2.1')).toBe(true)
  expect(holds('::ffff:192.0.2.0/120', '192.0.2.9')).toBe(true)
  expect(holds('::ffff:192.0.2.0/120', '192.0.3.9')).toBe(false)
})

it('reads no block where Go reads none', () => {
  for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0/8', '10.0.0.256/8', '010.0.0.0/8', '10.0.0.0/08', '::1::/64', '1:2:3:4:5:6:7:8:9/64', 'x/8', '/8', '::/129']) {
    expect(readCidr(text), text).toBeUndefined()
  }
})
