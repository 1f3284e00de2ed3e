import { mkdtempSync, realpathSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clusterCommand } from './cluster-command.ts'
import { endRunning, readRunning, runningFolder } from './running-cluster.ts'

let cache = ''
beforeEach(() => { cache = realpathSync(mkdtempSync(join(tmpdir(), 'rollsync-cache-'))) })
afterEach(() => rmSync(cache, { recursive: true, force: true }))

async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', '']
  const code = await clusterCommand(args, (text) => { out += text }, (text) => { err += text })
  return { code, out, err }
}

describe('pnpm cluster', () => {
  it('helps with each of its commands', async () => {
    for (const command of ['build', 'start', 'seed', 'stop']) expect(await run(command, '--help')).toMatchObject({ code: 0, out: expect.stringContaining(`Usage: pnpm cluster ${command}`), err: '' })
    expect((await run('--help')).out).toContain('Usage: pnpm cluster <command>')
  })

  it('refuses what it does not know, with the usage', async () => {
    for (const [args, fault] of [[[], 'no command'], [['begin'], 'no command begin'], [['seed'], 'seed needs one FOLDER'], [['stop', 'now'], 'stop takes no argument'], [['build', '--fast'], '--fast']] as const) {
      expect(await run(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(fault) })
    }
  })
})

describe('the cluster in the background', () => {
  it('is not a process of somebody else that has its number by now', async () => {
    const folder = runningFolder(cache)
    mkdirSync(folder)
    // This very process: it would end the test if it were ended.
    writeFileSync(join(folder, 'state.json'), JSON.stringify({ pid: process.pid }))
    writeFileSync(join(folder, 'pids.json'), JSON.stringify({ etcd: process.pid }))
    expect(readRunning(folder)).toBeUndefined()
    expect(await endRunning(folder)).toBe('no cluster is running; what an earlier one left on disk is removed')
    expect(await endRunning(folder)).toBe('no cluster is running')
  })
})
