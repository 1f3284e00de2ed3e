import type { Gojq, GojqAnswer } from '@rollsync/gojq'
import { askInBatches, type Waiting } from './ask-in-batches.ts'
import type { ForeignEngine, GojqVersion, JqAnswer, JqCheck } from './engine.ts'
import { TIMED_OUT } from './evaluate.ts'

// WebAssembly runs gojq five to nine times slower than Argo CD's Go (measured): what ends within this time here ends within one second there;
// what takes longer may or may not be stopped there.
const SURELY_WITHIN = 4_500
const BATCH = 500

/** gojq itself, where the optional package @rollsync/gojq is installed and was built; undefined where not. */
export async function gojqEngine(version: GojqVersion): Promise<ForeignEngine | undefined> {
  const gojq = await openIfInstalled()
  if (!gojq) return undefined
  const del = askInBatches<JqAnswer>((batch) => answerBatch(gojq, version, batch), BATCH)
  return {
    del,
    check: async (expression): Promise<JqCheck> => {
      const { invalid: [error] } = await gojq.evaluate({ gojq: version, limit: SURELY_WITHIN, expressions: [expression], objects: [], pairs: [] })
      return error ? { answer: 'invalid', error, by: 'gojq' } : { check: 'valid' }
    },
    close: () => gojq.close(),
  }
}

const openIfInstalled = async (): Promise<Gojq | undefined> => {
  try {
    const { openGojq } = await import('@rollsync/gojq')
    return await openGojq()
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'not-built') return undefined
    throw error
  }
}

async function answerBatch(gojq: Gojq, version: GojqVersion, batch: readonly Waiting<JqAnswer>[]): Promise<void> {
  const expressions = [...new Set(batch.map(({ expression }) => expression))]
  const objects = [...new Set(batch.map(({ object }) => object))]
  const pairs = batch.map(({ expression, object }) => [expressions.indexOf(expression), objects.indexOf(object)] as const)
  try {
    const { answers } = await gojq.evaluate({ gojq: version, limit: SURELY_WITHIN, expressions, objects, pairs })
    for (const [i, { resolve }] of batch.entries()) {
      const answer = answers[i]
      if (answer) resolve(jqAnswerOf(answer))
    }
  } catch (error) {
    if (!(error instanceof Error) || (error as { code?: unknown }).code !== 'stopped') throw error
    const [only, ...others] = batch
    if (only && others.length === 0) return only.resolve(unverified('gojq stopped on it', 'too much memory or time'))
    // One evaluation took the worker with it: find it by asking one at a time.
    for (const one of batch) await answerBatch(gojq, version, [one])
  }
}

const unverified = (reason: string, construct: string): JqAnswer => ({ answer: 'unverified', reason, construct })

function jqAnswerOf(answer: GojqAnswer): JqAnswer {
  switch (answer.answer) {
    case 'object': return { answer: 'object', object: answer.object }
    case 'error': return { answer: 'error', error: answer.error, by: 'gojq' }
    case 'invalid': return { answer: 'invalid', error: answer.error, by: 'gojq' }
    case 'timed out': return unverified(`it is too slow to say whether Argo CD would stop it: "${TIMED_OUT}"`, 'a long computation')
    case 'panicked': return unverified(`gojq panics on it: ${answer.error}`, 'a fault of gojq')
    default: return answer satisfies never
  }
}
