import { describe, expect, it } from 'vitest'
import { readsAsText, resolvePlain } from './plain-scalar.ts'

/** What sigs.k8s.io/yaml v1.6.0 answered for each unquoted word. */
const recorded: readonly (readonly [string, unknown])[] = [
  ['0', 0], ['00', 0], ['08', 8], ['09', 9], ['0777', 511], ['0o7', 7], ['0o8', '0o8'], ['0b1', 1], ['0b12', '0b12'], ['-0b1', -1],
  ['0x', '0x'], ['0x1F', 31], ['+0x1F', 31], ['-0xF', -15], ['012', 10], ['-012', -10], ['+0', 0], ['-0', 0], ['+12', 12],
  ['1.', 1], ['.5', 0.5], ['+.5', 0.5], ['5.e3', 5000], ['1e3', 1000], ['1E+3', 1000], ['1e', '1e'], ['.e3', '.e3'], ['1_0', 10],
  ['1__0', 10], ['_1', '_1'], ['1_', 1], ['0.1_1', 0.11], ['12e03', 12000], ['1e400', '1e400'],
  ['9007199254740991', 9007199254740991], ['1:30', '1:30'], ['2024-01-01', '2024-01-01'],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00'], ['y', true], ['Y', true], ['n', false], ['N', false],
  ['yes', true], ['No', false], ['on', true], ['oN', 'oN'], ['OFF', false], ['true', true], ['TRUE', true], ['tRUE', 'tRUE'],
  ['false', false], ['~', null], ['null', null], ['Null', null], ['nuLL', 'nuLL'], ['Inf', 'Inf'], ['nan', 'nan'],
  ['0x1p4', '0x1p4'], ['1,000', '1,000'], ['=', '='], ['a:b', 'a:b'], ['a#b', 'a#b'], ['1.10', 1.1], ['20240101', 20240101],
  ['v1', 'v1'], ['e3', 'e3'], ['1-2', '1-2'], ['1.2.3', '1.2.3'], ['--', '--'], ['+', '+'],
]

describe('resolvePlain', () => {
  it.each(recorded)('%s', (word, value) => {
    expect(resolvePlain(word) === value).toBe(true)
  })
})

describe('readsAsText', () => {
  it('is true only where every reader of YAML 1.1 and 1.2 agrees', () => {
    const texts = recorded.filter(([word]) => readsAsText(word))
    expect(texts.every(([word, value]) => word === value)).toBe(true)
    expect(['1:30', '2024-01-01', '=', 'y', '012', '1e3', '~'].map(readsAsText)).toEqual([false, false, false, false, false, false, false])
    expect(['v1', 'a:b', '1.2.3', 'nuLL'].map(readsAsText)).toEqual([true, true, true, true])
  })
})
