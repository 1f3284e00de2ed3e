import { describe, expect, it } from 'vitest'
import { parse, type Parsed } from './index.ts'

const text = (content: string, file = 'a.yaml'): Parsed => parse([{ file, text: content }])
const bytes = (content: Uint8Array): Parsed => parse([{ file: 'a.yaml', bytes: content }])
const codes = (parsed: Parsed): string[] => parsed.diagnostics.map((one) => `${one.code}@${one.at?.line}:${one.at?.column}`)

const rollout = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: app
          image: "r/app:1" # pinned
`

describe('parse', () => {
  it('gives every object its ref, its value and the exact place of each node', () => {
    const { manifests, diagnostics } = text(`# head\n---\n${rollout}---\n{"apiVersion":"v1","kind":"Service","metadata":{"name":"s","namespace":"n"}}\n`)
    expect(diagnostics).toEqual([])
    expect(manifests.map((one) => one.ref)).toEqual([
      { group: 'argoproj.io', kind: 'Rollout', namespace: '', name: 'web' },
      { group: '', kind: 'Service', namespace: 'n', name: 's' },
    ])
    const pointer = '/spec/template/spec/containers/0/image'
    expect(manifests[0]?.at(pointer)).toEqual({ file: 'a.yaml', line: 12, column: 18, endLine: 12, endColumn: 27, pointer })
    expect(manifests[0]?.keyAt(pointer)).toMatchObject({ line: 12, column: 11, endColumn: 16 })
    expect(manifests[0]?.scalarAt(pointer)).toMatchObject({ text: 'r/app:1', raw: '"r/app:1"', style: 'double-quoted', comment: 'pinned', through: 'direct' })
    expect(manifests[1]?.at('/metadata/name')).toMatchObject({ line: 14, column: 56, endColumn: 59 })
  })

  it('places a missing pointer at its nearest existing ancestor', () => {
    const { manifests } = text(rollout)
    expect(manifests[0]?.at('/spec/strategy/canary')).toMatchObject({ line: 6, column: 3, pointer: '/spec' })
    expect(manifests[0]?.keyAt('/spec/strategy/canary')).toMatchObject({ line: 5, column: 1, endColumn: 5, pointer: '/spec' })
    expect(manifests[0]?.at('/nothing')).toMatchObject({ line: 1, column: 1, pointer: '' })
  })

  it('unfolds a list and points into it', () => {
    const { manifests } = text(`apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata:\n    name: s\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: c}\n`)
    expect(manifests.map((one) => [one.ref.name, one.base])).toEqual([['s', '/items/0'], ['c', '/items/1']])
    expect(manifests[1]?.at('/metadata/name')).toMatchObject({ line: 10, column: 20, pointer: '/items/1/metadata/name' })
  })

  it('returns what is no object of Kubernetes as a document, without complaint', () => {
    const parsed = text('image:\n  tag: 1.10\n---\n# nothing\n---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n')
    expect(parsed.diagnostics).toEqual([])
    expect(parsed.manifests).toEqual([])
    expect(parsed.documents.map((one) => one.documentIndex)).toEqual([0, 2])
    expect(parsed.documents[0]?.value).toEqual({ image: { tag: 1.1 } })
    expect(parsed.documents[0]?.scalarAt('/image/tag')).toMatchObject({ text: '1.10', style: 'plain' })
  })

  it('reads scalars as sigs.k8s.io/yaml does', () => {
    const { documents } = text('a: on\nb: 012\nc: 1e3\nd: 1_000\ne: 1:30\nf: 2024-01-01\ng: 0x10\nh: "on"\ni: 09\nj: ~\nk: 0o14\nl: y\nm: !!str 12\nnn: .5\no: -012\np: 0b11\nq: +7\nr: !!binary aGk=\non: key\n')
    expect(documents[0]?.value).toEqual({
      a: true, b: 10, c: 1000, d: 1000, e: '1:30', f: '2024-01-01', g: 16, h: 'on', i: 9, j: null, k: 12, l: true, m: '12', nn: 0.5, o: -10, p: 3, q: 7, r: 'hi', true: 'key',
    })
  })

  it('reads a block scalar that ends with the file as it ends', () => {
    expect(text('a: |\n  x').documents[0]?.value).toEqual({ a: 'x' })
    expect(text('a: |\n  x\n').documents[0]?.value).toEqual({ a: 'x\n' })
    expect(text('a: >+\n  x\n  ').documents[0]?.value).toEqual({ a: 'x\n' })
  })

  it('resolves anchors, aliases and merges, and points to where the value stands', () => {
    const { documents } = text('base: &b {image: x, tag: 1}\ndev:\n  <<: *b\n  tag: 2\nprod: *b\n')
    expect(documents[0]?.value).toEqual({ base: { image: 'x', tag: 1 }, dev: { image: 'x', tag: 2 }, prod: { image: 'x', tag: 1 } })
    expect(documents[0]?.at('/dev/image')).toMatchObject({ line: 1, column: 18 })
    expect(documents[0]?.scalarAt('/dev/image')).toMatchObject({ through: 'merge', anchor: 'b' })
    expect(documents[0]?.scalarAt('/prod/image')).toMatchObject({ through: 'alias', anchor: 'b' })
    expect(documents[0]?.scalarAt('/dev/tag')).toMatchObject({ through: 'direct' })
  })

  it('counts neither a BOM nor carriage returns as columns', () => {
    const { documents } = bytes(new TextEncoder().encode('\ufeffa: 1\r\nb: xyz\r\n'))
    expect(documents[0]?.at('/a')).toMatchObject({ line: 1, column: 4, endColumn: 5 })
    expect(documents[0]?.at('/b')).toMatchObject({ line: 2, column: 4, endLine: 2, endColumn: 7 })
    expect(documents[0]?.text.startsWith('\ufeff')).toBe(true)
  })

  it('keeps a key __proto__ an ordinary key', () => {
    const { documents } = text('__proto__:\n  polluted: 1\n')
    expect(Object.hasOwn(documents[0]?.value as object, '__proto__')).toBe(true)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    expect(documents[0]?.at('/__proto__/polluted')).toMatchObject({ line: 2, column: 13 })
  })
})

