import { BeyondGrammar } from './beyond-grammar.ts'
import { compileCall, compileFunction, compileInternal } from './compile-call.ts'
import { compileIndex, compileIterate, compileOptional, compileSlice } from './compile-access.ts'
import { compileAlternative, compileBreak, compileIf, compileLabel, compileLogic, compileTry } from './compile-control.ts'
import { compileFold } from './compile-fold.ts'
import { compileObject } from './compile-object.ts'
import { compilePatterns } from './compile-pattern.ts'
import { compileUpdate } from './compile-update.ts'
import { type Query, type Term, withoutSuffixes } from './grammar.ts'
import { leave } from './path.ts'
import { type Environment, keeping, type Program, programOfOne, type Run } from './program.ts'
import { type Compilation, type Scope, withFunction } from './scope.ts'

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

/** `.` */
export const IDENTITY: Program = { run: (value, path, _, emit) => emit(value, path), single: (value) => value }

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
