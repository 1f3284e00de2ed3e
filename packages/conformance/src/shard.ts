import { parentPort, workerData } from 'node:worker_threads'
import { kinds } from './kinds/index.ts'
import { runVectors, type Selection } from './run.ts'

// The thread behind runInThreads: one shard in, one tally out.
parentPort?.postMessage(await runVectors(kinds, workerData as Selection))
