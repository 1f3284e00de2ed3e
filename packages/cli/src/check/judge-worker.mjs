// One thread of `check`: judges what nobody else has taken, and ends.
import { parentPort, workerData } from 'node:worker_threads'
import { judgeShared } from '@rollsync/policy'

await judgeShared(workerData, (index, judgement) => parentPort?.postMessage({ index, judgement }))
