import { describe, expect, it } from 'vitest'
import { canonicalQuantity } from './quantity.ts'

describe('canonicalQuantity', () => {
  it.each([
    ['0.1', '100m'], ['100m', '100m'], ['1', '1'], ['1000', '1k'], ['1500', '1500'], ['1024Mi', '1Gi'], ['1.5Gi', '1536Mi'], ['134217728', '134217728'], ['128Mi', '128Mi'],
    ['0', '0'], ['0Mi', '0'], ['1000m', '1'], ['1e3', '1e3'], ['1000e0', '1e3'], ['1E', '1E'], ['0.5Ki', '512'], ['-0.1', '-100m'], ['+2', '+2'], ['.5', '500m'], ['5.', '5.'],
    ['1000000', '1M'], ['0.0001m', '100n'], ['0.0000000001', '1n'], ['2048', '2048'], ['2Ki', '2Ki'],
    // what is taken for canonical keeps its text; a binary amount that is no whole number is written in decimal; only a binary one is capped
    ['1.500', '1.500'], ['1E3', '1E3'], ['1e+21', '1e+21'], ['100.001Ki', '102401024m'], ['2000Ei', '9223372036854775807'], ['123456789012345678.5P', '123456789012345678500T'], ['1000E', '1'], ['m', '0'], ['-e1', '0'],
  ])('writes %s as Go does: %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical)
  })

  it.each(['', 'Ei', '1x', '1 Mi', 'abc', '1..2', '--1'])('has nothing for %j, which Go refuses', (text) => {
    expect(canonicalQuantity(text)).toBeUndefined()
  })
})
