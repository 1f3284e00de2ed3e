import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const rollsync = fileURLToPath(new URL('../../../cli/dist/bin.js', import.meta.url))

/** A command of rollsync that runs, and how it ended. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  /** Both streams, as they came. */
  readonly output: string
}

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly nodeOptions?: readonly string[]
}

/** Starts the built command, as a person would; its output is kept. */
export function startCommand(args: readonly string[], { cwd, env = {}, nodeOptions = [] }: CommandOptions = {}): Running {
  const child = spawn(process.execPath, [...nodeOptions, rollsync, ...args], { ...(cwd === undefined ? {} : { cwd }), env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, output] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { output += text })
  return { child, ended: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, output }))) }
}

/** What a command printed; throws with all that it said where it ends with another code than these. */
export async function runCommand(args: readonly string[], codes: readonly number[], options?: CommandOptions): Promise<string> {
  const { code, stdout, output } = await startCommand(args, options).ended
  if (code === null || !codes.includes(code)) throw new Error(`rollsync ${args.join(' ')} ended with code ${code}: ${output}`)
  return stdout
}
