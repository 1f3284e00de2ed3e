import { Worker } from 'node:worker_threads'

/** What one run of jq printed, or why there is nothing: it ran into its limit, or the instance broke. */
export type JqRun =
  | { readonly run: 'ended'; readonly stdout: string; readonly stderr: string; readonly exitCode: number }
  | { readonly run: 'stopped' }
  | { readonly run: 'broken'; readonly why: string }

/** jq in a worker: `run` takes a program, JSON text and milliseconds. After a limit or a fault the worker is thrown away: jq-wasm does not recover. */
export interface JqRunner {
  readonly run: (program: string, input: string, limit: number) => Promise<JqRun>
  readonly close: () => Promise<void>
}

const START_WITHIN = 60_000

export function jqRunner(): JqRunner {
  let worker: Worker | undefined
  const discard = async (): Promise<void> => {
    const ended = worker
    worker = undefined
    await ended?.terminate()
  }
  const start = async (): Promise<Worker> => {
    const started = new Worker(new URL('./jq-wasm-worker.mjs', import.meta.url))
    await reportOf(started, START_WITHIN)
    started.unref()
    return started
  }
  return {
    run: async (program, input, limit) => {
      worker ??= await start()
      worker.ref()
      const report = reportOf(worker, limit)
      worker.postMessage({ program, input })
      const ran = await report
      if (ran.run === 'ended') worker.unref()
      else await discard()
      return ran
    },
    close: discard,
  }
}

const reportOf = (worker: Worker, limit: number): Promise<JqRun> => new Promise((resolve) => {
  const onMessage = (message: { stdout?: string; stderr?: string; exitCode?: number }): void =>
    finish({ run: 'ended', stdout: message.stdout ?? '', stderr: message.stderr ?? '', exitCode: message.exitCode ?? 0 })
  const onError = (error: Error): void => finish({ run: 'broken', why: error.message })
  const onExit = (): void => finish({ run: 'broken', why: 'its worker ended' })
  const timer = setTimeout(() => finish({ run: 'stopped' }), limit)
  const finish = (ran: JqRun): void => {
    clearTimeout(timer)
    worker.off('message', onMessage).off('error', onError).off('exit', onExit)
    resolve(ran)
  }
  worker.on('message', onMessage).on('error', onError).on('exit', onExit)
})
