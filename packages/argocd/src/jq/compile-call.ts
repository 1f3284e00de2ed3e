import { BeyondGrammar, InvalidExpression } from './beyond-grammar.ts'
import { builtinsOf } from './builtins.ts'
import { compile, compileConstant } from './compile.ts'
import { type InternalFunction, INTERNAL_FUNCTIONS } from './functions.ts'
import { invalidPath } from './gojq-errors.ts'
import type { Definition, Query, Term } from './grammar.ts'
import { NATIVE_FUNCTIONS, toEntriesBefore19 } from './native.ts'
import { isIntact, leave, type Path, returnTo, stepTo } from './path.ts'
import { type Closure, eachValue, type Environment, type Program, programOfOne, type Run } from './program.ts'
import { type Compilation, EMPTY_SCOPE, findBinding, type FunctionBinding, outward, type Scope, withFunction, withPlace } from './scope.ts'
import { enterCall } from './progress.ts'
import { vocabularyOf } from './vocabulary.ts'

/** A variable, a closure, a function of the expression or a builtin, looked up in the order of compiler.go compileFunc. */
export function compileCall(term: Term & { is: 'call' }, scope: Scope, compilation: Compilation): Program {
  const { name, args } = term
  const signature = `${name}/${args.length}`
  if (name.startsWith('$')) return compileVariable(name, scope)
  const binding = findBinding(scope, (at) => (at.binds === 'function' ? at.name === signature : at.binds === 'closure' && args.length === 0 && at.name === name))
  if (binding?.binds === 'closure') return compileClosure(scope.depth - 1 - binding.depth)
  if (binding?.binds === 'function') return compileFunctionCall(binding, args, scope, compilation)
  if (signature === 'env/0') return compileConstant({})
  if (!vocabularyOf(compilation.version).has(signature)) throw new InvalidExpression(`function not defined: ${signature}`)
  if (name === 'input' || name === 'inputs') throw new InvalidExpression('input(s)/0 is not allowed')
  if (signature === 'debug/1') {
    compileArgs(args, scope, compilation)
    throw new InvalidExpression('function not defined: debug/1')
  }
  const native = signature === 'to_entries/0' && compilation.version !== '0.12.19' ? toEntriesBefore19 : NATIVE_FUNCTIONS.get(signature)
  if (native) return native(compileArgs(args, scope, compilation), compilation)
  const definition = builtinsOf(compilation.version).get(signature)
  if (!definition) return compileInternal(name, args, scope, compilation)
  return compileFunctionCall(builtinOf(signature, definition, compilation), args, scope, compilation)
}

function builtinOf(signature: string, definition: Definition, compilation: Compilation): FunctionBinding {
  const known = compilation.builtins.get(signature)
  if (known) return known
  const binding = withFunction(EMPTY_SCOPE, definition).binding
  compilation.builtins.set(signature, binding)
  compileFunction(binding, compilation)
  return binding
}

// compiler.go compileCallInternal: from the last argument to the first
const compileArgs = (args: readonly Query[], scope: Scope, compilation: Compilation): readonly Program[] =>
  args.toReversed().map((arg) => compile(arg, scope, compilation)).reverse()

function compileVariable(name: string, scope: Scope): Program {
  const binding = findBinding(scope, (at) => at.binds === 'variable' && at.name === name)
  if (binding?.binds !== 'variable') {
    if (name === '$ENV') return compileConstant({})
    throw new InvalidExpression(`variable not defined: ${name}`)
  }
  const count = scope.depth - 1 - binding.depth
  const read = (environment: Environment | null): unknown => outward(environment, count)?.value
  return programOfOne((_, environment) => read(environment), (_, path, environment, emit) => emit(read(environment), leave(path)))
}

const compileClosure = (count: number): Program => ({
  run: (value, path, environment, emit) => {
    const closure = outward(environment, count)?.value as Closure
    closure.run(value, path, closure.environment, emit)
  },
})

