import { askInBatches, type Waiting } from './ask-in-batches.ts'
import { InvalidExpression } from './beyond-grammar.ts'
import type { ForeignEngine, GojqVersion, JqAnswer, JqCheck } from './engine.ts'
import { type JqRunner, jqRunner } from './jq-worker.ts'
import { type Doubt, findDoubt, findDoubtInObject } from './lint.ts'
import { encode } from './values.ts'

const LIMIT = 2_000
const PER_OBJECT = 20
const BATCH = 500

/** jq 1.8.2 standing in for gojq where a lint knows the two to agree; unverified, with the construct, where not. */
export function jqWasmEngine(version: GojqVersion): ForeignEngine {
  const runner = jqRunner()
  const checks = new Map<string, Promise<JqCheck>>()
  const check = (expression: string): Promise<JqCheck> => {
    const known = checks.get(expression) ?? checkExpression(runner, expression, version)
    checks.set(expression, known)
    return known
  }
  const answerBatch = async (batch: readonly Waiting<JqAnswer>[]): Promise<void> => {
    for (const expression of new Set(batch.map((one) => one.expression))) {
      const asked = batch.filter((one) => one.expression === expression)
      const checked = await check(expression)
      if ('answer' in checked) for (const { resolve } of asked) resolve(checked)
      else await answerAll(runner, expression, asked)
    }
  }
  return { check, del: askInBatches(answerBatch, BATCH), close: runner.close }
}

const doubtful = ({ construct, reason }: Doubt): Extract<JqAnswer, { answer: 'unverified' }> =>
  ({ answer: 'unverified', construct, reason: `gojq is not installed, and ${construct} is not sure to mean the same in jq: ${reason}` })

async function checkExpression(runner: JqRunner, expression: string, version: GojqVersion): Promise<JqCheck> {
  const doubt = findDoubt(expression, version)
  if (doubt instanceof InvalidExpression) return { answer: 'invalid', error: doubt.message, by: 'jq' }
  if (doubt) return doubtful(doubt)
  // jq must not run it here: a loop or a great list would spoil the instance.
  const ran = await runner.run(`empty|del(${expression})`, 'null', LIMIT)
  if (ran.run === 'ended' && ran.exitCode === 0) return { check: 'valid' }
  return doubtful({ construct: 'the expression', reason: ran.run === 'ended' ? `jq does not compile it (${ran.stderr.trim()})` : 'jq did not answer' })
}

// E is inside a definition, so that it sees no name of ours; the second output only says that there is one.
const programFor = (expression: string): string =>
  `def rollsync_del: del(${expression}\n); map(try {outputs: [limit(2; rollsync_del)]} catch {error: (if type == "string" then . else tojson end)})`

type Printed = { readonly outputs: readonly unknown[] } | { readonly error: string }

async function answerAll(runner: JqRunner, expression: string, asked: readonly Waiting<JqAnswer>[]): Promise<void> {
  const sure: Waiting<JqAnswer>[] = []
  for (const one of asked) {
    const doubt = findDoubtInObject(one.object)
    if (doubt) one.resolve(doubtful(doubt))
    else sure.push(one)
  }
  if (sure.length === 0) return
  // gojq iterates objects by sorted key, and reads every number as float64: the text says both.
  const ran = await runner.run(programFor(expression), encode(sure.map(({ object }) => object)), LIMIT + PER_OBJECT * sure.length)
  const printed = ran.run === 'ended' && ran.exitCode === 0 ? (JSON.parse(ran.stdout) as readonly Printed[]) : []
  if (printed.length === sure.length) return sure.forEach(({ resolve }, i) => resolve(answerOf(printed[i])))
  const [only, ...others] = sure
  if (only && others.length === 0) return only.resolve(doubtful({ construct: 'a long computation', reason: ran.run === 'ended' ? 'jq failed' : 'jq was stopped' }))
  // One object took the others with it: find it by asking one at a time.
  for (const one of sure) await answerAll(runner, expression, [one])
}

function answerOf(printed: Printed | undefined): JqAnswer {
  if (printed === undefined) return doubtful({ construct: 'the expression', reason: 'jq gave too few answers' })
  if ('error' in printed) return answerOfError(printed.error)
  const [object, ...others] = printed.outputs
  if (others.length > 0) return { answer: 'error', error: 'JQ patch returned multiple objects', by: 'jq' }
  return object === undefined ? { answer: 'error', error: 'JQ patch did not return any data', by: 'jq' } : { answer: 'object', object }
}

const answerOfError = (error: string): JqAnswer => {
  // gojq allows more in a path than jq, and indexes strings.
  if (error.startsWith('Invalid path expression')) return doubtful({ construct: 'a path', reason: 'gojq allows more in a path' })
  if (error.startsWith('Cannot index null')) return doubtful({ construct: 'an index', reason: 'gojq indexes null with anything' })
  if (error.startsWith('Cannot index string')) return doubtful({ construct: 'an index', reason: 'gojq reads characters of a string' })
  return { answer: 'error', error: `jq: ${error}`, by: 'jq' }
}
