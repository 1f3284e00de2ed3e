import { BeyondGrammar, InvalidExpression, RuntimeFailure } from './beyond-grammar.ts'
import { compileCall, compileFunction, compileInternal } from './compile-call.ts'
import { compileIndex, compileIterate, compileOptional, compileSlice } from './compile-access.ts'
import { compileFold } from './compile-fold.ts'
import { compilePatterns } from './compile-pattern.ts'
import { compileUpdate } from './compile-update.ts'
import { type ObjectEntry, type Query, type Term, withoutSuffixes } from './grammar.ts'
import { keyNotText } from './gojq-errors.ts'
import { leave, returnTo } from './path.ts'
import { eachValue, type Environment, keeping, type Program, programOfOne, type Run } from './program.ts'
import { watched } from './progress.ts'
import { type Compilation, findBinding, outward, type Scope, withFunction, withPlace } from './scope.ts'
import { fieldOf, isObject } from './values.ts'

const isTruthy = (value: unknown): boolean => value !== null && value !== false

/** Compiles a query in the order of compiler.go, so that of several errors gojq's first is thrown. */
export function compile(query: Query, scope: Scope, compilation: Compilation): Program {
  switch (query.is) {
    case 'pipe': return compilePipe(compile(query.left, scope, compilation), compile(query.right, scope, compilation))
    case 'comma': return compileComma(compile(query.left, scope, compilation), compile(query.right, scope, compilation))
    case 'alternative': return compileAlternative(compile(query.left, scope, compilation), compile(query.right, scope, compilation))
    case 'and':
    case 'or': return compileLogic(query.is, compile(query.left, scope, compilation), compile(query.right, scope, compilation))
    case 'operation': return compileInternal(FUNCTION_OF[query.operator], [query.left, query.right], scope, compilation)
    case 'update': return compileUpdate(query, scope, compilation)
    case 'bind': return compilePatterns(query.patterns, compile(query.source, scope, compilation), scope, compilation,
      (inner) => compile(query.body, inner, compilation))
    case 'define': {
      const inner = withFunction(scope, query.definition)
      compileFunction(inner.binding, compilation)
      return compile(query.body, inner, compilation)
    }
    case 'label': return compileLabel(query.name, query.body, scope, compilation)
    default: return compileTerm(query, scope, compilation)
  }
}

const FUNCTION_OF = {
  '+': '_add', '-': '_subtract', '*': '_multiply', '/': '_divide', '%': '_modulo',
  '==': '_equal', '!=': '_notequal', '<': '_less', '<=': '_lesseq', '>': '_greater', '>=': '_greatereq',
} as const

function compileTerm(term: Term, scope: Scope, compilation: Compilation): Program {
  switch (term.is) {
    case 'identity': return IDENTITY
    case 'literal': return compileConstant(term.value)
    case 'text': return compileText(term, scope, compilation)
    case 'format': return compileFormat(term.format, scope, compilation)
    case 'index': return compileIndex(term, scope, compilation)
    case 'slice': return compileSlice(term, scope, compilation)
    case 'iterate': return compileIterate(term, scope, compilation)
    case 'optional': return compileOptional(term, scope, compilation)
    case 'call': return compileCall(term, scope, compilation)
    case 'object': return compileObject(term.entries, scope, compilation)
    case 'list': return term.of === undefined ? compileConstant([]) : compileList(compile(term.of, scope, compilation))
    case 'signed': return compileSigned(term, scope, compilation)
    case 'group': return compile(term.of, scope, compilation)
    case 'if': return compileIf(term, scope, compilation)
    case 'try': return compileTry(compile(term.body, scope, compilation), term.handler && compile(term.handler, scope, compilation))
    case 'reduce':
    case 'foreach': return compileFold(term, scope, compilation)
    case 'break': return compileBreak(term.name, scope)
    default: return term satisfies never
  }
}

const IDENTITY: Program = { run: (value, path, _, emit) => emit(value, path), single: (value) => value }

/** A program whose output is always this value. */
export const compileConstant = (value: unknown): Program => programOfOne(() => value, (_, path, __, emit) => emit(value, leave(path)))

/** `left | right`. */
export function compilePipe(left: Program, right: Program): Program {
  if (left === IDENTITY) return right
  const run: Run = (value, path, environment, emit) =>
    left.run(value, path, environment, (middle, at) => right.run(middle, at, environment, emit))
  const [first, second] = [left.single, right.single]
  return first && second ? programOfOne((value, environment) => second(first(value, environment), environment), run) : { run }
}

const compileComma = (left: Program, right: Program): Program => ({
  run: (value, path, environment, emit) => {
    left.run(value, path, environment, emit)
    right.run(value, path, environment, emit)
  },
})

