import { afterAll, describe, expect, it } from 'vitest'
import type { ForeignEngine, GojqVersion, JqAnswer } from './engine.ts'
import { compileDeletion } from './evaluate.ts'
import { gojqEngine } from './gojq-engine.ts'
import { jqWasmEngine } from './jq-wasm-engine.ts'

// Grammar-generated expressions and objects through our grammar, jq and gojq itself. A fixed seed here; `pnpm fuzz:jq` goes on with others.
const SEED = Number(process.env['JQ_FUZZ_SEED'] ?? 7)
const ROUNDS = Number(process.env['JQ_FUZZ_ROUNDS'] ?? 150)
const VERSIONS: readonly GojqVersion[] = ['0.12.13', '0.12.17', '0.12.18', '0.12.19']

type Random = () => number

const randomFrom = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const oneOf = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T

const KEYS = ['a', 'b', 'c', 'name', 'list', 'key', 'value', 'x-y', 'é']
const TEXTS = ['a', 'b', 'name', 'canary', 'canary-x', '', 'héllo 😀', 'a.b/c', 'true', '[1,2]', '{"a":1}', 'A,B', 'aXa']
const NUMBERS = [0, 1, 2, 3, -1, 10, 80, 1.5, 0.25, 100000]

const objectOf = (random: Random, depth: number): unknown => {
  const kind = random()
  if (depth <= 0 || kind < 0.35) return oneOf<unknown>(random, [null, true, false, ...NUMBERS, ...TEXTS, [], {}])
  if (kind < 0.65) return Array.from({ length: Math.floor(random() * 4) }, () => objectOf(random, depth - 1))
  return Object.fromEntries(Array.from({ length: Math.floor(random() * 5) }, () => [oneOf(random, KEYS), objectOf(random, depth - 1)]))
}

const FUNCTIONS_0 = ['length', 'keys', 'not', 'type', 'tostring', 'tojson', 'to_entries', 'first', 'last', 'add', 'any', 'all', 'sort', 'unique', 'reverse', 'min', 'max',
  'flatten', 'recurse', '..', 'empty', 'error', 'paths', 'values', 'nulls', 'strings', 'objects', 'arrays', 'scalars', 'iterables', 'numbers', 'booleans', 'ascii_downcase',
  'ascii_upcase', 'explode', 'fromjson', 'env', 'leaf_paths', 'ltrim', 'nope', 'input', '@text', '@json']
const FUNCTIONS_1 = ['select', 'map', 'has', 'contains', 'inside', 'startswith', 'endswith', 'ltrimstr', 'rtrimstr', 'trimstr', 'index', 'rindex', 'indices', 'split', 'join', 'path',
  'del', 'first', 'last', 'isempty', 'any', 'all', 'getpath', 'delpaths', 'error', 'recurse', 'paths', 'with_entries', 'map_values', 'in', 'add', 'IN', 'sort_by', 'group_by',
  'unique_by', 'min_by', 'max_by', 'flatten', 'nth', 'range', 'test', 'pick', 'nope', 'debug', 'repeat']
const FUNCTIONS_2 = ['limit', 'nth', 'any', 'all', 'recurse', 'IN', 'range', 'until', 'while', 'test', 'nope']
const OPERATORS = ['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', 'and', 'or', '//', '|', ',', '|', ',', '==', '==']

const pathOf = (random: Random): string => {
  const key = oneOf(random, KEYS)
  const plain = /^\w+$/.test(key) ? `.${key}` : `."${key}"`
  return oneOf(random, [plain, plain, plain, `${plain}[]?`, `${plain}[]`, `.["${key}"]`, '.[]', '.[]?', `${plain}?`, '.[0]', '.[-1]', '.[1:]', '.[:1]', '.[0:2]', '.', `${plain}.${oneOf(random, ['a', 'b', 'name'])}`])
}

const literalOf = (random: Random): string =>
  oneOf(random, [`"${oneOf(random, ['a', 'canary', 'name', '', 'can'])}"`, '1', '0', '-1', 'null', 'true', 'false', '[]', '{}', '["a","canary"]', '[0]', '{"a":1}', '["a",0]'])

