import { describe, expect, it } from 'vitest'
import { appendItem, applyEdits, type Change, editDocument, type EditOptions, ManifestsError, parse, removeAt, setScalar, setValue, type SourceDocument, usersOf } from './index.ts'

function documentOf(text: string, index = 0): SourceDocument {
  const document = parse([{ file: 'a.yaml', text }]).documents[index]
  if (document === undefined) throw new Error('the test text has no such document')
  return document
}

function edited(text: string, changes: readonly Change[], options: EditOptions = {}): string {
  return applyEdits(text, editDocument(documentOf(text), changes, options))
}

const set = (pointer: string, value: unknown): Change => ({ do: 'set', pointer, value })

const expressionsQuoted: EditOptions = { quotes: (_, pointer) => (pointer.includes('/jqPathExpressions/') ? 'single' : 'when-needed') }

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof ManifestsError) return error.code
    throw error
  }
  return 'none'
}

describe('setScalar', () => {
  it('keeps the quotes and the comment, and touches nothing else', () => {
    const text = 'a:  "x"   # one\nb: \'x\'\nc:   x # three\n'
    expect(edited(text, [set('/a', 'y'), set('/b', "it's"), set('/c', 'z')])).toBe('a:  "y"   # one\nb: \'it\'\'s\'\nc:   z # three\n')
  })

  it('quotes a text that would not be read as this text', () => {
    expect(edited('tag: v1\n', [set('/tag', '1.10')])).toBe('tag: "1.10"\n')
    expect(edited('tag: v1\n', [set('/tag', 'on')])).toBe('tag: "on"\n')
    expect(edited('tag: v1\n', [set('/tag', '0123')])).toBe('tag: "0123"\n')
    expect(edited('{tag: v1}\n', [set('/tag', 'a,b')])).toBe('{tag: "a,b"}\n')
  })

  it('replaces a block scalar as a whole by a quoted text', () => {
    expect(edited('a: |-\n  one\n  two\nb: 1\n', [set('/a', 'three')])).toBe('a: three\nb: 1\n')
    expect(edited('a: >-\n  one\n  two\n', [set('/a', 'x: y')])).toBe('a: "x: y"\n')
  })

  it('fills an empty value', () => {
    expect(edited('a: # why\nb:\n', [set('/a', 'x'), set('/b', 'w')])).toBe('a: x # why\nb: w\n')
  })

  it('edits an anchor for all its users at once, when all are named', () => {
    const text = 'base: &b {image: x}\nprod: *b\ndev: {image: &i z}\ntest: {image: *i}\n'
    const document = documentOf(text)
    expect(usersOf(document, '/prod/image')).toEqual(['/base/image', '/prod/image'])
    expect(edited(text, [{ do: 'set', pointer: '/base/image', value: 'w', sharedWith: ['/prod/image'] }])).toBe(text.replace('image: x', 'image: w'))
    expect(edited(text, [{ do: 'set', pointer: '/dev/image', value: 'w', sharedWith: ['/test/image'] }])).toBe(text.replace('&i z', '&i w'))
  })

  it('refuses what is shared through an alias, and what is no scalar', () => {
    const text = 'base: &b {image: x}\nprod: *b\n'
    expect(codeOf(() => setScalar(documentOf(text), '/base/image', 'y'))).toBe('behind-alias')
    expect(codeOf(() => setScalar(documentOf(text), '/prod/image', 'y'))).toBe('behind-alias')
    expect(codeOf(() => setScalar(documentOf(text), '/base', 'y'))).toBe('not-a-scalar')
    expect(codeOf(() => setScalar(documentOf(text), '/none', 'y'))).toBe('not-a-scalar')
  })
})

