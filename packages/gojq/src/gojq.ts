import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { GojqError } from './gojq-error.ts'

/** The gojq releases inside gojq.wasm: those that Argo CD 2.8 to 3.6 pin. */
export type GojqRelease = '0.12.13' | '0.12.17' | '0.12.18' | '0.12.19'

/** Evaluations of `del(<expression>)`: `pairs` are indices into expressions and objects, `limit` is milliseconds for each pair. */
export interface GojqRequest {
  readonly gojq: GojqRelease
  readonly limit: number
  readonly expressions: readonly string[]
  readonly objects: readonly unknown[]
  readonly pairs: readonly (readonly [expression: number, object: number])[]
}

/** One evaluation: texts are gojq's and Argo CD's own; `millis` is the time in WebAssembly, which is slower than Argo CD's. */
export type GojqAnswer =
  | { readonly answer: 'object'; readonly object: unknown; readonly millis: number }
  | { readonly answer: 'error'; readonly error: string; readonly millis: number }
  | { readonly answer: 'timed out'; readonly millis: number }
  | { readonly answer: 'panicked'; readonly error: string; readonly millis: number }
  | { readonly answer: 'invalid'; readonly error: string }

/** `invalid` has gojq's error per expression, null where it compiles; `answers` stand in the order of the pairs. */
export interface GojqReply { readonly invalid: readonly (string | null)[]; readonly answers: readonly GojqAnswer[] }

export interface Gojq {
  /** Requests are answered one after another; a request that ends the worker rejects, and the next one starts another. */
  readonly evaluate: (request: GojqRequest) => Promise<GojqReply>
  readonly close: () => Promise<void>
}

interface RawReply { readonly invalid: readonly string[]; readonly answers: readonly RawAnswer[]; readonly error?: string }
interface RawAnswer { readonly object?: unknown; readonly error?: string; readonly panic?: string; readonly timedOut?: boolean; readonly millis: number }

const WASM = new URL('../wasm/gojq.wasm', import.meta.url)
const WORKER = new URL('./gojq-worker.mjs', import.meta.url)
// A busy machine may take long to compile 11 MB, and to answer.
const START_WITHIN = 60_000
const GRACE = 20_000

/** Opens gojq.wasm, which starts in a worker at the first request; rejects with code `not-built` where the package was built without Go. */
export async function openGojq(): Promise<Gojq> {
  await access(WASM).catch((cause: unknown) => {
    throw new GojqError('not-built', 'gojq.wasm is not there', 'install Go and run `pnpm --filter @rollsync/gojq build-wasm`', { cause })
  })
  let worker: Promise<Worker> | undefined
  let queue: Promise<unknown> = Promise.resolve()

  const evaluate = async (request: GojqRequest): Promise<GojqReply> => {
    const running = await (worker ??= startWorker())
    try {
      return readReply(request, await ask(running, JSON.stringify(request), GRACE + request.limit * request.pairs.length))
    } catch (cause) {
      worker = undefined
      await running.terminate()
      throw cause
    }
  }
  return {
    evaluate: (request) => {
      const answered = queue.then(() => evaluate(request))
      queue = answered.catch(() => undefined)
      return answered
    },
    close: async () => {
      await queue
      await (await worker)?.terminate()
      worker = undefined
    },
  }
}

async function startWorker(): Promise<Worker> {
  const worker = new Worker(WORKER, { workerData: { wasm: fileURLToPath(WASM) }, stdout: false, stderr: false })
  await reportOf(worker, START_WITHIN)
  worker.unref()
  return worker
}

const ask = (worker: Worker, request: string, limit: number): Promise<string> => {
  worker.ref()
  const report = reportOf(worker, limit).finally(() => worker.unref())
  worker.postMessage(request)
  return report
}

const reportOf = (worker: Worker, limit: number): Promise<string> => new Promise((resolve, reject) => {
  const stop = (why: string, cause?: unknown): void => finish(() => reject(new GojqError('stopped', `gojq stopped: ${why}`, 'evaluate fewer or smaller expressions at once', { cause })))
  const timer = setTimeout(() => stop(`no answer within ${limit} ms`), limit)
  const onMessage = (text: string): void => finish(() => resolve(text))
  const onError = (error: Error): void => stop(error.message, error)
  const onExit = (): void => stop('its worker ended')
  const finish = (settle: () => void): void => {
    clearTimeout(timer)
    worker.off('message', onMessage).off('error', onError).off('exit', onExit)
    settle()
  }
  worker.on('message', onMessage).on('error', onError).on('exit', onExit)
})

function readReply(request: GojqRequest, text: string): GojqReply {
  const reply = JSON.parse(text) as RawReply
  if (reply.error !== undefined) throw new GojqError('stopped', reply.error, 'this is a fault of @rollsync/gojq')
  const answers = request.pairs.map(([expression], i): GojqAnswer => {
    const invalid = reply.invalid[expression]
    const raw = reply.answers[i]
    if (invalid) return { answer: 'invalid', error: invalid }
    if (raw === undefined) throw new GojqError('stopped', 'gojq gave too few answers', 'this is a fault of @rollsync/gojq')
    if (raw.timedOut) return { answer: 'timed out', millis: raw.millis }
    if (raw.panic !== undefined) return { answer: 'panicked', error: raw.panic, millis: raw.millis }
    return raw.error === undefined ? { answer: 'object', object: raw.object ?? null, millis: raw.millis } : { answer: 'error', error: raw.error, millis: raw.millis }
  })
  return { invalid: reply.invalid.map((error) => error || null), answers }
}