const expressionOf = (random: Random, depth: number): string => {
  const inner = (): string => expressionOf(random, depth - 1)
  if (depth <= 0) return random() < 0.7 ? pathOf(random) : random() < 0.6 ? literalOf(random) : oneOf(random, FUNCTIONS_0)
  const forms: readonly (() => string)[] = [
    () => `${pathOf(random)}${pathOf(random).replace(/^\.(?=\[)/, '')}`,
    () => `${pathOf(random)} | ${inner()}`,
    () => `${pathOf(random)}|select(${inner()})`,
    () => `${pathOf(random)}|select(${pathOf(random)} ${oneOf(random, ['==', '!=', '<'])} ${literalOf(random)})`,
    () => `${inner()} ${oneOf(random, OPERATORS)} ${inner()}`,
    () => `(${inner()})${oneOf(random, ['', '', '?', '[]', '[]?', '.a', '[0]', '[1:]'])}`,
    () => `[${inner()}]`,
    () => `${oneOf(random, FUNCTIONS_1)}(${inner()})`,
    () => `${inner()} | ${oneOf(random, FUNCTIONS_1)}(${inner()})`,
    () => `${inner()} | ${oneOf(random, FUNCTIONS_0)}`,
    () => `${oneOf(random, FUNCTIONS_2)}(${random() < 0.6 ? literalOf(random) : inner()}; ${inner()})`,
    () => `if ${inner()} then ${inner()} ${random() < 0.3 ? `elif ${inner()} then ${inner()} ` : ''}${random() < 0.7 ? `else ${inner()} ` : ''}end`,
    () => `try ${oneOf(random, [`(${inner()})`, pathOf(random)])}${random() < 0.5 ? ` catch ${pathOf(random)}` : ''}`,
    () => `${pathOf(random)} as $x | ${random() < 0.5 ? `select(. == $x)` : inner()}${random() < 0.2 ? ' | $x' : ''}`,
    () => `. as [$a, {b: $c}] | ${inner()} | $${oneOf(random, ['a', 'c', 'd'])}`,
    () => `{a: ${inner()}, ${oneOf(random, ['b', '"c"', 'name', '(.a)'])}${random() < 0.5 ? `: (${inner()})` : ''}}`,
    () => `"x\\(${inner()})y"`,
    () => `.${oneOf(random, ['a', 'b', ''])}[${inner()}]${oneOf(random, ['', '?'])}`,
    () => `.[${inner()}:${inner()}]`,
    () => `reduce ${pathOf(random)} as $x (${inner()}; ${inner()})`,
    () => `foreach ${pathOf(random)} as $x (${inner()}; ${inner()}${random() < 0.4 ? `; ${inner()}` : ''})`,
    () => `def f: ${inner()}; ${random() < 0.5 ? 'f' : `f | ${inner()}`}`,
    () => `def f(g; $x): ${oneOf(random, ['g', 'g | $x', '$x', 'x', `select(g == $x)`, `g, ${inner()}`])}; f(${inner()}; ${inner()})`,
    () => `label $out | ${inner()} | ${oneOf(random, ['., break $out', 'break $out', inner()])}`,
    () => `${pathOf(random)} ${oneOf(random, ['|=', '=', '+=', '//=', '-='])} ${inner()}`,
    () => `-${oneOf(random, [pathOf(random), '1', `(${inner()})`])}`,
    () => `${pathOf(random)}) | del(${inner()}`,
    () => `${pathOf(random)}) | ${inner()} | del(${pathOf(random)}`,
  ]
  return oneOf(random, forms)()
}

// One token dropped, doubled or put elsewhere: most of these do not parse, and gojq says at which token.
const mangle = (random: Random, expression: string): string => {
  const tokens = expression.match(/"(?:[^"\\]|\\.)*"|\w+|\s+|./gs) ?? []
  const at = Math.floor(random() * tokens.length)
  const token = oneOf(random, [oneOf(random, tokens.length ? tokens : ['.']), '|', ')', '(', '.', '[', ']', 'as', '"', '$x', 'then', '1', '=', ';', '#', '?//', '!', 'ü', '@', '\\'])
  return random() < 0.4 ? tokens.toSpliced(at, 1).join('') : tokens.toSpliced(at, random() < 0.5 ? 1 : 0, token).join('')
}

