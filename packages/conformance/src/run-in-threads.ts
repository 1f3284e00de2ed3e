import { Worker } from 'node:worker_threads'
import { ConformanceError } from './conformance-error.ts'
import { kinds } from './kinds/index.ts'
import { runVectors, type Selection } from './run.ts'
import { emptyTally, mergeTallies, type Tally } from './tally.ts'

/** Runs a selection in so many threads; the result is the same for any number. Needs the built package when there is more than one. */
export const runInThreads = async (selection: Omit<Selection, 'shard'>, jobs: number): Promise<Tally> => {
  if (jobs === 1) return runVectors(kinds, { ...selection, shard: { index: 0, of: 1 } })
  const shards = Array.from({ length: jobs }, (_, index) => runShard({ ...selection, shard: { index, of: jobs } }))
  const tallies = await Promise.all(shards)
  return tallies.reduce((sum, tally) => mergeTallies(sum, tally, selection.shown), emptyTally)
}

const runShard = (selection: Selection): Promise<Tally> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./shard.js', import.meta.url), { workerData: selection })
    worker.once('message', (tally: Tally) => resolve(tally))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new ConformanceError('worker', `a thread ended with code ${code} before its result`, 'try --jobs 1')))
  })
