import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Effects, Http, Ran, Run } from './effects.ts'

/** The effects of a real process: disk, network, clock, chance, programs. */
export function nodeEffects(progress?: (phase: string) => void): Effects {
  return {
    fs,
    http: nodeHttp,
    now: () => new Date(),
    random: Math.random,
    sleep: async (milliseconds) => wait(milliseconds),
    run: runProgram,
    env: process.env,
    ...(progress === undefined ? {} : { progress }),
  }
}

/** Node's own fetch; it follows redirects and gives no credentials to another host. Connections are not kept: a server may have closed one while the plan was made. */
export const nodeHttp: Http = async ({ method, url, headers, body }) => {
  const response = await fetch(url, { method, headers: { ...headers, connection: 'close' }, ...(body === undefined ? {} : { body }), signal: AbortSignal.timeout(300_000) }).catch((error: unknown) => {
    const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw inner instanceof Error ? inner : new Error(String(inner))
  })
  return { status: response.status, url: response.url, headers: Object.fromEntries(response.headers), body: new Uint8Array(await response.arrayBuffer()) }
}

const runProgram: Run = async (program, args, options) => new Promise<Ran>((resolve, reject) => {
  const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: 'pipe' })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  child.on('error', reject)
  child.stdin.on('error', () => undefined) // the program may end without reading; its exit code tells
  child.on('close', (code) => resolve({ code: code ?? 1, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') }))
  child.stdin.end(options.input ?? new Uint8Array())
})
