import { BeyondGrammar, InvalidExpression } from './beyond-grammar.ts'
import type { GojqVersion } from './engine.ts'
import { type Query, type Term, withoutSuffixes } from './grammar.ts'
import { parseQuery } from './parse.ts'
import { compileRegex } from './regex.ts'
import { isList, isObject } from './values.ts'
import { vocabularyOf } from './vocabulary.ts'

/** Why jq's answer may not be gojq's, in a sentence, and the construct it hangs on. */
export interface Doubt { readonly construct: string; readonly reason: string }

// Functions that gojq, in each release that has them, and jq 1.8.2 answer alike on ASCII text and ordinary numbers. All others are in doubt.
const ALIKE = new Set(`
add/0 add/1 all/0 all/1 all/2 any/0 any/1 any/2 arrays/0 ascii_downcase/0 ascii_upcase/0 booleans/0 bsearch/1 ceil/0 combinations/0 contains/1
del/1 empty/0 endswith/1 error/0 error/1 explode/0 fabs/0 first/0 first/1 floor/0 getpath/1 group_by/1 inside/1 isempty/1 iterables/0 IN/1 IN/2
join/1 keys/0 last/0 length/0 ltrim/0 map/1 max/0 max_by/1 min/0 min_by/1 not/0 nth/1 nulls/0 numbers/0 objects/0 path/1 paths/0 pick/1
range/1 range/2 recurse/0 recurse/1 recurse/2 round/0 rtrim/0 scalars/0 select/1 sort/0 sort_by/1 split/1 sqrt/0 startswith/1 strings/0
test/1 test/2 to_entries/0 toboolean/0 tojson/0 tostring/0 transpose/0 trim/0 trunc/0 type/0 unique/0 unique_by/1 until/2 utf8bytelength/0 values/0
match/1 scan/1 sub/2 gsub/2 with_entries/1`.split(/\s+/).filter(Boolean))
const FORMATS_ALIKE = new Set(['@text', '@json', '@html', '@sh', '@base64'])
// In a path, both follow the argument of these and of no others in the same way.
const FOLLOWED = new Set(['first/1', 'recurse/1'])
const IN_PATH = 'gojq follows the paths of its arguments too, jq does not'
const PATTERNED = new Set(['test', 'match', 'scan', 'sub', 'gsub'])

const DOUBTS: Readonly<Partial<Record<Query['is'], string>>> = {
  alternative: 'jq takes an error on the left of // for no value, gojq does not',
  update: 'the two collect the paths of an update differently',
  reduce: 'the two keep different states after an update without output',
  foreach: 'the two keep different states after an update without output',
}

const SECOND_DELETION: Doubt = { construct: 'a second deletion', reason: 'before 0.12.19 gojq leaves typed nils behind, which the next deletion sees' }

/** What stands in an expression that jq may answer differently; undefined where the two are known to agree. */
export function findDoubt(expression: string, version: GojqVersion): Doubt | InvalidExpression | undefined {
  try {
    const query = parseQuery(`del(${expression})`, version)
    const context: Context = { version, defined: new Set(), stands: 'as a path' }
    if (query.is === 'call') return firstDoubt(query.args, context)
    if (version !== '0.12.19') return SECOND_DELETION
    return doubtIn(query, { ...context, stands: 'as a value' })
  } catch (error) {
    if (error instanceof InvalidExpression) return error
    if (error instanceof BeyondGrammar) return { construct: error.construct, reason: 'the releases of gojq read it differently, or jq does' }
    throw error
  }
}

/** What a query stands in: the release, the names in sight, and whether its paths are collected: then gojq follows the arguments of functions too. */
interface Context { readonly version: GojqVersion; readonly defined: ReadonlySet<string>; readonly stands: 'as a path' | 'as a value' }

const firstDoubt = (queries: readonly (Query | undefined)[], context: Context): Doubt | undefined => {
  for (const query of queries) {
    const doubt = query && doubtIn(query, context)
    if (doubt) return doubt
  }
  return undefined
}

const asValue = (context: Context): Context => ({ ...context, stands: 'as a value' })

