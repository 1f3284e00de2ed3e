import { describe, expect, it } from 'vitest'
import { lineDiff } from './line-diff.ts'

const signs = { same: ' ', added: '+', removed: '-', gap: '~' } as const
const shown = (before: string, after: string): readonly string[] => lineDiff(before, after).map(({ is, text }) => `${signs[is]}${text}`)

describe('lineDiff', () => {
  it('shows nothing where nothing differs', () => {
    expect(shown('a\nb\n', 'a\nb\n')).toEqual([])
  })

  it('shows what goes before what comes', () => {
    expect(shown('a\nb\nc\n', 'a\nx\nc\n')).toEqual([' a', '-b', '+x', ' c'])
    expect(shown('', 'a')).toEqual(['-', '+a'])
  })

  it('keeps three equal lines around a change and counts the others', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].join('\n')
    expect(shown(before, before.replace('5', '5\nx'))).toEqual(['~2 equal lines', ' 3', ' 4', ' 5', '+x', ' 6', ' 7', ' 8', '~1 equal line'])
  })

  it('does not compare line by line what is too long for it', () => {
    const long = Array.from({ length: 3000 }, (_, index) => String(index)).join('\n')
    expect(lineDiff(long, `${long}\nx`)).toHaveLength(6001)
  })
})
