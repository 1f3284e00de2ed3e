import { describe, expect, it } from 'vitest'
import { executeTemplate } from './execute.ts'
// What text/template of Go 1.24 with sprig 3.3.0 and the functions that ApplicationSets add made of these templates.
import recorded from './recorded.json' with { type: 'json' }

interface Case {
  readonly template: string
  readonly options?: readonly string[]
  readonly text?: string
}

const cases: readonly Case[] = recorded.cases

describe('executeTemplate', () => {
  it.each(cases.map((one) => [`${one.template} ${(one.options ?? []).join()}`, one] as const))('writes what Go writes: %s', (_, { template, options = [], text }) => {
    const made = executeTemplate(template, structuredClone(recorded.parameters), options)
    if (text === undefined) expect(made).toHaveProperty('why')
    else expect(made).toEqual({ text })
  })

  it('says which function it does not know', () => {
    expect(executeTemplate('{{ .name | slugify }}', { name: 'a' }, [])).toMatchObject({ why: expect.stringContaining('slugify') as string, missing: 'no' })
  })

  it('tells a missing parameter from other faults', () => {
    expect(executeTemplate('{{ .other }}', { name: 'a' }, ['missingkey=error'])).toMatchObject({ missing: 'yes' })
  })

  it('knows no functions but its own', () => {
    expect(executeTemplate('{{ constructor }}', { name: 'a' }, [])).toMatchObject({ why: expect.stringContaining('constructor') as string })
  })
})
