import { readFileSync } from 'node:fs'
import { type Schema, Validator } from '@cfworker/json-schema'
import { describe, expect, it } from 'vitest'
import type { PolicyError } from '../policy-error.ts'
import type { Rule } from '../rule.ts'
import { rules } from '../rules/index.ts'
import { configJsonSchema, configKeys } from './config.ts'
import { configureRules } from './configure-rules.ts'
import { isIgnored } from './is-ignored.ts'
import { readConfig } from './read-config.ts'
import { readRules } from './read-rules.ts'

const whole = {
  $schema: 'x', argocdVersion: '3.4', rolloutsVersion: 'v1.10.2', lbcVersion: '2.13', rules: { 'no-lost-route': 'warning', 'drift-covered': 'off' }, ignore: ['charts/**'], failOn: 'never', rulesFrom: ['./rules.js'],
}
const faults = (value: unknown): unknown => {
  const answer = readConfig(value)
  return 'faults' in answer ? answer.faults.map((one) => [one.code, one.pointer, one.hint ?? '']) : answer.config
}

describe('a configuration', () => {
  it('may say everything, or nothing', () => {
    expect(readConfig(whole)).toEqual({ config: whole })
    expect([readConfig({}), readConfig(null)]).toEqual([{ config: {} }, { config: {} }])
  })

  it('names each key that there is not, with the one that was meant', () => {
    expect(faults({ argoCdVersion: '3.4', ignores: [], failon: 'error', zebra: 1 })).toEqual([
      ['unknown-key', '/argoCdVersion', 'did you mean argocdVersion?'],
      ['unknown-key', '/ignores', 'did you mean ignore?'],
      ['unknown-key', '/failon', 'did you mean failOn?'],
      ['unknown-key', '/zebra', `the keys are ${configKeys.join(', ')}`],
    ])
  })

  it.each([
    [{ argocdVersion: 3.1 }, '/argocdVersion', 'quote it: YAML reads 3.10 as 3.1'],
    [{ rolloutsVersion: 'latest' }, '/rolloutsVersion', ''],
    [{ rules: { 'no-lost-route': false } }, '/rules/no-lost-route', 'quote it: "off" without quotes can be a truth value in YAML'],
    [{ rules: { 'a/b~c': 'fatal' } }, '/rules/a~1b~0c', ''],
    [{ rules: ['no-lost-route'] }, '/rules', ''],
    [{ ignore: 'charts' }, '/ignore', 'write ignore: ["charts"]'],
    [{ rulesFrom: [''] }, '/rulesFrom/0', ''],
    [{ failOn: 'info' }, '/failOn', ''],
    [['a'], '', ''],
    ['text', '', ''],
  ])('%j is wrong at %s', (value, pointer, hint) => {
    expect(faults(value)).toEqual([['wrong-value', pointer, hint]])
  })

  it('does not take __proto__ for a rule or a key', () => {
    expect(faults(JSON.parse('{"rules":{"__proto__":"off"}}'))).toEqual([['unknown-key', '/rules/__proto__', '']])
    expect(faults(JSON.parse('{"__proto__":{"failOn":"never"}}'))).toMatchObject([['unknown-key', '/__proto__', expect.any(String)]])
  })
})

describe('the published JSON Schema', () => {
  const published = JSON.parse(readFileSync(new URL('../../config.schema.json', import.meta.url), 'utf8')) as Schema
  const valid = (value: unknown): boolean => new Validator(published, '2020-12').validate(value).valid

  it('is the one that configurations are read by', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(configJsonSchema())))
    expect(Object.keys(published['properties'] as object)).toEqual(configKeys)
  })

  it('says the same as the reader', () => {
    for (const value of [whole, {}, { zebra: 1 }, { argocdVersion: 3.1 }, { rules: { x: 'fatal' } }, { ignore: 'a' }, { failOn: 'info' }]) expect([value, valid(value)]).toEqual([value, 'config' in readConfig(value)])
  })
})

describe('rules by configuration', () => {
  const rule = (id: string, recommended = true): Rule => ({ meta: { id, severity: 'error', recommended, summary: '', messages: {}, hint: '', threads: [] }, check() {} })
  const shown = (configured: readonly Rule[]): unknown => configured.map(({ meta }) => `${meta.id}: ${meta.severity}`)

  it('run at the severity given, not at all where off, and only when asked where not recommended', () => {
    const all = [rule('a'), rule('b'), rule('c', false), rule('d', false)]
    expect(shown(configureRules(all, { a: 'info', b: 'off', d: 'warning' }))).toEqual(['a: info', 'd: warning'])
    expect(shown(configureRules(all, {}))).toEqual(['a: error', 'b: error'])
  })

  it('that do not exist are an error with the one that was meant', () => {
    const thrown = (id: string): PolicyError | undefined => {
      try {
        configureRules(rules, { [id]: 'off' })
        return undefined
      } catch (error) {
        return error as PolicyError
      }
    }
    expect(thrown('no-lost-routes')).toMatchObject({ code: 'UNKNOWN_RULE', hint: 'did you mean no-lost-route?' })
    expect(thrown('toString')).toMatchObject({ code: 'UNKNOWN_RULE' })
  })

  it('of a team are read from a default export of one or several', () => {
    expect(shown(readRules(rule('team/a'), 'x.js', []))).toEqual(['team/a: error'])
    expect(shown(readRules([rule('a'), rule('b')], 'x.js', ['c']))).toEqual(['a: error', 'b: error'])
  })

  it.each([
    ['nothing', undefined], ['a text', 'rule'], ['no meta', { check() {} }], ['no check', { meta: rule('a').meta }], ['a bad id', rule('No Spaces')], ['a bad severity', { ...rule('a'), meta: { ...rule('a').meta, severity: 'fatal' } }],
    ['messages that are no texts', { ...rule('a'), meta: { ...rule('a').meta, messages: { x: 1 } } }], ['an id that is taken', rule('taken')], ['an id twice', [rule('a'), rule('a')]],
  ])('of a team are refused where the export is %s', (_, exported) => {
    expect(() => readRules(exported, 'x.js', ['taken'])).toThrow(expect.objectContaining({ code: 'BAD_RULE', message: expect.stringContaining('x.js: ') }))
  })
})

it('ignores a path by a glob of its own or of a folder around it', () => {
  const ignored = (path: string): boolean => isIgnored(path, ['charts/**', './vendor/', '**/*.gen.yaml', 'a?.yaml'])
  expect(['charts/web/values.yaml', 'vendor/x/y.yaml', 'deep/er/z.gen.yaml', 'ab.yaml'].filter((path) => !ignored(path))).toEqual([])
  expect(['charts.yaml', 'my/vendor/x.yaml', 'z.gen.yml', 'x/ab.yaml', '../charts/x.yaml'].filter(ignored)).toEqual([])
  expect(isIgnored('a.yaml', [])).toBe(false)
})
