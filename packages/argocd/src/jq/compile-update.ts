import { BeyondGrammar } from './beyond-grammar.ts'
import { compile } from './compile.ts'
import { constantPath } from './compile-access.ts'
import { deletePaths, setPath } from './delete-paths.ts'
import { INTERNAL_FUNCTIONS, type InternalFunction } from './functions.ts'
import { invalidPath } from './gojq-errors.ts'
import type { Query } from './grammar.ts'
import { isIntact, leave, type Path, rootPath, stepsOf, stepTo } from './path.ts'
import { eachValue, type Environment, type Program, type Run } from './program.ts'
import { watched } from './progress.ts'
import type { Compilation, Scope } from './scope.ts'

const FUNCTION_OF: Readonly<Record<string, string>> = {
  '+=': '_add/2', '-=': '_subtract/2', '*=': '_multiply/2', '/=': '_divide/2', '%=': '_modulo/2',
}

/** `target = value`, `target |= query` and the arithmetic updates, as compiler.go compileQueryUpdate lays them out. */
export function compileUpdate(query: Query & { is: 'update' }, scope: Scope, compilation: Compilation): Program {
  const right = compile(query.right, scope, compilation)
  const steps = query.operator === '=' ? constantPath(query.left) : undefined
  if (steps) return watched({ run: assignAt(steps, right, compilation) }, compilation.progress)
  const left = compile(query.left, scope, compilation)
  if (query.operator === '|=') return watched({ run: modify(left, right, compilation) }, compilation.progress)
  if (query.operator === '=') return watched({ run: assign(left, right, compilation) }, compilation.progress)
  const answer = query.operator === '//=' ? alternative : INTERNAL_FUNCTIONS.get(FUNCTION_OF[query.operator] ?? '')
  if (!answer) throw new BeyondGrammar(`the update ${query.operator}`)
  return watched({ run: combine(left, right, answer, compilation) }, compilation.progress)
}

const alternative: InternalFunction = (_, [left, right]) => (left === null || left === false ? right : left)

const eachPath = (target: Program, value: unknown, environment: Environment | null, emit: (steps: readonly unknown[]) => void): void =>
  target.run(value, rootPath(value), environment, (output, at) => {
    if (at === null) return
    if (!isIntact(output, at)) throw invalidPath(output)
    emit(stepsOf(at))
  })

// compiler.go compileQueryUpdate: a constant path is set at once, and the value evaluated while paths are collected
const assignAt = (steps: readonly unknown[], of: Program, { version }: Compilation): Run => (value, path, environment, emit) =>
  of.run(value, path, environment, (to, after) => emit(setPath(value, steps, to, version), leave(after)))

// compiler.go compileAssign
const assign = (target: Program, of: Program, { version }: Compilation): Run => (value, path, environment, emit) =>
  eachValue(of, value, environment, (to) => {
    let state = value
    eachPath(target, value, environment, (steps) => { state = setPath(state, steps, to, version) })
    emit(state, leave(path))
  })

class Done extends Error {}

// compiler.go compileModify: the first output replaces the value, no output deletes it in the end
const modify = (target: Program, by: Program, { version }: Compilation): Run => (value, path, environment, emit) => {
  const getPath = INTERNAL_FUNCTIONS.get('getpath/1')
  const deleted: unknown[] = []
  let state = value
  eachPath(target, value, environment, (steps) => {
    const current = getPath?.(state, [steps], version)
    const from = state === value ? path : leave(path)
    if (from !== null && !isIntact(state, from)) throw invalidPath(state)
    const done = new Done()
    try {
      by.run(current, steps.reduce((at: Path | null, step) => stepTo(at, step, current), from), environment, (output) => {
        state = setPath(state, steps, output, version)
        throw done
      })
      deleted.push(steps)
    } catch (error) {
      if (error !== done) throw error
    }
  })
  emit(deletePaths(state, deleted, version), leave(path))
}

const combine = (target: Program, right: Program, answer: InternalFunction, compilation: Compilation): Run => (value, path, environment, emit) => {
  if (path !== null) throw new BeyondGrammar('an arithmetic update as a path')
  eachValue(right, value, environment, (operand) => {
    const by: Program = { run: (input, _, __, output) => output(answer(input, [input, operand], compilation.version), null) }
    modify(target, by, compilation)(value, null, environment, emit)
  })
}