describe('setValue', () => {
  const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
spec:
  source:
    repoURL: https://example.com # keep
  syncPolicy:
    syncOptions:
      - CreateNamespace=true   # first
# the end
`
  const rules = [{ group: 'networking.k8s.io', kind: 'Ingress', jqPathExpressions: ['.spec.rules[]?.http.paths[]?|select(.backend.service.name=="x")'], jsonPointers: ['/a~1b'] }]

  it('adds a list of rules to an Application that has none, in the style of its siblings, expressions quoted', () => {
    expect(edited(application, [set('/spec/ignoreDifferences', rules), set('/spec/syncPolicy/syncOptions/-', 'RespectIgnoreDifferences=true')], expressionsQuoted)).toBe(`apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
spec:
  source:
    repoURL: https://example.com # keep
  syncPolicy:
    syncOptions:
      - CreateNamespace=true   # first
      - RespectIgnoreDifferences=true
  ignoreDifferences:
    - group: networking.k8s.io
      kind: Ingress
      jqPathExpressions:
        - '.spec.rules[]?.http.paths[]?|select(.backend.service.name=="x")'
      jsonPointers:
        - /a~1b
# the end
`)
  })

  it('adds the parents that are missing', () => {
    expect(edited('metadata:\n    name: a', [set('/metadata/annotations/x~1y', '{"a":1}')])).toBe('metadata:\n    name: a\n    annotations:\n        x/y: \'{"a":1}\'')
    expect(edited('spec: {}\n', [set('/spec/a/b', 1)])).toBe('spec:\n  a:\n    b: 1\n')
    expect(edited('spec: # none\nb: 1\n', [set('/spec/a/-', 'x')])).toBe('spec: # none\n  a:\n  - x\nb: 1\n')
  })

  it('keeps CRLF, the BOM and a missing final line break', () => {
    expect(edited('\ufeffa:\r\n  b: 1\r\nc: 2', [set('/a/d', [1]), set('/c', 3)])).toBe('\ufeffa:\r\n  b: 1\r\n  d:\r\n  - 1\r\nc: 3')
  })

  it('follows dashes that are not indented, and items that stand far behind their dash', () => {
    expect(edited('a:\n-   x: 1\n    y: 2\nb: 1\n', [set('/a/-', { x: 3, w: [] })])).toBe('a:\n-   x: 1\n    y: 2\n-   x: 3\n    w: []\nb: 1\n')
  })

  it('inserts before the first item without moving its comment', () => {
    expect(edited('paths:\n  # the only one\n  - path: /a # x\n', [{ do: 'insert', pointer: '/paths/0', value: { path: '/b' } }])).toBe('paths:\n  # the only one\n  - path: /b\n  - path: /a # x\n')
  })

  it('edits flow style and JSON as they are written', () => {
    expect(edited('a: {b: 1, c: [x, y]}\n', [set('/a/d', { e: 'f' }), set('/a/c/-', 'z')])).toBe('a: {b: 1, c: [x, y, z], d: {e: f}}\n')
    expect(edited('a: { b: 1 }\n', [set('/a/d', { e: 'f' })])).toBe('a: { b: 1, d: { e: f } }\n')
    const json = '{\n  "a": {\n    "b": [\n      "x"\n    ]\n  }\n}\n'
    expect(edited(json, [set('/a/b/-', 'y'), set('/a/c', { d: [1] })])).toBe('{\n  "a": {\n    "b": [\n      "x",\n      "y"\n    ],\n    "c": {\n      "d": [\n        1\n      ]\n    }\n  }\n}\n')
    expect(edited('{"a":1,"b":2}', [set('/c', [true, 'on'])])).toBe('{"a":1,"b":2,"c":[true,"on"]}')
  })

  it('changes one document of several, and one item of a list kind', () => {
    const text = '# x\na: 1\n---\na: 1\n---\na: 1\n'
    expect(applyEdits(text, setValue(documentOf(text, 1), '/b', 2))).toBe('# x\na: 1\n---\na: 1\nb: 2\n---\na: 1\n')
  })

  it('keeps the text of a block scalar that stands last', () => {
    expect(edited('a:\n  b: |+\n    x\n\nc: 1\n', [set('/a/d', 1)])).toBe('a:\n  b: |+\n    x\n\n  d: 1\nc: 1\n')
    expect(edited('a:\n  b: |\n    x\n\nc: 1\n', [set('/a/d', 1)])).toBe('a:\n  b: |\n    x\n  d: 1\n\nc: 1\n')
  })

  it('keeps a block scalar that ends the file without a line break as it is', () => {
    expect(edited('a:\n  b: |\n    x', [set('/a/d', 1)])).toBe('a:\n  b: |-\n    x\n  d: 1')
    expect(edited('a:\n- >2+\n    x', [set('/a/-', 'y z')])).toBe('a:\n- >2-\n    x\n- y z')
    expect(edited('a:\n  b: |\n    x\n  ', [set('/a/d', 1)])).toBe('a:\n  b: |\n    x\n  d: 1\n  ')
  })

  it('overrides a merged key by an own one', () => {
    expect(edited('b: &b {image: x}\nd:\n  <<: *b\n  y: 1\n', [set('/d/image', 'z')])).toBe('b: &b {image: x}\nd:\n  <<: *b\n  y: 1\n  image: z\n')
  })

  it('refuses to write into a scalar, and what is no JSON', () => {
    expect(codeOf(() => setValue(documentOf('a: 1\n'), '/a/b', 1))).toBe('not-a-container')
    expect(codeOf(() => setValue(documentOf('a: 1\n'), '/b', Number.NaN))).toBe('unprintable-value')
    expect(codeOf(() => setValue(documentOf('a: [1]\n'), '/a/7', 1))).toBe('no-such-value')
  })
})

describe('removeAt and appendItem', () => {
  it('takes out whole lines', () => {
    expect(edited('a: 1\nb:\n  c: 1 # x\n  d: 2\ne: 3', [{ do: 'remove', pointer: '/b/c' }, { do: 'remove', pointer: '/e' }])).toBe('a: 1\nb:\n  d: 2')
  })

  it('moves the next key up to the dash, and leaves an empty collection in place of the last', () => {
    expect(edited('a:\n  - b: 1\n    c: 2\n', [{ do: 'remove', pointer: '/a/0/b' }])).toBe('a:\n  - c: 2\n')
    expect(applyEdits('a:\n  - b\nc: 1\n', removeAt(documentOf('a:\n  - b\nc: 1\n'), '/a/0'))).toBe('a: []\nc: 1\n')
  })

  it('makes a list that is missing', () => {
    expect(applyEdits('a: 1\n', appendItem(documentOf('a: 1\n'), '/b', 'x'))).toBe('a: 1\nb:\n- x\n')
    expect(codeOf(() => removeAt(documentOf('a: 1\n'), '/b'))).toBe('no-such-value')
  })
})

describe('applyEdits', () => {
  it('refuses edits that overlap or lie outside the text', () => {
    expect(codeOf(() => applyEdits('abc', [{ file: 'f', start: 0, end: 2, text: '' }, { file: 'f', start: 1, end: 3, text: '' }]))).toBe('overlapping-edits')
    expect(codeOf(() => applyEdits('abc', [{ file: 'f', start: 2, end: 9, text: '' }]))).toBe('stale-document')
  })
})
