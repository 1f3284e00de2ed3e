import fc from 'fast-check'
import { expect, it } from 'vitest'

import { mapOf, sortedKeys } from './map-of.ts'

const keys = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '1', '0'))

it('makes what Object.fromEntries makes, keys in the same order, whatever they are called', () => {
  fc.assert(fc.property(fc.array(fc.tuple(keys, fc.integer())), (entries) => {
    expect(Object.entries(mapOf(entries))).toEqual(Object.entries(Object.fromEntries(entries)))
  }))
})

it('sorts keys as sort does', () => {
  fc.assert(fc.property(fc.dictionary(keys, fc.integer()), (map) => { expect(sortedKeys(map)).toEqual(Object.keys(map).sort()) }))
})