const knowing = (context: Context, names: readonly string[]): Context => ({ ...context, defined: new Set([...context.defined, ...names]) })

function doubtIn(query: Query, context: Context): Doubt | undefined {
  const reason = DOUBTS[query.is]
  if (reason !== undefined) return { construct: query.is === 'alternative' ? 'the alternative //' : query.is, reason }
  const inside = (...queries: readonly (Query | undefined)[]): Doubt | undefined => firstDoubt(queries, context)
  switch (query.is) {
    case 'pipe':
    case 'comma': return inside(query.left, query.right)
    case 'and':
    case 'or': return firstDoubt([query.left, query.right], asValue(context))
    case 'operation':
      if (context.stands === 'as a path') return { construct: `the operator ${query.operator} in a path`, reason: IN_PATH }
      if (query.operator === '*' || query.operator === '%') return { construct: `the operator ${query.operator}`, reason: 'the releases differ on strings and fractions' }
      return inside(query.left, query.right)
    case 'bind':
      if (query.patterns.length > 1 || query.patterns[0]?.pattern !== 'variable') return { construct: 'a destructuring pattern', reason: 'gojq lets it stand in a path, jq does not' }
      return doubtIn(query.source, asValue(context)) ?? doubtIn(query.body, knowing(context, [query.patterns[0].name]))
    case 'define': {
      const { name, parameters, body } = query.definition
      const outer = knowing(context, [`${name}/${parameters.length}`])
      const inner = knowing(outer, [...parameters, ...parameters.map((parameter) => `${parameter.replace('$', '')}/0`)])
      return doubtIn(body, inner) ?? doubtIn(query.body, outer)
    }
    case 'label': return doubtIn(query.body, knowing(context, [`label ${query.name}`]))
    case 'alternative':
    case 'update': return undefined
    default: return doubtInTerm(query, context)
  }
}

function doubtInTerm(term: Term, context: Context): Doubt | undefined {
  const inside = (...queries: readonly (Query | undefined)[]): Doubt | undefined => firstDoubt(queries, context)
  switch (term.is) {
    case 'identity': return undefined
    case 'literal':
      if (typeof term.value === 'number' && !Number.isInteger(term.value)) return { construct: 'a fraction', reason: 'jq keeps the digits of a literal as they were written' }
      return undefined
    case 'text': return inside(...term.parts.filter((part) => typeof part !== 'string')) ?? doubtInFormat(term.format)
    case 'format': return doubtInFormat(term.format)
    case 'index': return doubtInKey(term.key) ?? inside(term.of) ?? doubtIn(term.key, asValue(context))
    case 'slice': return doubtInKey(term.start) ?? doubtInKey(term.end) ?? inside(term.of) ?? firstDoubt([term.start, term.end], asValue(context))
    case 'signed': return doubtInKey(term.of) ?? inside(term.of)
    case 'iterate':
    case 'group': return inside(term.of)
    case 'optional':
      if (term.of.is === 'index' && !isPlainText(term.of.key)) return { construct: 'an optional computed index', reason: 'gojq evaluates its key on another input, and reads characters of a string' }
      if (term.of.is !== 'index' && term.of.is !== 'iterate' && term.of.is !== 'slice') return { construct: 'a tried term', reason: 'an error of one may be an answer of the other' }
      return inside(term.of)
    case 'list': return inside(term.of)
    case 'object': return { construct: 'an object', reason: 'gojq iterates it by sorted key, jq as it was written' }
    case 'if': return doubtIn(term.condition, asValue(context)) ?? inside(term.then, term.otherwise)
    case 'try': return { construct: 'try', reason: 'an error of one may be an answer of the other, and its text differs' }
    case 'reduce':
    case 'foreach': return undefined
    case 'break':
      if (!context.defined.has(`label ${term.name}`)) throw new InvalidExpression(`label not defined: ${term.name}`)
      return undefined
    case 'call': return doubtInCall(term, context)
    default: return term satisfies never
  }
}

// query.go toIndexKey, Unary.toNumber: gojq does not look at the suffixes of a literal there
const doubtInKey = (key: Query | undefined): Doubt | undefined => {
  const base = key && withoutSuffixes(key)
  if (!base || base === key || (base.is !== 'literal' && base.is !== 'text' && base.is !== 'signed')) return undefined
  return { construct: 'a literal with a suffix', reason: 'gojq does not look at the suffix' }
}