// compiler.go compileAlt: an error on the left is an error, only false and null give way
const compileAlternative = (left: Program, right: Program): Program => {
  const run: Run = (value, path, environment, emit) => {
    let found = false
    left.run(value, path, environment, (output, at) => {
      if (!isTruthy(output)) return
      found = true
      emit(output, at)
    })
    if (!found) right.run(value, path, environment, emit)
  }
  const [first, second] = [left.single, right.single]
  if (!first || !second) return { run }
  return programOfOne((value, environment) => {
    const output = first(value, environment)
    return isTruthy(output) ? output : second(value, environment)
  }, run)
}

const compileLogic = (word: 'and' | 'or', left: Program, right: Program): Program => {
  const decides = word === 'or'
  const run: Run = (value, path, environment, emit) => {
    const off = leave(path)
    eachValue(left, value, environment, (output) => {
      if (isTruthy(output) === decides) emit(decides, off)
      else eachValue(right, value, environment, (last) => emit(isTruthy(last), off))
    })
  }
  const [first, second] = [left.single, right.single]
  if (!first || !second) return { run }
  return programOfOne((value, environment) => (isTruthy(first(value, environment)) === decides ? decides : isTruthy(second(value, environment))), run)
}

function compileIf(term: Term & { is: 'if' }, scope: Scope, compilation: Compilation): Program {
  const condition = compile(term.condition, scope, compilation)
  const then = compile(term.then, scope, compilation)
  const otherwise = term.otherwise ? compile(term.otherwise, scope, compilation) : IDENTITY
  const run: Run = (value, path, environment, emit) =>
    eachValue(condition, value, environment, (holds) => (isTruthy(holds) ? then : otherwise).run(value, path, environment, emit))
  const [test, yes, no] = [condition.single, then.single, otherwise.single]
  if (!test || !yes || !no) return { run }
  return programOfOne((value, environment) => (isTruthy(test(value, environment)) ? yes : no)(value, environment), run)
}

// execute.go tryEndError: what fails after the body's output is not the body's error.
class Downstream extends Error {
  readonly failure: unknown
  constructor(failure: unknown) {
    super('downstream')
    this.failure = failure
  }
}

/** `try body catch handler`; without a handler an error is no output. */
export const compileTry = (body: Program, handler?: Program): Program => ({
  run: (value, path, environment, emit) => {
    let failure: RuntimeFailure
    try {
      body.run(value, path, environment, (output, at) => {
        try {
          emit(output, at)
        } catch (error) {
          throw new Downstream(error)
        }
      })
      return
    } catch (error) {
      if (error instanceof Downstream) throw error.failure
      if (!(error instanceof RuntimeFailure)) throw error
      failure = error
    }
    handler?.run(failure.caught, leave(path), environment, emit)
  },
})

class Break extends Error {
  readonly label: object
  constructor(label: object) {
    super('break')
    this.label = label
  }
}

function compileLabel(name: string, query: Query, scope: Scope, compilation: Compilation): Program {
  const body = compile(query, withPlace(scope, 'variable', `label ${name}`), compilation)
  return watched({
    run: (value, path, environment, emit) => {
      const label = {}
      try {
        body.run(value, path, { value: label, outer: environment }, emit)
      } catch (error) {
        if (!(error instanceof Break) || error.label !== label) throw error
      }
    },
  }, compilation.progress)
}

function compileBreak(name: string, scope: Scope): Program {
  const binding = findBinding(scope, (at) => at.binds === 'variable' && at.name === `label ${name}`)
  if (binding?.binds !== 'variable') throw new InvalidExpression(`label not defined: ${name}`)
  const count = scope.depth - 1 - binding.depth
  return { run: (_, __, environment) => { throw new Break(outward(environment, count)?.value as object) } }
}

const compileList = (of: Program): Program => {
  const collect = (value: unknown, path: Parameters<Run>[1], environment: Environment | null): unknown[] => {
    const items: unknown[] = []
    of.run(value, path, environment, keeping((item) => { items.push(item) }))
    return items
  }
  return programOfOne((value, environment) => collect(value, null, environment),
    (value, path, environment, emit) => emit(collect(value, path, environment), leave(path)))
}

// compiler.go compileString: the parts are added from the left, each query through tostring or the format
function compileText(term: Term & { is: 'text' }, scope: Scope, compilation: Compilation): Program {
  const [only] = term.parts
  if (term.parts.length === 1 && typeof only === 'string') return compileConstant(only)
  const format: Query = term.format === undefined ? { is: 'call', name: 'tostring', args: [] } : { is: 'format', format: term.format }
  const pieces = term.parts.map((part): Query =>
    typeof part === 'string' ? { is: 'text', parts: [part] } : part.is === 'text' ? part : { is: 'pipe', left: part, right: format })
  const [first = { is: 'identity' as const }, ...rest] = pieces
  return compile(rest.reduce((left: Query, right): Query => ({ is: 'operation', operator: '+', left, right }), first), scope, compilation)
}

