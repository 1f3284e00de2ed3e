import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { JudgeThreads, StartThreads } from '@rollsync/policy'

type Told = Parameters<Parameters<StartThreads>[1]>

/** A thread loads all code again and runs it cold: measured on two idle cores, one beside the main one gains 4 % of the time with 37 forms to come, for a third more work, and a sixth with 87. */
const least = 64

/** More threads than this wait for memory rather than for a core. */
const most = 3

/** A thread for each core that the main one leaves, none on a machine of one core; undefined there, and where the sources run unbuilt, which a thread cannot load. */
export function judgeThreads(cores: number = availableParallelism(), from: string = import.meta.url): JudgeThreads | undefined {
  const count = Math.min(most, cores - 1)
  if (count < 1 || from.endsWith('.ts')) return undefined
  const start: StartThreads = (work, tell, ended) => {
    const workers = Array.from({ length: count }, () => {
      const worker = new Worker(new URL('./judge-worker.mjs', from), { workerData: work })
      worker.on('message', ({ index, judgement }: { readonly index: Told[0]; readonly judgement: Told[1] }) => tell(index, judgement))
      worker.on('error', ended)
      worker.on('exit', (code) => {
        if (code !== 0) ended()
      })
      return worker
    })
    return { stop: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))) }
  }
  return { start, least }
}