const ofGrammar = (expression: string, object: unknown, version: GojqVersion): JqAnswer | undefined => {
  const program = compileDeletion(expression, version)
  if (program.grammar === 'beyond') return undefined
  if (program.grammar === 'invalid') return { answer: 'invalid', error: program.error }
  const answer = program.evaluate(object)
  return answer.answer === 'beyond' ? undefined : answer
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, of: unknown) => (typeof of === 'object' && of !== null && !Array.isArray(of) ? Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1))) : of))

const shown = (answer: JqAnswer): string => (answer.answer === 'object' ? textOf(answer.object) : answer.answer === 'unverified' ? 'unverified' : `${answer.answer}: ${answer.error}`)

const generate = (version: GojqVersion, seed: number): { expression: string; object: unknown }[] => {
  const random = randomFrom(seed * 31 + VERSIONS.indexOf(version))
  return Array.from({ length: ROUNDS }, () => {
    const whole = expressionOf(random, 1 + Math.floor(random() * 3))
    return { expression: random() < 0.2 ? mangle(random, whole) : whole, object: { a: objectOf(random, 3), b: objectOf(random, 2), list: [objectOf(random, 2), objectOf(random, 2)], name: 'canary' } }
  })
}

const first = await gojqEngine('0.12.19')
await first?.close()
const isBuilt = first !== undefined
if (!isBuilt) console.log('gojq.wasm is not built (Go is not installed): our grammar and jq are not fuzzed against it')

describe.skipIf(!isBuilt).each(VERSIONS)('against gojq %s', (version) => {
  let gojq: ForeignEngine | undefined
  const jq = jqWasmEngine(version)
  afterAll(async () => {
    await gojq?.close()
    await jq.close()
  })

  it('our grammar answers every generated expression as gojq does, or leaves it', { timeout: 600_000 }, async () => {
    gojq ??= await gojqEngine(version)
    const cases = generate(version, SEED).flatMap((one) => {
      const ours = ofGrammar(one.expression, one.object, version)
      return ours ? [{ ...one, ours }] : []
    })
    const theirs = await Promise.all(cases.map(({ expression, object }) => gojq?.del(expression, object)))
    const wrong = cases.flatMap(({ expression, object, ours }, i) => {
      const answer = theirs[i]
      if (!answer || answer.answer === 'unverified' || shown(ours) === shown(answer)) return []
      return [{ expression, object: textOf(object), ours: shown(ours), gojq: shown(answer) }]
    })
    console.log(`gojq ${version}, seed ${SEED}: ${cases.length} of ${ROUNDS} expressions within our grammar, ${wrong.length} wrong`)
    expect(wrong.slice(0, 10)).toEqual([])
    expect(cases.length).toBeGreaterThan(ROUNDS / 2)
  })

  it('jq, where the lint lets it, answers as gojq does', { timeout: 600_000 }, async () => {
    gojq ??= await gojqEngine(version)
    const cases = generate(version, SEED + 1)
    const answers = await Promise.all(cases.map(async ({ expression, object }) => [await jq.del(expression, object), await gojq?.del(expression, object)] as const))
    const sure = answers.filter(([answer]) => answer.answer !== 'unverified').length
    const wrong = answers.flatMap(([ours, theirs], i) => {
      if (!theirs || ours.answer === 'unverified' || theirs.answer === 'unverified') return []
      const agree = ours.answer === theirs.answer && (ours.answer !== 'object' || shown(ours) === shown(theirs))
      return agree ? [] : [{ expression: cases[i]?.expression, object: textOf(cases[i]?.object), jq: shown(ours), gojq: shown(theirs) }]
    })
    console.log(`gojq ${version}, seed ${SEED + 1}: ${sure} of ${ROUNDS} expressions sure in jq, ${wrong.length} wrong`)
    expect(wrong.slice(0, 10)).toEqual([])
    expect(sure).toBeGreaterThan(0)
  })
})
