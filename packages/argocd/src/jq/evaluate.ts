import { BeyondGrammar, InvalidExpression, RuntimeFailure } from './beyond-grammar.ts'
import { compile } from './compile.ts'
import { printNil } from './delete-paths.ts'
import type { GojqVersion, JqAnswer } from './engine.ts'
import { parseQuery } from './parse.ts'
import { NeverEnds, newProgress, startRun } from './progress.ts'
import { type Compilation, EMPTY_SCOPE } from './scope.ts'

/** What our own grammar makes of an expression: a function that answers for one object, gojq's error, or the construct that is beyond it. */
export type GrammarProgram =
  | { readonly grammar: 'inside'; readonly evaluate: (object: unknown) => JqAnswer | { readonly answer: 'beyond'; readonly construct: string } }
  | { readonly grammar: 'invalid'; readonly error: string }
  | { readonly grammar: 'beyond'; readonly construct: string }

// diff_normalizer.go NewIgnoreNormalizer: the expression is pasted into del() as text
/** Compiles `del(<expression>)` for one gojq release. */
export function compileDeletion(expression: string, version: GojqVersion): GrammarProgram {
  const compilation: Compilation = { version, builtins: new Map(), progress: newProgress() }
  try {
    const { run } = compile(parseQuery(`del(${expression})`, version), EMPTY_SCOPE, compilation)
    return {
      grammar: 'inside',
      evaluate: (object) => {
        startRun(compilation.progress)
        return firstOutput((emit) => run(object, null, null, (value) => {
          compilation.progress.watching++
          emit(printNil(value, version))
        }))
      },
    }
  } catch (error) {
    if (error instanceof InvalidExpression) return { grammar: 'invalid', error: error.message }
    if (error instanceof BeyondGrammar) return { grammar: 'beyond', construct: error.construct }
    if (error instanceof RangeError) return { grammar: 'beyond', construct: 'deep nesting' }
    throw error
  }
}

/** Argo CD's words for an evaluation that it stopped (ignore.normalizer.jq.timeout is 1 s by default). */
export const TIMED_OUT = 'JQ patch execution timed out (1s)'

class SecondOutput extends Error {}

// diff_normalizer.go Apply: exactly one output; whatever follows the first, even an error, is "multiple objects"
function firstOutput(run: (emit: (value: unknown) => void) => void): JqAnswer | { readonly answer: 'beyond'; readonly construct: string } {
  let output: { readonly value: unknown } | undefined
  try {
    run((value) => {
      if (output) throw new SecondOutput()
      output = { value }
    })
  } catch (error) {
    if (error instanceof BeyondGrammar) return { answer: 'beyond', construct: error.construct }
    if (error instanceof RangeError) return { answer: 'beyond', construct: 'a deep recursion' }
    if (error instanceof NeverEnds) return { answer: 'error', error: output ? 'JQ patch returned multiple objects' : TIMED_OUT }
    if (!(error instanceof SecondOutput) && !(error instanceof RuntimeFailure)) throw error
    if (output) return { answer: 'error', error: 'JQ patch returned multiple objects' }
    return { answer: 'error', error: `JQ patch returned error: ${error.message}` }
  }
  return output ? { answer: 'object', object: output.value } : { answer: 'error', error: 'JQ patch did not return any data' }
}
