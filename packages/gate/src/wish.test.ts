import { expect, it } from 'vitest'
import { parseDecision } from './wish.ts'

const parse = (text: string): unknown => parseDecision({ text, at: 0 })

it.each<[string, unknown]>([
  ['promote', { verdict: 'promote', by: 'decision file' }],
  ['\uFEFFRollback: ann\tsays so \nmore', { verdict: 'roll back', by: 'decision file', why: 'ann says so' }],
  ['{"decision":"rollback","why":"5xx"}', { verdict: 'roll back', by: 'decision file', why: '5xx' }],
  ['', undefined],
  [' \n', undefined],
])('reads %j', (text, expected) => expect(parse(text)).toEqual(expected))

it.each(['prom', 'yes', 'do not promote', '{"decision":', '{"decision":1}', '{"__proto__":{"decision":"promote"}}', '{}', 'promote,rollback'])('takes %j for no decision', (text) => expect(parse(text)).toHaveProperty('fault'))