const FORMATS: Readonly<Record<string, string>> = { '@text': 'tostring', '@json': 'tojson' }

const compileFormat = (format: string, scope: Scope, compilation: Compilation): Program => {
  const name = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  if (name === undefined) throw new BeyondGrammar(`the format ${format}`)
  return compileCall({ is: 'call', name, args: [] }, scope, compilation)
}

// compiler.go compileUnary: a signed number is a constant
function compileSigned(term: Term & { is: 'signed' }, scope: Scope, compilation: Compilation): Program {
  const number = signedNumber(term)
  if (number !== undefined) return compileConstant(number)
  const of = compile(term.of, scope, compilation)
  return compilePipe(of, compileInternal(term.sign === '+' ? '_plus' : '_negate', [], scope, compilation))
}

/** The number that a literal or a signed literal stands for; minus zero is beyond our numbers. */
export function signedNumber(term: Query): number | undefined {
  if (term.is === 'literal') return typeof term.value === 'number' ? term.value : undefined
  // query.go Unary.toNumber: a suffix after the digits is not looked at
  const of = term.is === 'signed' ? withoutSuffixes(term.of) : term
  if (term.is !== 'signed' || of.is !== 'literal' || typeof of.value !== 'number') return undefined
  if (of.value === 0 && term.sign === '-') throw new BeyondGrammar('minus zero')
  return term.sign === '-' ? -of.value : of.value
}

function compileObject(entries: readonly ObjectEntry[], scope: Scope, compilation: Compilation): Program {
  if (entries.length === 0) return compileConstant({})
  const parts = entries.map((entry) => compileEntry(entry, scope, compilation))
  const build: Run = (value, path, environment, emit) => {
    const at = (i: number, from: Parameters<Run>[1], fields: readonly (readonly [unknown, unknown])[]): void => {
      const part = parts[i]
      if (part === undefined) return emit(objectOf(fields, compilation), leave(from))
      part.key.run(value, returnTo(path, from), environment, (key, afterKey) => {
        const known = part.value ?? { run: (_: unknown, p: Parameters<Run>[1], __: unknown, k: Parameters<Run>[3]) => k(lookUp(value, key), leave(p)) }
        known.run(value, returnTo(path, afterKey), environment, (of, afterValue) => at(i + 1, afterValue, [...fields, [key, of]]))
      })
    }
    at(0, path, [])
  }
  return { run: build }
}

const lookUp = (value: unknown, key: unknown): unknown => {
  if (value === null) return null
  if (!isObject(value) || typeof key !== 'string') throw new BeyondGrammar('a short object entry of something else')
  return fieldOf(value, key)
}

// execute.go opobject: the last field is checked first, and of two equal keys the later wins
function objectOf(fields: readonly (readonly [unknown, unknown])[], compilation: Compilation): unknown {
  const object = new Map<string, unknown>()
  for (const [key, value] of fields.toReversed()) {
    if (typeof key !== 'string') throw keyNotText(key)
    if (!object.has(key)) object.set(key, value)
    else if (compilation.version === '0.12.13') throw new BeyondGrammar('a repeated key')
  }
  return Object.fromEntries(object)
}

function compileEntry(entry: ObjectEntry, scope: Scope, compilation: Compilation): { key: Program; value?: Program } {
  const variable = entry.variable === undefined ? undefined : compileCall({ is: 'call', name: entry.variable, args: [] }, scope, compilation)
  if (variable && entry.value === undefined) return { key: compileConstant(entry.key), value: variable }
  const key = variable ?? (typeof entry.key === 'string' ? keepingPath(entry.key) : compile(entry.key, scope, compilation))
  if (entry.value !== undefined) return { key, value: compile(entry.value, scope, compilation) }
  // compiler.go compileObjectKeyVal: {name} indexes while paths are collected
  if (typeof entry.key === 'string') return { key, value: compile({ is: 'index', of: { is: 'identity' }, key: { is: 'text', parts: [entry.key] } }, scope, compilation) }
  if (entry.key.is === 'text' && entry.key.parts.length === 1 && typeof entry.key.parts[0] === 'string') {
    return { key, value: compile({ is: 'index', of: { is: 'identity' }, key: entry.key }, scope, compilation) }
  }
  throw new BeyondGrammar('a short object entry with a computed key')
}

const keepingPath = (key: string): Program => ({ run: (_, path, __, emit) => emit(key, path), single: () => key })
