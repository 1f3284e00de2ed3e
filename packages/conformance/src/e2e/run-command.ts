import { type ChildProcess, spawn } from 'node:child_process'
import { rollsync } from './predict.ts'

/** A command of rollsync that runs, and how it ended. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

/** Starts the built command; its output is kept. */
export function startCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}, nodeOptions: readonly string[] = []): Running {
  const child = spawn(process.execPath, [...nodeOptions, rollsync, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { output += text })
  return { child, ended: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, output }))) }
}
