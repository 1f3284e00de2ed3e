import { BeyondGrammar } from './beyond-grammar.ts'
import type { Path } from './path.ts'
import type { Environment, Program, Run } from './program.ts'

/** A call that has not ended yet; `outer` is the call it was made in, not the one whose output it works on. */
interface Call { readonly of: object; readonly value: unknown; readonly environment: Environment | null; readonly outer: Call | null; readonly depth: number }

/**
 * How far a run has come. `watching` is above zero while something counts or folds the outputs of a call, or once an output has left the
 * program: then the same call may go another way the second time.
 */
export interface Progress { steps: number; call: Call | null; watching: number }

const STEPS_AT_MOST = 3_000_000
const LOOK_EVERY = 64
const LONGEST_CYCLE = 8

/** A run that can be proven never to end: Argo CD stops it after its second. */
export class NeverEnds extends Error {}

export const newProgress = (): Progress => ({ steps: 0, call: null, watching: 0 })

/** Allows a run its steps. */
export const startRun = (progress: Progress): void => {
  Object.assign(progress, { steps: STEPS_AT_MOST, call: null, watching: 0 })
}

/** Counts one step; a run that needs more than its steps is left to an engine with a clock. */
export const spendStep = (progress: Progress): void => {
  if (--progress.steps < 0) throw new BeyondGrammar('a long computation')
}

// jq has no side effects: a call that is reached again from within itself, with the same value and names in sight, is reached for ever.
/** Makes a call that is watched for running in a circle. */
export function enterCall(progress: Progress, of: object, run: Run, ...[value, path, environment, emit]: Parameters<Run>): void {
  spendStep(progress)
  const outer = progress.call
  const call: Call = { of, value, environment, outer, depth: (outer?.depth ?? 0) + 1 }
  if (call.depth % LOOK_EVERY === 0 && progress.watching === 0 && !path?.off && isRepeated(call)) throw new NeverEnds()
  progress.call = call
  try {
    run(value, path, environment, (output, at: Path | null) => {
      const inner = progress.call
      progress.call = outer
      emit(output, at)
      progress.call = inner
    })
  } finally {
    progress.call = outer
  }
}

const isRepeated = (call: Call): boolean => {
  let at = call.outer
  for (let i = 0; at && i < LONGEST_CYCLE; i++, at = at.outer) {
    if (at.of === call.of && Object.is(at.value, call.value) && at.environment === call.environment) return true
  }
  return false
}

/** A program while whose outputs are counted or folded no circle is claimed. */
export const watched = (program: Program, progress: Progress): Program => ({
  run: (...[value, path, environment, emit]) => {
    progress.watching++
    try {
      program.run(value, path, environment, emit)
    } finally {
      progress.watching--
    }
  },
})
