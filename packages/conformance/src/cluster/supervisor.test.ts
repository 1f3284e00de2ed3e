import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endLeftOver } from './supervisor.ts'

const program = fileURLToPath(new URL('../../cluster/supervise.mjs', import.meta.url))
// Whoever starts a cluster: it starts a supervisor, which starts a program, and says the supervisor's number.
const starter = `
  const child = require('node:child_process').spawn(process.execPath, [process.argv[1], process.argv[2]], { detached: true, stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.write(JSON.stringify({ start: 'fake', command: 'sleep', args: ['300'], log: process.argv[2] + '/fake.log' }) + '\\n')
  console.log(child.pid)
  setInterval(() => {}, 1000)`

let folder = ''
let child: ChildProcess
beforeEach(() => { folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollsync-supervised-'))) })
afterEach(() => {
  child.kill('SIGKILL')
  endLeftOver(folder)
  rmSync(folder, { recursive: true, force: true })
})

const isAlive = (pid: number): boolean => {
  try {
    // One that has ended and that nobody collects is still listed.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') === false
  } catch {
    return false
  }
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !what(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(what()).toBe(true)
}

async function started(): Promise<{ readonly supervisor: number; readonly fake: number }> {
  child = spawn(process.execPath, ['-e', starter, program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => { output += text })
  await until(() => output.includes('\n') && existsSync(join(folder, 'pids.json')))
  const { fake } = JSON.parse(readFileSync(join(folder, 'pids.json'), 'utf8')) as { readonly fake: number }
  return { supervisor: Number(output), fake }
}

describe.runIf(existsSync('/proc/self/stat'))('the programs of a cluster', () => {
  it('end when whoever started the cluster is killed', async () => {
    const { supervisor, fake } = await started()
    expect(isAlive(fake)).toBe(true)
    child.kill('SIGKILL')
    await until(() => !isAlive(fake) && !isAlive(supervisor))
  })

  it('are ended by the next one in the folder when even their supervisor was killed, and only they', async () => {
    const { supervisor, fake } = await started()
    process.kill(supervisor, 'SIGKILL')
    await until(() => !isAlive(supervisor))
    expect(isAlive(fake)).toBe(true)
    expect(endLeftOver(folder)).toBe(1)
    await until(() => !isAlive(fake))
    expect(isAlive(child.pid as number)).toBe(true)
  })
})
