import { BeyondGrammar } from './beyond-grammar.ts'
import { invalidPath, notApplicable, raised } from './gojq-errors.ts'
import { isIntact, leave, rootPath, stepsOf } from './path.ts'
import { eachValue, isKeeping, keeping, type Program, programOfOne } from './program.ts'
import { NeverEnds, spendStep, watched } from './progress.ts'
import type { Compilation } from './scope.ts'
import { sortedKeys, isList, isObject, fieldOf } from './values.ts'

type Native = (args: readonly Program[], compilation: Compilation) => Program

const isTruthy = (value: unknown): boolean => value !== null && value !== false

const not: Native = () => programOfOne((value) => !isTruthy(value), (value, path, _, emit) => emit(!isTruthy(value), leave(path)))

const select: Native = ([condition]) => {
  const test = condition?.single
  if (test) return { run: (value, path, environment, emit) => { if (isTruthy(test(value, environment))) emit(value, path) } }
  return {
    run: (value, path, environment, emit) => {
      if (condition) eachValue(condition, value, environment, (holds) => { if (isTruthy(holds)) emit(value, path) })
    },
  }
}

// execute.go oppathbegin and oppathend
const pathOf: Native = ([of]) => ({
  run: (value, path, environment, emit) => of?.run(value, rootPath(value), environment, (output, at) => {
    if (at === null) return
    if (!isIntact(output, at)) throw invalidPath(output)
    emit(stepsOf(at), leave(path))
  }),
})

class Enough extends Error {}

const takeAtMost = (count: number, of: Program, ...[value, path, environment, emit]: Parameters<Program['run']>): void => {
  const enough = new Enough()
  let left = count
  try {
    of.run(value, path, environment, (output, at) => {
      emit(output, at)
      if (--left <= 0) throw enough
    })
  } catch (error) {
    if (error !== enough) throw error
  }
}

const countOf = (count: unknown): number => {
  if (typeof count !== 'number' || !Number.isInteger(count)) throw new BeyondGrammar('a count that is not a whole number')
  return count
}

const limit: Native = ([count, of], { version }) => ({
  run: (value, path, environment, emit) => {
    if (!count || !of) return
    eachValue(count, value, environment, (many) => {
      if (countOf(many) > 0) return takeAtMost(countOf(many), of, value, path, environment, emit)
      if (many === 0) return
      // builtin.jq of 0.12.13: a negative count is no limit
      if (version === '0.12.13') return of.run(value, path, environment, emit)
      throw raised("limit doesn't support negative count")
    })
  },
})

const nth: Native = ([count, of], { version }) => ({
  run: (value, path, environment, emit) => {
    if (!count || !of) return
    eachValue(count, value, environment, (index) => {
      if (countOf(index) < 0) throw raised(version === '0.12.13' ? "nth doesn't support negative indices" : "nth doesn't support negative index")
      let skip = countOf(index)
      takeAtMost(1, { run: (input, from, inside, take) => of.run(input, from, inside, (output, at) => { if (skip-- <= 0) take(output, at) }) },
        value, path, environment, emit)
    })
  },
})

// compiler.go compileLast: the last value without its path; 0.12.13 reduces from null
const last: Native = ([of], { version }) => ({
  run: (value, path, environment, emit) => {
    let found: { readonly value: unknown } | undefined = version === '0.12.13' ? { value: null } : undefined
    of?.run(value, path, environment, keeping((output) => { found = { value: output } }))
    if (found) emit(found.value, leave(path))
  },
})

const toEntries: Native = (_, { version }) => {
  const answer = (value: unknown): unknown => {
    if (isList(value)) return value.map((item, i) => ({ key: i, value: item }))
    if (isObject(value)) return sortedKeys(value).map((key) => ({ key, value: fieldOf(value, key) }))
    throw notApplicable(version === '0.12.19' ? 'keys' : 'to_entries', value)
  }
  return programOfOne(answer, (value, path, __, emit) => emit(answer(value), leave(path)))
}

const beyond = (construct: string): Native => () => ({ run: () => { throw new BeyondGrammar(construct) } })

const watching = (native: Native): Native => (args, compilation) => watched(native(args, compilation), compilation.progress)

// Each number costs gojq several steps of its machine: no machine takes so many within a second.
const SURELY_TOO_MANY = 2e8

// func.go funcRange: numbers only, counted by addition
const range: Native = (args, { progress }) => {
  const count = (first: unknown, end: unknown, step: unknown, emit: (value: number) => void, isKept: boolean): void => {
    for (const bound of [first, end, step]) if (typeof bound !== 'number') throw notApplicable('range', bound)
    if (typeof first !== 'number' || typeof end !== 'number' || typeof step !== 'number') return
    if (isKept && progress.watching === 0 && step !== 0 && (end - first) / step > SURELY_TOO_MANY) throw new NeverEnds()
    for (let at = first; step > 0 ? at < end : step < 0 && at > end; at += step) {
      if (!Number.isSafeInteger(at)) throw new BeyondGrammar('a range of unusual numbers')
      spendStep(progress)
      emit(at)
    }
  }
  return {
    run: (value, path, environment, emit) => {
      const off = leave(path)
      const evaluate = (i: number, known: readonly unknown[]): void => {
        const program = args[i]
        if (program) return eachValue(program, value, environment, (bound) => evaluate(i + 1, [...known, bound]))
        const [first, end = first, step = 1] = known
        count(known.length === 1 ? 0 : first, end, step, (at) => emit(at, off), isKeeping(emit))
      }
      evaluate(0, [])
    },
  }
}

const NATIVE: readonly (readonly [string, Native])[] = [
  ['empty/0', () => ({ run: () => undefined })], ['not/0', not], ['select/1', select], ['path/1', pathOf],
  ['limit/2', watching(limit)], ['nth/2', watching(nth)], ['last/1', last], ['range/1', range], ['range/2', range], ['range/3', range], ['from_entries/0', beyond('from_entries')],
]

/** Builtins that are quicker, or closer to gojq's own code, as JavaScript than as jq. */
export const NATIVE_FUNCTIONS: ReadonlyMap<string, Native> = new Map(NATIVE)

/** to_entries before 0.12.19, when it was a function of func.go. */
export const toEntriesBefore19: Native = toEntries
