import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Built } from '../build.ts'
import { isOwn } from '../own-process.ts'
import type { ClusterVersions } from '../programs.ts'
import type { Site } from '../processes/site.ts'
import { endLeftOver } from '../supervisor.ts'

/** The cluster that runs in the background: which process keeps it, and how it is reached. */
export interface RunningCluster {
  readonly pid: number
  readonly site: Site
  readonly programs: Built['programs']
  readonly versions: ClusterVersions
}

/** Where the one cluster in the background has its data, logs and state. */
export function runningFolder(cache: string): string {
  return join(cache, 'running')
}

const stateFile = 'state.json'

export function writeRunning(folder: string, running: RunningCluster): void {
  // It holds the cluster's token.
  writeFileSync(join(folder, `${stateFile}.new`), JSON.stringify(running, null, 2), { mode: 0o600 })
  renameSync(join(folder, `${stateFile}.new`), join(folder, stateFile))
}

/** The cluster that runs now; undefined where none does, or where what kept it is gone. */
export function readRunning(folder: string): RunningCluster | undefined {
  const running = noted(folder)
  return running !== undefined && isOwn(running.pid, folder) ? running : undefined
}

function noted(folder: string): RunningCluster | undefined {
  const path = join(folder, stateFile)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RunningCluster) : undefined
}

/** Ends the cluster of a folder and removes the folder; a process of somebody else that has its number by now is not touched. Says in a sentence what it did. */
export async function endRunning(folder: string): Promise<string> {
  if (!existsSync(folder)) return 'no cluster is running'
  const running = readRunning(folder)
  if (running !== undefined) {
    process.kill(running.pid, 'SIGTERM')
    await untilGone(running.pid, folder)
  }
  const left = endLeftOver(folder)
  rmSync(folder, { recursive: true, force: true })
  if (running !== undefined) return 'the cluster is stopped'
  return left === 0 ? 'no cluster is running; what an earlier one left on disk is removed' : `no cluster is running; ${left} ${left === 1 ? 'process' : 'processes'} of one that crashed ${left === 1 ? 'is' : 'are'} ended`
}

async function untilGone(pid: number, folder: string): Promise<void> {
  for (let tries = 0; tries < 150 && isOwn(pid, folder); tries += 1) await new Promise((resolve) => setTimeout(resolve, 100))
  if (isOwn(pid, folder)) process.kill(pid, 'SIGKILL')
}
