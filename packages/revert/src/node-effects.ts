import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Effects, Ran, Run } from './effects.ts'
import { nodeHttp } from './node-http.ts'

/** The effects of a real process: disk, network, clock, chance, programs. */
export function nodeEffects(progress?: (phase: string) => void): Effects {
  return {
    fs,
    http: nodeHttp(process.env),
    now: () => new Date(),
    random: Math.random,
    sleep: async (milliseconds) => wait(milliseconds),
    run: runProgram,
    env: process.env,
    ...(progress === undefined ? {} : { progress }),
  }
}

/** `git rev-parse --local-env-vars` without its settings: in a hook they name another repository than the one that is asked for. */
const otherRepository = new Set(['GIT_DIR', 'GIT_WORK_TREE', 'GIT_IMPLICIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_QUARANTINE_PATH', 'GIT_PREFIX', 'GIT_SHALLOW_FILE', 'GIT_GRAFT_FILE'])

const inherited = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => !otherRepository.has(name)))

const runProgram: Run = async (program, args, options) => new Promise<Ran>((resolve, reject) => {
  const child = spawn(program, args, { cwd: options.cwd, env: { ...inherited(), ...options.env }, stdio: 'pipe' })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  child.on('error', reject)
  child.stdin.on('error', () => undefined) // the program may end without reading; its exit code tells
  child.on('close', (code) => resolve({ code: code ?? 1, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') }))
  child.stdin.end(options.input ?? new Uint8Array())
})