const isPlainText = (query: Query): boolean => query.is === 'text' && query.parts.length === 1 && typeof query.parts[0] === 'string'

const doubtInFormat = (format: string | undefined): Doubt | undefined =>
  (format === undefined || FORMATS_ALIKE.has(format) ? undefined : { construct: `the format ${format}`, reason: 'the two write it differently for some values' })

function doubtInCall(term: Term & { is: 'call' }, context: Context): Doubt | undefined {
  const { version, defined, stands } = context
  const signature = `${term.name}/${term.args.length}`
  const isVariable = term.name.startsWith('$')
  if (!defined.has(isVariable ? term.name : signature)) {
    // Wherever it stands, gojq does not compile it; which of several such errors it names is its own affair.
    if (isVariable && term.name !== '$ENV') throw new InvalidExpression(`variable not defined: ${term.name}`)
    if (!isVariable && !vocabularyOf(version).has(signature)) throw new InvalidExpression(`function not defined: ${signature}`)
    if (signature === 'input/0' || signature === 'inputs/0') throw new InvalidExpression('input(s)/0 is not allowed')
    if (signature === 'debug/1') throw new InvalidExpression('function not defined: debug/1')
    if (term.name === 'del' && version !== '0.12.19') return SECOND_DELETION
    if (term.name === 'error' && version === '0.12.13') return { construct: 'error', reason: 'error(null) is no error in 0.12.13' }
    if (!ALIKE.has(signature)) return { construct: `the function ${signature}`, reason: 'jq is not known to answer as gojq does' }
    const doubt = PATTERNED.has(term.name) ? doubtInPattern(term) : undefined
    if (doubt) return doubt
  }
  if (signature === 'select/1' || signature === 'getpath/1') return firstDoubt(term.args, asValue(context))
  if (signature === 'path/1') return firstDoubt(term.args, { ...context, stands: 'as a path' })
  if (stands === 'as a path' && term.args.length > 0 && !FOLLOWED.has(signature)) return { construct: `${signature} in a path`, reason: IN_PATH }
  return firstDoubt(term.args, context)
}

// Whether a pattern matches is the same for both; where it matches, and how often, only where it cannot match nothing.
function doubtInPattern(term: Term & { is: 'call' }): Doubt | undefined {
  const [pattern, flags] = term.args
  const doubt: Doubt = { construct: `the regular expression of ${term.name}`, reason: 'gojq uses RE2, jq Oniguruma' }
  const text = pattern?.is === 'text' && pattern.parts.length === 1 ? pattern.parts[0] : undefined
  if (typeof text !== 'string' || text === '') return doubt
  if (term.name === 'test' && flags) {
    if (flags.is !== 'text' || flags.parts.length !== 1 || (flags.parts[0] !== 'g' && flags.parts[0] !== '')) return doubt
  }
  if (term.name !== 'test' && /[*?{|^$(]/.test(text)) return doubt
  try {
    compileRegex(text, '')
    return undefined
  } catch {
    return doubt
  }
}

const isAscii = (text: string): boolean => [...text].every((character) => character < '\x80')

/** What stands in an object that makes jq's answer doubtful: text beyond ASCII, numbers that it would keep or print in another way. */
export function findDoubtInObject(object: unknown): Doubt | undefined {
  if (typeof object === 'string') {
    return isAscii(object) ? undefined : { construct: 'text beyond ASCII', reason: 'the two cut, compare and match it differently' }
  }
  if (typeof object === 'number') {
    const size = Math.abs(object)
    const isOrdinary = object === 0 ? !Object.is(object, -0) : size >= 1e-5 && size < 1e15
    return isOrdinary ? undefined : { construct: `the number ${object}`, reason: 'jq keeps and prints it in its own way' }
  }
  const values = isList(object) ? object : isObject(object) ? Object.entries(object).flat() : []
  for (const value of values) {
    const doubt = findDoubtInObject(value)
    if (doubt) return doubt
  }
  return undefined
}
