import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { applyEdits, editDocument, parse, parseEach, type Parsed, type Pointer, toPointer } from './index.ts'
import { shapeOf } from './shape.ts'
import { syntaxOf } from './source-document.ts'
import { inWords, skeletonOf } from './words.ts'

const examples = new URL('../../../examples/alb-header-route/', import.meta.url)

const word = /[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)*/g
const spoken = fc.constantFrom('a', 'on', 'y', 'null', 'Null', 'true', '012', '1.10', '1e3', '0x1f', '1_000', 'inf', 'nan', 'Inf', 'web-1', 'v1', 'apps/v1', 'Service', 'kind', 'metadata', 'name', 'x.y/z', 'LongerThanTheOther', '0', 'e')
const scalars = fc.oneof(spoken, fc.constantFrom("it's", 'say "hi"', 'a: b', '# c', '', '*', '&a', '!x', '-1', '.inf', '~', '- b', 'é ü', 'a\nb\n', '/*', '"', '{a}', '<<', '@a b', 'a, b', '1:30', 'x'.repeat(90)), fc.integer(), fc.boolean(), fc.constant(null))
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: 'medium' }, scalars, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.oneof(spoken, fc.constantFrom('example.com/a', '__proto__', '<<', 'a b', '12')), tie('value'), { maxKeys: 4 })),
}))
const head = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', labels: { app: 'b' } } }
const written = fc.record({ value: values, style: fc.constantFrom('block', 'flow', 'json', 'single', 'double', 'crlf', 'two', 'comments', 'bom') }).map(({ value, style }) => {
  const object = { ...head, data: value }
  if (style === 'json') return JSON.stringify(object, undefined, 2)
  const text = stringify(object, { collectionStyle: style === 'flow' ? 'flow' : 'any', lineWidth: 60, ...(style === 'single' ? { singleQuote: true } : {}), ...(style === 'double' ? { defaultStringType: 'QUOTE_DOUBLE' as const } : {}) })
  if (style === 'crlf') return text.replaceAll('\n', '\r\n')
  if (style === 'two') return `# first\n---\n${text}---\n\n---\n${text}`
  if (style === 'bom') return `\ufeff${text}`
  return style === 'comments' ? text.replaceAll('\n', ' # why, a-b\n') : text
})

/** Everything that a caller can see of a parsed text. */
function seen({ documents, manifests, diagnostics }: Parsed): unknown {
  return {
    diagnostics,
    manifests: manifests.map(({ ref, value, base, documentIndex }) => ({ ref, value, base, documentIndex })),
    documents: documents.map((one) => ({ value: one.value, text: one.text, documentIndex: one.documentIndex, places: pointersIn(one.value).map((pointer) => [pointer, one.at(pointer), one.keyAt(pointer), one.scalarAt(pointer)]) })),
  }
}

function pointersIn(value: unknown, at: Pointer = ''): readonly Pointer[] {
  if (typeof value !== 'object' || value === null) return [at, `${at}/nowhere`]
  return [at, `${at}/nowhere/0`, ...Object.entries(value).flatMap(([key, inner]) => pointersIn(inner, at + toPointer([key])))]
}

const alone = (text: string): unknown => seen(parse([{ file: 'b.yaml', text }]))
const behind = (first: string, text: string): unknown => seen(parseEach([{ file: 'a.yaml', text: first }, { file: 'b.yaml', text }])[1] as Parsed)

