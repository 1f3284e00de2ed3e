import { accessIndex, accessSlice } from './access.ts'
import { compileTry } from './compile-control.ts'
import { compile, compilePipe, signedNumber } from './compile.ts'
import { cannotIterate, invalidPath, invalidPathIteration } from './gojq-errors.ts'
import { type Query, type Term, withoutSuffixes } from './grammar.ts'
import { isIntact, stepTo } from './path.ts'
import { eachValue, type Emit, type Program, programOfOne } from './program.ts'
import type { Compilation, Scope } from './scope.ts'
import { fieldOf, isList, isObject, sortedKeys } from './values.ts'
import type { Path } from './path.ts'

// query.go toIndexKey: a literal key is looked at without its suffixes
const constantKey = (key: Query): string | number | undefined => {
  const at = withoutSuffixes(key)
  if (at.is === 'text') return at.parts.length === 1 && typeof at.parts[0] === 'string' && at.format === undefined ? at.parts[0] : undefined
  return signedNumber(at)
}

/** query.go toIndices: the steps of a target that is made of literal keys, indices and slices alone. */
export function constantPath(query: Query): readonly unknown[] | undefined {
  if (query.is === 'group') return constantPath(query.of)
  if (query.is !== 'index' && query.is !== 'slice') return undefined
  const before = query.of.is === 'identity' ? [] : constantPath(query.of)
  if (query.is === 'index') {
    const key = constantKey(query.key)
    return before && key !== undefined ? [...before, key] : undefined
  }
  const start = query.start && constantKey(query.start)
  const end = query.end && constantKey(query.end)
  if (!before || (query.start && start === undefined) || (query.end && end === undefined)) return undefined
  return [...before, { end: end ?? null, start: start ?? null }]
}

const emitStep = (value: unknown, step: unknown, item: unknown, path: Path | null, emit: Emit): void => {
  if (path !== null && !isIntact(value, path)) throw invalidPath(value)
  emit(item, stepTo(path, step, item))
}

/** `of.key`, `of["key"]`, `of[query]`: the key is evaluated on the input, before `of`. */
export function compileIndex(term: Term & { is: 'index' }, scope: Scope, compilation: Compilation): Program {
  const { version } = compilation
  const known = constantKey(term.key)
  const key = known === undefined ? compile(term.key, scope, compilation) : undefined
  const of = compile(term.of, scope, compilation)
  if (key === undefined) {
    const read = typeof known === 'string'
      ? (value: unknown): unknown => (isObject(value) ? fieldOf(value, known) : accessIndex(value, known, version))
      : (value: unknown): unknown => accessIndex(value, known, version)
    return compilePipe(of, programOfOne(read, (value, path, _, emit) => emitStep(value, known, read(value), path, emit)))
  }
  const run: Program['run'] = (value, path, environment, emit) =>
    eachValue(key, value, environment, (step) => of.run(value, path, environment, (from, at) => emitStep(from, step, accessIndex(from, step, version), at, emit)))
  const [keyOf, base] = [key.single, of.single]
  if (!keyOf || !base) return { run }
  return programOfOne((value, environment) => {
    const step = keyOf(value, environment)
    return accessIndex(base(value, environment), step, version)
  }, run)
}

/** `of[start:end]`. */
export function compileSlice(term: Term & { is: 'slice' }, scope: Scope, compilation: Compilation): Program {
  const { version } = compilation
  const open: Query = { is: 'literal', value: null }
  const start = compile(term.start ?? open, scope, compilation)
  const end = compile(term.end ?? open, scope, compilation)
  const of = compile(term.of, scope, compilation)
  return {
    run: (value, path, environment, emit) => eachValue(start, value, environment, (from) => eachValue(end, value, environment, (to) =>
      of.run(value, path, environment, (list, at) => emitStep(list, { end: to, start: from }, accessSlice(list, from, to, version), at, emit)))),
  }
}

const iterate = (value: unknown, path: Path | null, emit: Emit, isOptional: boolean): void => {
  if (!isList(value) && !isObject(value)) {
    if (isOptional) return
    throw cannotIterate(value)
  }
  if (path !== null && !isIntact(value, path)) {
    if (isOptional) return
    throw invalidPathIteration(value)
  }
  if (isList(value)) for (let i = 0; i < value.length; i++) emit(value[i] ?? null, stepTo(path, i, value[i] ?? null))
  else for (const key of sortedKeys(value)) emit(fieldOf(value, key), stepTo(path, key, fieldOf(value, key)))
}

const EVERY: Program = { run: (value, path, _, emit) => iterate(value, path, emit, false) }
const EVERY_IF_ANY: Program = { run: (value, path, _, emit) => iterate(value, path, emit, true) }

/** `of[]`: lists in order, objects by sorted key. */
export const compileIterate = (term: Term & { is: 'iterate' }, scope: Scope, compilation: Compilation): Program =>
  compilePipe(compile(term.of, scope, compilation), EVERY)

// compiler.go compileTermSuffix: only the last suffix is tried, and its key is then evaluated on what stands before it
/** `of?`. */
export function compileOptional(term: Term & { is: 'optional' }, scope: Scope, compilation: Compilation): Program {
  const { of } = term
  if (of.is === 'iterate') return compilePipe(compile(of.of, scope, compilation), EVERY_IF_ANY)
  if (of.is !== 'index' && of.is !== 'slice') return compileTry(compile(of, scope, compilation))
  const base = compile(of.of, scope, compilation)
  return compilePipe(base, compileTry(compile({ ...of, of: { is: 'identity' } }, scope, compilation)))
}