describe('parse, of texts in quotes whose lines stand too far left, as Go reads them', () => {
  it('joins the lines, and finds the places behind them', () => {
    const { documents, diagnostics } = text('a:\n  - b: \'one\n  two\n\n  three\'\n    c: "x\n y"\nd: \'z\nq\'\ne: 1\n')
    expect(diagnostics).toEqual([])
    expect(documents[0]?.value).toEqual({ a: [{ b: 'one two\nthree', c: 'x y' }], d: 'z q', e: 1 })
    expect(documents[0]?.at('/e')).toMatchObject({ line: 10, column: 4 })
  })

  it('still needs the end of the quotes', () => {
    expect(text('a: \'one\nb: 2\n').diagnostics.map((one) => one.code)).toContain('bad-yaml')
    expect(text('a: "one\n---\nb: 2\n').diagnostics.map((one) => one.code)).toContain('bad-yaml')
  })
})

describe('parse, of what cannot be read', () => {
  it('says the first faults of a file', () => expect(text(`a: b: c\n${'x: y: z\n'.repeat(50)}`).diagnostics).toHaveLength(3))

  it.each([
    ['bad-yaml@2:1', 'a: [1\nb: 2\n'],
    ['duplicate-key@2:1', 'a: 1\na: 2\n'],
    ['bad-key@1:3', '? [a]\n: b\n'],
    ['bad-alias@1:4', 'a: *x\n'],
    ['bad-alias@1:1', '<<: 1\n'],
    ['alias-bomb@1:8', 'a: &a [*a]\n'],
    ['template@1:4', 'a: {{ .Values.x }}\n'],
    ['template@1:1', '{{- if .Values.on }}\na: 1\n{{- end }}\n'],
    ['wrong-type@4:9', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: 12\n'],
    ['wrong-type@5:16', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  labels: {on: true}\n'],
    ['wrong-type@3:11', 'apiVersion: v1\nkind: Service\nmetadata: [a]\n'],
    ['wrong-type@1:13', 'apiVersion: 1\nkind: Service\n'],
    ['missing-name@1:1', 'apiVersion: v1\nkind: Service\n'],
    ['removed-api-version@1:13', 'apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: a}\n'],
    ['unknown-api-version@1:13', 'apiVersion: argoproj.io/v1\nkind: Rollout\nmetadata: {name: a}\n'],
    ['wrong-type@1:4', 'a: .inf\n'],
    ['wrong-type@1:13', 'a: !!binary "x"\n'],
    ['too-deep@1:1', '['.repeat(5000)],
  ])('says %s, and what to do', (code, content) => {
    const parsed = text(content)
    expect(codes(parsed)).toContain(code)
    expect(parsed.diagnostics.slice(0, 1).filter(({ message, hint }) => hint === undefined && !message.endsWith('; quote it'))).toEqual([])
  })

  it('refuses aliases that unfold without end, in no time', () => {
    const bomb = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`).join('\n')
    expect(text(`a0: &a0 [x, x]\n${bomb}\n`).diagnostics.map((one) => one.code)).toEqual(['alias-bomb'])
  })

  it('refuses binary, UTF-16, ill-formed UTF-8 and huge files', () => {
    expect(codes(bytes(new Uint8Array([0x7f, 0x45, 0, 1])))).toEqual(['binary-file@1:1'])
    expect(codes(bytes(new Uint8Array([0xff, 0xfe, 0x61, 0])))).toEqual(['not-utf-8@1:1'])
    expect(codes(bytes(new Uint8Array([0x61, 0x3a, 0x20, 0xc3, 0x28])))).toEqual(['not-utf-8@1:1'])
    expect(codes(bytes(new Uint8Array(10 * 1024 * 1024 + 1)))).toEqual(['file-too-large@1:1'])
  })

  it('reads quoted placeholders as the texts they are', () => {
    const parsed = text("apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: a}\nspec: {template: {metadata: {name: '{{ .name }}'}}}\n")
    expect(parsed.diagnostics).toEqual([])
    expect(parsed.manifests).toHaveLength(1)
  })

  it('keeps reading the other files', () => {
    const parsed = parse([{ file: 'a.yaml', text: 'a: [' }, { file: 'b.yaml', text: rollout }])
    expect(parsed.manifests).toHaveLength(1)
    expect(parsed.diagnostics[0]?.at?.file).toBe('a.yaml')
  })
})
