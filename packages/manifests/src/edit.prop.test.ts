import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { applyEdits, type Change, changeValue, editDocument, invertEdits, isMap, jsonEqual, parse, type Pointer, type SourceDocument, toPointer, valueAt } from './index.ts'

const words = fc.oneof(
  fc.constantFrom('a', 'on', '1.10', '012', 'x: y', '- b', "it's", 'say "hi"', '#c', '{{ x }}', '', ' lead', 'r/app:1', '@sha256:ab', 'trail ', '__proto__', '~', 'a,b', '[x]', 'é', '日本', '2024-01-01', '1:30', '0x1f'),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const scalars = fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true }))
const keys = fc.oneof(fc.constantFrom('spec', 'on', 'a/b', 'x~y', '__proto__', 'k 1', '12', 'image'), fc.string({ minLength: 1, maxLength: 5 }))
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: 'medium' }, scalars, fc.array(tie('value'), { maxLength: 4 }), fc.array(fc.tuple(keys, tie('value')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs))),
}))
const roots = fc.array(fc.tuple(keys, values), { minLength: 1, maxLength: 5 }).map((pairs) => Object.fromEntries(pairs) as Record<string, unknown>)

interface Look {
  readonly indent: number
  readonly indentSeq: boolean
  readonly quotes: 'PLAIN' | 'QUOTE_DOUBLE' | 'QUOTE_SINGLE'
  readonly flow: 'block' | 'flow' | 'any' | 'json' | 'pretty json'
  readonly eol: '\n' | '\r\n'
  readonly bom: boolean
  readonly final: boolean
  readonly comments: boolean
}
const looks: fc.Arbitrary<Look> = fc.record({
  indent: fc.constantFrom(2, 4, 3),
  indentSeq: fc.boolean(),
  quotes: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
  flow: fc.constantFrom('block', 'block', 'any', 'flow', 'json', 'pretty json'),
  eol: fc.constantFrom('\n', '\r\n'),
  bom: fc.boolean(),
  final: fc.boolean(),
  comments: fc.boolean(),
})

function write(value: unknown, look: Look): string {
  let text = look.flow === 'json' ? JSON.stringify(value) : look.flow === 'pretty json' ? `${JSON.stringify(value, undefined, look.indent)}\n` : stringify(value, {
    indent: look.indent, indentSeq: look.indentSeq, lineWidth: 0, version: '1.1', collectionStyle: look.flow,
    defaultStringType: look.quotes, defaultKeyType: 'PLAIN', blockQuote: false, minContentWidth: 0, doubleQuotedMinMultiLineLength: 1e9,
  })
  if (look.comments && !look.flow.includes('json') && !text.includes('\n\n')) text = text.split('\n').map((line, at) => (line === '' ? line : at % 3 === 0 ? `${line} # c${at}` : at % 3 === 1 ? `# over\n${line}` : line)).join('\n')
  if (!look.final) text = text.trimEnd()
  return (look.bom ? '\ufeff' : '') + (look.eol === '\n' ? text : text.replaceAll('\n', '\r\n'))
}

function pointersOf(value: unknown, at: Pointer = ''): readonly Pointer[] {
  const inner = Array.isArray(value) ? value.map((item, index) => [String(index), item] as const) : isMap(value) ? Object.entries(value) : []
  return [at, ...inner.flatMap(([key, item]) => pointersOf(item, at + toPointer([key])))]
}

function changeFor(value: unknown, seed: number, key: string, fresh: unknown): Change {
  const all = pointersOf(value)
  const pointer = all[seed % all.length] ?? ''
  const target = valueAt(value, pointer)
  const kind = (seed >> 8) % 4
  if (Array.isArray(target)) return kind === 0 ? { do: 'insert', pointer: `${pointer}/${(seed >> 12) % (target.length + 1)}`, value: fresh } : { do: 'set', pointer: `${pointer}/-`, value: fresh }
  if (isMap(target) && kind < 2) return { do: 'set', pointer: pointer + toPointer(kind === 0 ? [key] : [key, 'deep', '-']), value: fresh }
  if (kind === 2 && pointer !== '') return { do: 'remove', pointer }
  return { do: 'set', pointer: pointer === '' ? toPointer([key]) : pointer, value: fresh }
}

function read(text: string): SourceDocument | undefined {
  const { documents, diagnostics } = parse([{ file: 'a.yaml', text }])
  return diagnostics.some((one) => one.severity === 'error' && one.code !== 'missing-name' && one.code !== 'wrong-type') ? undefined : documents[0]
}

it('finds every value at its pointer, and its text at its position', () => {
  fc.assert(fc.property(roots, looks, (value, look) => {
    const text = write(value, look)
    const document = read(text)
    fc.pre(document !== undefined && jsonEqual(document.value, value))
    const lines = text.replace(/^\ufeff/, '').split('\n')
    for (const pointer of pointersOf(value)) {
      const at = document.at(pointer)
      expect(at.pointer).toBe(pointer)
      expect(at.line).toBeLessThanOrEqual(lines.length)
      const scalar = document.scalarAt(pointer)
      if (scalar !== undefined && at.line === at.endLine) expect(lines[at.line - 1]?.slice(at.column - 1, at.endColumn - 1)).toBe(scalar.raw)
    }
  }), { numRuns: 300 })
})

it('edits in place: the wanted value is read back, all other bytes stay, and undoing gives the original', () => {
  let edited = 0
  fc.assert(fc.property(roots, looks, fc.array(fc.tuple(fc.nat(), keys, values), { minLength: 1, maxLength: 3 }), (value, look, wishes) => {
    const text = write(value, look)
    const document = read(text)
    fc.pre(document !== undefined && jsonEqual(document.value, value))
    const changes: Change[] = []
    let wanted: unknown = value
    for (const [seed, key, fresh] of wishes) {
      const change = changeFor(wanted, seed, key, fresh)
      try {
        wanted = changeValue(wanted, change)
        changes.push(change)
      } catch {
        continue
      }
    }
    const edits = editDocument(document, changes)
    const after = applyEdits(text, edits)
    edited++
    expect(jsonEqual(read(after)?.value, wanted)).toBe(true)
    expect(applyEdits(after, invertEdits(text, edits))).toBe(text)
    if (look.eol === '\r\n' && text.includes('\n')) expect(after).not.toMatch(/[^\r]\n/)
  }), { numRuns: Number(process.env['RUNS'] ?? 1000) })
  expect(edited).toBeGreaterThan(500)
})
