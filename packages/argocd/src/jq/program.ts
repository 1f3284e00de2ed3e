import type { Path } from './path.ts'

/** Called once for every output: the value and where it stands. */
export type Emit = (value: unknown, path: Path | null) => void

/** The variables and closures in sight, innermost first; its shape is known when the program is compiled. */
export interface Environment { readonly value: unknown; readonly outer: Environment | null }

/** A compiled query: every output of it for one input. `path` is null where paths are not being collected. */
export type Run = (value: unknown, path: Path | null, environment: Environment | null, emit: Emit) => void

/** A compiled query that always has exactly one output, where paths are not being collected. */
export type Single = (value: unknown, environment: Environment | null) => unknown

export interface Program { readonly run: Run; readonly single?: Single }

/** An argument that is passed as a query: its program and the environment it was written in. */
export interface Closure { readonly run: Run; readonly environment: Environment | null }

/** A program that has exactly one output; `tracked` says what it does while paths are collected. */
export const programOfOne = (single: Single, tracked: Run): Program => ({
  single,
  run: (value, path, environment, emit) => {
    if (path === null) emit(single(value, environment), null)
    else tracked(value, path, environment, emit)
  },
})

/** Every output without its path. */
export const eachValue = (program: Program, value: unknown, environment: Environment | null, emit: (value: unknown) => void): void => {
  if (program.single) emit(program.single(value, environment))
  else program.run(value, null, environment, emit)
}

const silent = new WeakSet<Emit>()

/** Marks an emit that only keeps what it is given: nothing can fail or stop in it. */
export const keeping = (emit: Emit): Emit => {
  silent.add(emit)
  return emit
}

export const isKeeping = (emit: Emit): boolean => silent.has(emit)
