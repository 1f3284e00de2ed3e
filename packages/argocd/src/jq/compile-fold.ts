import { BeyondGrammar } from './beyond-grammar.ts'
import { compile } from './compile.ts'
import { destructure, placesOf } from './compile-pattern.ts'
import type { Term } from './grammar.ts'
import { leave, returnTo } from './path.ts'
import type { Program, Run } from './program.ts'
import { watched } from './progress.ts'
import type { Compilation, Scope } from './scope.ts'

/** `reduce` and `foreach` as compiler.go lays them out: an update without output keeps the state, of several outputs the last one stays. */
export function compileFold(term: Term & { is: 'reduce' | 'foreach' }, scope: Scope, compilation: Compilation): Program {
  if (compilation.version === '0.12.13') throw new BeyondGrammar(term.is)
  const start = compile(term.start, scope, compilation)
  const source = compile(term.source, scope, compilation)
  const inner = placesOf(term.pattern, scope)
  const bind = destructure(term.pattern, scope, compilation)
  const update = compile(term.update, inner, compilation)
  const extract = term.is === 'foreach' && term.extract ? compile(term.extract, inner, compilation) : undefined
  const isReduce = term.is === 'reduce'
  const run: Run = (value, path, environment, emit) => start.run(value, path, environment, (first, started) => {
    let state = first
    source.run(value, returnTo(path, started), environment, (item, at) => bind(item, at, environment, (bound, after) => {
      update.run(state, leave(after), bound, (next, left) => {
        state = next
        if (isReduce) return
        if (extract) extract.run(next, left, bound, emit)
        else emit(next, left)
      })
    }))
    if (isReduce) emit(state, leave(started))
  })
  return watched({ run }, compilation.progress)
}
