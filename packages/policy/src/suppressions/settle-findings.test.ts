import { parse } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../finding.ts'
import type { Rule } from '../rule.ts'
import { rules } from '../rules/index.ts'
import { settleFindings, type Settled } from './settle-findings.ts'

const known = rules.map((rule) => rule.meta.id)
const object = 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\n'

/** A finding of a rule at a line of one file. */
const at = (line: number, rule = 'no-lost-route', file = 'a.yaml'): Finding => ({
  rule, severity: 'error', message: 'x', file, line, column: 1, endLine: line, endColumn: 2, pointer: '', resource: { group: '', kind: 'Ingress', namespace: '', name: 'web' },
})
const settle = (text: string, findings: readonly Finding[], ran: readonly Rule[] = rules): Settled =>
  settleFindings({ findings, rules: ran, known }, parse([{ file: 'a.yaml', text }]).manifests)
const shown = ({ findings, suppressed }: Settled): unknown => ({
  findings: findings.map((one) => `${one.line} ${one.rule}`),
  suppressed: suppressed.map((one) => `${one.line} ${one.rule}: ${one.suppression.reason}`),
})

describe('a comment on the line before', () => {
  const text = `${object}# rollsync-disable-next-line no-lost-route -- known, see #12\n# more words\n\nspec: {}\n`

  it('silences its rule on the next line that is no comment', () => {
    expect(shown(settle(text, [at(7)]))).toEqual({ findings: [], suppressed: ['7 no-lost-route: known, see #12'] })
  })

  it('silences neither another rule nor another line nor another file, and is then unused', () => {
    expect(shown(settle(text, [at(7, 'drift-covered'), at(1), at(7, 'no-lost-route', 'b.yaml')]))).toEqual({
      findings: ['1 no-lost-route', '4 unused-suppression', '7 drift-covered', '7 no-lost-route'], suppressed: [],
    })
  })

  it('names several rules, each judged for itself', () => {
    const both = text.replace('no-lost-route', 'no-lost-route, drift-covered')
    expect(shown(settle(both, [at(7)]))).toEqual({ findings: ['4 unused-suppression'], suppressed: ['7 no-lost-route: known, see #12'] })
  })

  it('works in files with Windows line ends', () => {
    expect(shown(settle(text.replaceAll('\n', '\r\n'), [at(7)]))).toEqual({ findings: [], suppressed: ['7 no-lost-route: known, see #12'] })
  })
})

it('a comment for the file silences its rule wherever it finds something', () => {
  const text = `# rollsync-disable-file no-lost-route -- a lab\n${object}`
  expect(shown(settle(text, [at(3), at(2), at(2, 'drift-covered')]))).toEqual({ findings: ['2 drift-covered'], suppressed: ['2 no-lost-route: a lab', '3 no-lost-route: a lab'] })
})

describe('a comment that silences nothing', () => {
  const message = (comment: string, ran?: readonly Rule[]): readonly string[] => settle(`${object}${comment}\nspec: {}\n`, [], ran).findings.map((one) => one.message)

  it.each([
    ['# rollsync-disable-next-line no-lost-route', 'gives no reason'],
    ['# rollsync-disable-next-line no-lost-route --', 'gives no reason'],
    ['# rollsync-disable-next-line -- because', 'cannot be read'],
    ['# rollsync-disable no-lost-route -- because', 'cannot be read'],
    ['# rollsync-disable-next-line no-lost-rout -- because', 'there is no rule no-lost-rout; no-lost-route is near'],
    ['# rollsync-disable-next-line zzz -- because', 'there is no rule zzz'],
    ['# rollsync-disable-file drift-covered -- because', 'drift-covered finds nothing in this file'],
  ])('%s: %s', (comment, wanted) => {
    expect(message(comment)).toHaveLength(1)
    expect(message(comment)[0]).toContain(wanted)
  })

  it('is not judged where its rule did not run, or where nobody asks', () => {
    const comment = '# rollsync-disable-file drift-covered -- because'
    expect(message(comment, rules.filter((rule) => rule.meta.id === 'unused-suppression'))).toEqual([])
    expect(message(comment, rules.filter((rule) => rule.meta.id !== 'unused-suppression'))).toEqual([])
  })

  it('is found at the comment, in the object around it', () => {
    const { findings } = settle(`${object}---\n${object.replace('web', 'api')}  # rollsync-disable-next-line x -- y\nspec: {}\n`, [])
    expect(findings).toMatchObject([{ line: 8, column: 3, endColumn: 38, resource: { name: 'api' } }])
  })
})

it.each([
  ['a block text', 'data:\n  a: |\n    # rollsync-disable-file no-lost-route -- x\n    b\n'],
  ['a quoted text', 'data:\n  a: "\n    # rollsync-disable-file no-lost-route -- x"\n'],
])('the same words inside %s are no comment', (_, data) => {
  expect(shown(settle(`${object}${data}`, [at(1)]))).toEqual({ findings: ['1 no-lost-route'], suppressed: [] })
})