describe('a text that differs from another one in words alone', () => {
  it('reads as it does by itself: values, places, scalars and diagnostics', () => {
    fc.assert(fc.property(written, fc.array(spoken, { minLength: 60, maxLength: 60 }), fc.boolean(), (text, others, rare) => {
      let index = 0
      const other = text.replaceAll(word, (own) => (index++ % (rare ? 7 : 2) === 0 ? (others[index % others.length] ?? own) : own))
      expect(skeletonOf(other)).toBe(skeletonOf(text))
      expect(behind(text, other)).toEqual(alone(other))
    }), { numRuns: 400 })
  })

  it.each([
    ['a key comes twice', 'a: 1\nb: 2\n', 'a: 1\na: 2\n'], ['a key is null', 'a: 1\n', 'null: 1\n'], ['a value has no JSON', 'a: .x\n', 'a: .inf\n'], ['a block scalar says its indentation', 'a: |2\n    b\n', 'a: |1\n    b\n'],
    ['an alias names another anchor', 'a: &x 1\nb: *x\n', 'a: &y 1\nb: *x\n'], ['a tag is another one', 'a: !!str 1\n', 'a: !!int 1\n'], ['an escape is another one', 'a: "\\x41"\n', 'a: "\\u00"\n'], ['a merge becomes a key', '<<: {a: 1}\n', '<<: {b: 1}\n'],
    ['a text goes on', 'a: b\n  c\n', 'a: b\n  true\n'], ['a directive differs', '%YAML 1.2\n---\na: y\n', '%YAML 1.1\n---\na: n\n'], ['a comment differs', 'a: 1 # one\n', 'a: 1 # three-four\n'], ['a text is quoted', "a: 'it''s'\n", "a: 'we''re'\n"],
    ['a name is no text', 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n', 'apiVersion: v1\nkind: Service\nmetadata: {name: 12}\n'],
  ])('reads as it does by itself where %s', (_, first, text) => {
    expect(behind(first, text)).toEqual(alone(text))
    expect(behind(text, first)).toEqual(alone(first))
  })

  it.each(readdirSync(examples).filter((file) => file.endsWith('.yaml') && file !== 'apps.yaml'))('is what %s is, whose shape is shared', (name) => {
    const text = readFileSync(new URL(name, examples), 'utf8')
    const other = text.replaceAll('service-rollout', 'shop-front-end')
    expect(behind(text, other)).toEqual(alone(other))
    expect(skeletonOf(other)).toBe(skeletonOf(text))
    for (const document of parse([{ file: name, text }]).documents) expect(shapeOf(syntaxOf(document), inWords(text))).toBeDefined()
  })

  it.each(['a: &x 1\n', 'a: !!str 1\n', 'a: |\n  b\n', 'a: "\\n"\n', 'a: b\n  c\n', '<<: {a: 1}\n'])('is not looked for in %j', (text) => {
    for (const document of parse([{ file: 'a.yaml', text }]).documents) expect(shapeOf(syntaxOf(document), inWords(text))).toBeUndefined()
  })

  it('shares what says the same, but never an object: those that stand in two files are two', () => {
    const service = (name: string, kind = 'Service'): string => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: {ports: [{port: 80}], selector: {app: ${name}}}\n`
    const read = (...texts: readonly string[]): readonly unknown[] => parseEach(texts.map((text, index) => ({ file: `${index}.yaml`, text }))).flatMap((one) => one.manifests.map(({ value }) => value))
    const [, b, c, again] = read(service('a'), service('b'), service('c'), service('b')) as readonly { readonly spec: { readonly ports: unknown } }[]
    expect(again).toEqual(b)
    expect(again).not.toBe(b)
    expect(c?.spec.ports).toBe(b?.spec.ports)
    const list = (name: string): string => `apiVersion: v1\nkind: ServiceList\nitems:\n${service(name).replaceAll(/^/gm, '    ').replace('    api', '  - api').trimEnd()}\n`
    const [, one, other] = read(list('a'), list('b'), list('b'))
    expect(one).toEqual(other)
    expect(one).not.toBe(other)
  })

  it('can be edited as any other', () => {
    const [, second] = parseEach([{ file: 'a.yaml', text: 'a: {b: [c, 1]} # x\n' }, { file: 'b.yaml', text: 'long: {name: [d, 27]} # y\n' }])
    const [document] = second?.documents ?? []
    if (document === undefined) throw new Error('it is one')
    const edits = editDocument(document, [{ do: 'set', pointer: '/long/name/1', value: 5 }])
    expect(applyEdits(document.text, edits)).toBe('long: {name: [d, 5]} # y\n')
  })
})
