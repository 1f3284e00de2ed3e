import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ClusterError } from './cluster-error.ts'
import { isOwn } from './own-process.ts'

/** How one process is started. `argv0`: the name it sees itself started with. */
export interface ProcessSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly argv0?: string
}

/** Runs the processes of one cluster; all of them end with this process, also when it is killed. */
export interface Supervisor {
  readonly start: (spec: ProcessSpec) => void
  /** Resolves when it has ended. */
  readonly stop: (name: string, signal?: NodeJS.Signals) => Promise<void>
  readonly isRunning: (name: string) => boolean
  readonly logOf: (name: string) => string
  readonly end: () => Promise<void>
}

const program = fileURLToPath(new URL('../../cluster/supervise.mjs', import.meta.url))

type Told = { readonly started: string; readonly pid: number } | { readonly ended: string; readonly code: number | null; readonly signal: string | null }

export function startSupervisor(folder: string): Supervisor {
  endLeftOver(folder)
  // A group of its own: Ctrl-C in a terminal reaches this process, which then ends in order.
  const child = spawn(process.execPath, [program, folder], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] })
  const running = new Set<string>()
  const waiting = new Map<string, (() => void)[]>()
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = JSON.parse(line) as Told
    if ('started' in told) return
    running.delete(told.ended)
    for (const resolve of waiting.get(told.ended) ?? []) resolve()
    waiting.delete(told.ended)
  })
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify(message)}\n`)
  return {
    start: ({ name, ...spec }) => {
      running.add(name)
      send({ start: name, ...spec, log: join(folder, `${name}.log`) })
    },
    stop: (name, signal = 'SIGTERM') => new Promise((resolve) => {
      if (!running.has(name)) return resolve()
      waiting.set(name, [...(waiting.get(name) ?? []), resolve])
      send({ stop: name, signal })
    }),
    isRunning: (name) => running.has(name),
    logOf: (name) => (existsSync(join(folder, `${name}.log`)) ? readFileSync(join(folder, `${name}.log`), 'utf8') : ''),
    end: async () => {
      child.stdin.end()
      await ended
    },
  }
}

/** What an earlier cluster of this folder left running because even its supervisor was killed. A pid that another program has by now is not touched: it does not work in the folder. Returns how many were ended. */
export function endLeftOver(folder: string): number {
  const path = join(folder, 'pids.json')
  if (!existsSync(path)) return 0
  const left = Object.values(JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>).filter((pid) => isOwn(pid, folder))
  for (const pid of left) process.kill(pid, 'SIGKILL')
  rmSync(path)
  return left.length
}

/** Waits until `isReady` answers yes; throws a ClusterError with the end of the program's log when it ends or takes too long. */
export async function untilReady(supervisor: Supervisor, name: string, isReady: () => Promise<boolean>, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000
  while (!(await isReady().catch(() => false))) {
    if (!supervisor.isRunning(name) || Date.now() > deadline) {
      const last = supervisor.logOf(name).trim().split('\n').slice(-8).join('\n')
      throw new ClusterError('not-ready', `${name} ${supervisor.isRunning(name) ? `is not ready after ${seconds} s` : 'has ended'}:\n${last}`, 'its whole log stands in the cluster\'s data folder')
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
