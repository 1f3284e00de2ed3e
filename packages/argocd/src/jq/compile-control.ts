import { InvalidExpression, RuntimeFailure } from './beyond-grammar.ts'
import { compile, IDENTITY } from './compile.ts'
import type { Query, Term } from './grammar.ts'
import { leave } from './path.ts'
import { eachValue, type Program, programOfOne, type Run } from './program.ts'
import { watched } from './progress.ts'
import { type Compilation, findBinding, outward, type Scope, withPlace } from './scope.ts'

const isTruthy = (value: unknown): boolean => value !== null && value !== false

// compiler.go compileAlt: an error on the left is an error, only false and null give way
/** `left // right`. */
export const compileAlternative = (left: Program, right: Program): Program => {
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

/** `left and right`, `left or right`. */
export const compileLogic = (word: 'and' | 'or', left: Program, right: Program): Program => {
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

/** `if condition then … else … end`; without `else` the input stays. */
export function compileIf(term: Term & { is: 'if' }, scope: Scope, compilation: Compilation): Program {
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

/** `label $name | body`. */
export function compileLabel(name: string, query: Query, scope: Scope, compilation: Compilation): Program {
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

/** `break $name`. */
export function compileBreak(name: string, scope: Scope): Program {
  const binding = findBinding(scope, (at) => at.binds === 'variable' && at.name === `label ${name}`)
  if (binding?.binds !== 'variable') throw new InvalidExpression(`label not defined: ${name}`)
  const count = scope.depth - 1 - binding.depth
  return { run: (_, __, environment) => { throw new Break(outward(environment, count)?.value as object) } }
}