/** Compiles the body of a function into its binding, which the body may already refer to. */
export function compileFunction(binding: FunctionBinding, compilation: Compilation): void {
  const { definition } = binding
  const closures = definition.parameters.reduce((scope, name) => withPlace(scope, 'closure', name.replace('$', '')), binding.scope)
  const scope = definition.parameters.filter((name) => name.startsWith('$')).reduce((inner, name) => withPlace(inner, 'variable', name), closures)
  binding.run = compile(definition.body, scope, compilation).run
}

function compileFunctionCall(binding: FunctionBinding, args: readonly Query[], scope: Scope, compilation: Compilation): Program {
  const programs = compileArgs(args, scope, compilation)
  const outside = scope.depth - binding.scope.depth
  const values = binding.definition.parameters.flatMap((name, i) => (name.startsWith('$') ? [i] : []))
  const isOwn = binding.scope.outer === EMPTY_SCOPE
  const run: Run = (value, path, environment, emit) => {
    let inner = isOwn ? null : outward(environment, outside)
    for (const program of programs) inner = { value: { run: program.run, environment } satisfies Closure, outer: inner }
    const bind = (i: number, bound: Environment | null): void => {
      const program = programs[values[i] ?? -1]
      if (!program) return binding.run && enterCall(compilation.progress, binding, binding.run, value, path, bound, emit)
      eachValue(program, value, environment, (of) => bind(i + 1, { value: of, outer: bound }))
    }
    bind(0, inner)
  }
  return { run }
}

/** A function of func.go: the arguments are evaluated on the input, the last one outermost, while paths are still collected. */
export function compileInternal(name: string, args: readonly Query[], scope: Scope, compilation: Compilation): Program {
  const answer = INTERNAL_FUNCTIONS.get(`${name}/${args.length}`)
  if (!answer) throw new BeyondGrammar(`the function ${name}/${args.length}`)
  const programs = compileArgs(args, scope, compilation)
  const { version } = compilation
  const run = name === 'getpath' ? runGetPath(programs, answer, compilation) : name === '_index' || name === '_slice' ? beyondPaths(name, programs, answer, compilation) : ordinary(programs, answer, compilation)
  const singles = programs.flatMap((program) => program.single ?? [])
  if (singles.length < programs.length) return { run }
  const [first, second] = singles
  if (!first) return programOfOne((value) => answer(value, [], version), run)
  if (!second) return programOfOne((value, environment) => answer(value, [first(value, environment)], version), run)
  if (singles.length > 2) return { run }
  return programOfOne((value, environment) => {
    const right = second(value, environment)
    return answer(value, [first(value, environment), right], version)
  }, run)
}

const ordinary = (programs: readonly Program[], answer: InternalFunction, compilation: Compilation): Run => (value, path, environment, emit) => {
  const evaluate = (i: number, at: Path | null, args: readonly unknown[]): void => {
    const program = programs[i]
    if (!program) return emit(answer(value, args, compilation.version), leave(at))
    program.run(value, returnTo(path, at), environment, (arg, after) => evaluate(i - 1, after, [arg, ...args]))
  }
  evaluate(programs.length - 1, path, [])
}

const beyondPaths = (name: string, programs: readonly Program[], answer: InternalFunction, compilation: Compilation): Run => {
  const run = ordinary(programs, answer, compilation)
  return (value, path, environment, emit) => {
    if (path !== null) throw new BeyondGrammar(`${name} called by name`)
    run(value, path, environment, emit)
  }
}

// execute.go opcall getpath: the path is evaluated apart, and each of its steps is one step of ours
const runGetPath = ([steps]: readonly Program[], answer: InternalFunction, compilation: Compilation): Run => (value, path, environment, emit) => {
  if (!steps) return
  eachValue(steps, value, environment, (list) => {
    const found = answer(value, [list], compilation.version)
    if (path === null) return emit(found, null)
    if (!isIntact(value, path)) throw invalidPath(value)
    emit(found, (list as readonly unknown[]).reduce((at: Path | null, step) => stepTo(at, step, found), path))
  })
}
