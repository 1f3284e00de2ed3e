import { compileDeletion, type GrammarProgram } from './evaluate.ts'
import { readsClock } from './reads-clock.ts'

/** The gojq releases that the known Argo CD versions pin in go.mod. */
export type GojqVersion = '0.12.13' | '0.12.17' | '0.12.18' | '0.12.19'

/** Who worked an answer out: our own grammar, gojq as WebAssembly, or jq standing in for it (whose error texts are jq's, never gojq's). */
export type JqSource = 'grammar' | 'gojq' | 'jq'

/**
 * What Argo CD's ignore normaliser gets from one `del(<expression>)`.
 * `invalid` does not parse or compile and makes the whole Application Unknown; `error` is swallowed and the patch skipped. Both texts are gojq's and Argo CD's own unless `by` is `jq`.
 */
export type JqAnswer =
  | { readonly answer: 'object'; readonly object: unknown }
  | { readonly answer: 'invalid'; readonly error: string; readonly by?: JqSource }
  | { readonly answer: 'error'; readonly error: string; readonly by?: JqSource }
  | { readonly answer: 'unverified'; readonly reason: string; readonly construct: string }

/** Whether an expression parses and compiles, before any object is seen. */
export type JqCheck = { readonly check: 'valid' } | Extract<JqAnswer, { answer: 'invalid' | 'unverified' }>

/** One gojq release as Argo CD calls it: float64 numbers, the expression pasted textually into `del(...)`, one second, exactly one output. A promise means a foreign expression. */
export interface JqEngine {
  readonly check: (expression: string) => JqCheck | Promise<JqCheck>
  readonly del: (expression: string, object: unknown) => JqAnswer | Promise<JqAnswer>
  readonly close?: () => Promise<void>
}

/** An engine of another kind, for what our own grammar does not reach. */
export interface ForeignEngine {
  readonly check: (expression: string) => Promise<JqCheck>
  readonly del: (expression: string, object: unknown) => Promise<JqAnswer>
  readonly close: () => Promise<void>
}

export interface JqEngineOptions {
  readonly gojq: GojqVersion
  /** Opens the engine for foreign expressions, at the first one: by default gojq where it is installed, else jq. With `none` they are all unverified. */
  readonly foreign?: OpenForeign | 'none'
}

export type OpenForeign = (gojq: GojqVersion) => Promise<ForeignEngine>

// The workers are loaded with the first foreign expression; without one the whole engine is pure.
const openAny: OpenForeign = async (gojq) => (await import('./foreign.ts')).openForeign(gojq)

/** Answers at once inside our own grammar, and through a foreign engine beyond it. */
export function jqEngine({ gojq, foreign = openAny }: JqEngineOptions): JqEngine {
  const programs = new Map<string, GrammarProgram>()
  let opened: Promise<ForeignEngine> | undefined
  const programOf = (expression: string): GrammarProgram => {
    const known = programs.get(expression)
    if (known) return known
    const program = compileDeletion(expression, gojq)
    programs.set(expression, program)
    return program
  }
  const unverified = (construct: string): Extract<JqAnswer, { answer: 'unverified' }> =>
    ({ answer: 'unverified', reason: `Argo CD's jq is not at hand to evaluate ${construct}`, construct })
  const elsewhere = (open: OpenForeign): Promise<ForeignEngine> => (opened ??= open(gojq))

  return {
    check: (expression) => {
      const program = programOf(expression)
      if (program.grammar === 'inside') return { check: 'valid' }
      if (program.grammar === 'invalid') return { answer: 'invalid', error: program.error, by: 'grammar' }
      return foreign === 'none' ? unverified(program.construct) : elsewhere(foreign).then((engine) => engine.check(expression))
    },
    del: (expression, object) => {
      const program = programOf(expression)
      if (program.grammar === 'invalid') return { answer: 'invalid', error: program.error, by: 'grammar' }
      const answer = program.grammar === 'inside' ? program.evaluate(object) : { answer: 'beyond' as const, construct: program.construct }
      if (answer.answer !== 'beyond') return answer
      if (readsClock(expression)) return { answer: 'unverified', reason: 'now is another time at every call', construct: 'now' }
      return foreign === 'none' ? unverified(answer.construct) : elsewhere(foreign).then((engine) => engine.del(expression, object))
    },
    close: async () => {
      const closing = opened
      opened = undefined
      await (await closing)?.close()
    },
  }
}
