import { applyEdits, type Manifest, parse } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { type ApplicationWish, mark, markedEntries, writeApplication } from './application.ts'

const application = (text: string): Manifest => parse([{ file: 'apps.yaml', text }]).manifests[0] as Manifest
const nothing: ApplicationWish = { rules: [], mended: [], syncOptions: [] }
const rule = { group: 'networking.k8s.io', kind: 'Ingress', name: 'web', jqPathExpressions: ['.spec.rules[]?|select(.host=="a")'] }
const write = (text: string, wish: Partial<ApplicationWish>): string =>
  applyEdits(text, writeApplication(application(text), { ...nothing, ...wish }))

const bare = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web   # ours
spec:
  syncPolicy:
    automated: {}
`

describe('writeApplication', () => {
  it('adds the rules with a mark above each, the expression quoted and on one line', () => {
    expect(write(bare, { rules: [rule] })).toBe(`${bare}  ignoreDifferences:
  # ${mark}
  - group: networking.k8s.io
    kind: Ingress
    name: web
    jqPathExpressions:
    - '.spec.rules[]?|select(.host=="a")'
`)
  })

  it('changes nothing the second time', () => {
    const once = write(bare, { rules: [rule], syncOptions: ['ApplyOutOfSyncOnly=true'] })
    expect(write(once, { rules: [rule], syncOptions: ['ApplyOutOfSyncOnly=true'] })).toBe(once)
  })

  it('brings its own entry up to date and leaves those that a person wrote', () => {
    const byHand = '  ignoreDifferences:\n  - kind: Service # by hand\n    jsonPointers: [/spec/x]\n'
    const before = write(bare + byHand, { rules: [rule] })
    const after = write(before, { rules: [{ ...rule, name: 'other' }] })
    expect(after).toBe(before.replace('name: web\n    jq', 'name: other\n    jq'))
  })

  it('removes its own entries when they are no longer needed, and the list with them', () => {
    expect(write(write(bare, { rules: [rule] }), {})).toBe(bare)
  })

  it('takes the mark of an entry out with it, so that what a person wrote below never counts as ours', () => {
    const byHand = '  - kind: Service # by hand\n    jsonPointers: [/spec/x]\n'
    const before = write(bare, { rules: [rule] }) + byHand
    const after = write(before, {})
    expect(after).toBe(`${bare}  ignoreDifferences:\n${byHand}`)
    expect(markedEntries(application(after))).toEqual([])
  })

  it('finds a mark behind the first line of an entry too', () => {
    const text = `${bare}  ignoreDifferences:\n  - kind: Ingress # ${mark}\n  - kind: Service\n`
    expect(markedEntries(application(text))).toEqual([{ index: 0, markLine: undefined }])
  })

  it('replaces one expression by its mended form', () => {
    const folded = `${bare}  ignoreDifferences:\n    - kind: Ingress\n      jqPathExpressions:\n        - >-\n          .a.\n          b\n        - .c\n`
    expect(write(folded, { mended: [{ pointer: '/spec/ignoreDifferences/0/jqPathExpressions/0', expression: '.a.b' }] }))
      .toBe(folded.replace(">-\n          .a.\n          b\n", "'.a.b'\n"))
  })
})
