import { type JqAnswer, type JqEngine, jqEngine } from '@rollsync/argocd'
import { jsonEqual } from '@rollsync/manifests'
import type { Outcome, VectorCase, VectorFile, VectorKind } from '../vector.ts'

interface Pair {
  readonly id: number
  readonly class: string
  readonly object: string
  readonly expr: string
  readonly gojq: { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly stage: string; readonly error: string }
}

const engine: JqEngine = jqEngine({ gojq: '0.12.19' })

/** Recorded answers of gojq to `del(<expression>)`: one case per pair of an expression and an object. */
export const gojq: VectorKind = {
  kind: 'gojq',
  recognise: ({ path, json, sibling }) => path.endsWith('pairs.json') && Array.isArray(json) && isRecord(sibling('objects.json')),
  cases: function* (file: VectorFile): Iterable<VectorCase> {
    const objects = file.sibling('objects.json') as Readonly<Record<string, unknown>>
    for (const pair of file.json as readonly Pair[]) {
      yield { group: pair.class, version: 'gojq 0.12.19', name: `${pair.id} ${pair.object} ${pair.expr}`, run: () => judge(pair, objects[pair.object]) }
    }
  },
  close: async () => engine.close?.(),
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

async function judge(pair: Pair, object: unknown): Promise<Outcome> {
  const answer = await engine.del(pair.expr, object)
  if (answer.answer === 'unverified') return { outcome: 'skipped', reason: `unverified: ${answer.reason}` }
  if (isRecorded(answer, pair.gojq)) return { outcome: 'passed' }
  return { outcome: 'failed', difference: `recorded ${JSON.stringify(pair.gojq)}, ours ${JSON.stringify(answer)}` }
}

function isRecorded(answer: Exclude<JqAnswer, { answer: 'unverified' }>, recorded: Pair['gojq']): boolean {
  if (recorded.ok) return answer.answer === 'object' && jsonEqual(answer.object, recorded.output)
  const isInvalid = recorded.stage === 'parse' || recorded.stage === 'compile'
  if (answer.answer === 'object' || (answer.answer === 'invalid') !== isInvalid) return false
  // jq stands in for gojq without its words.
  return answer.by === 'jq' || answer.error === recorded.error
}
