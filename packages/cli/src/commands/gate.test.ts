import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FakeCluster, kubectl, makeFakeCluster } from '../../test/fake-cluster.ts'
import { fakeGithub } from '../../test/forges.ts'
import { processIo } from '../io.ts'
import { main } from '../main.ts'

let cluster: FakeCluster
let cwd: string
beforeEach(() => {
  cluster = makeFakeCluster()
  cwd = mkdtempSync(join(tmpdir(), 'rollsync-gate-'))
  process.env['CLUSTER'] = cluster.file
})
afterEach(() => {
  cluster.remove()
  rmSync(cwd, { recursive: true, force: true })
})

async function gate(...more: readonly string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const args = ['gate', '--rollout', 'shop/web', '--application', 'argocd/web', '--kubectl', kubectl, '--repo', cluster.bare.path, '--branch', 'main', '--state', 'gate.json', '--poll', '100ms', ...more]
  const exit = await main(args, { ...processIo(cwd), color: 'off', out: (text) => void (out += text), err: (text) => void (err += text) })
  return { exit, out, err }
}

describe('rollsync gate', () => {
  it('rolls back at the deadline with the words that the plugin sends, in one commit, and exits 1', async () => {
    const { exit, out } = await gate('--deadline', '1s', '--format', 'json')
    expect(exit).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ version: 1, outcome: { is: 'rolled back', argocd: 'Synced and Healthy' }, decision: { by: 'deadline' }, release: { from: ['registry.example.com/web:2'], to: ['registry.example.com/web:1'] } })
    expect(cluster.subjects()).toEqual(['Revert shop/web to registry.example.com/web:1', 'release 2', 'first'])
    expect(cluster.patches().slice(0, 2)).toEqual([
      'patch rollouts.argoproj.io web -n shop --type merge -p {"status":{"abort":true}} --subresource status',
      'patch applications.argoproj.io web -n argocd --type merge -p {"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}}}',
    ])
    expect(readdirSync(cwd).filter((file) => !file.startsWith('gate.json'))).toEqual([])
    expect(JSON.parse(readFileSync(join(cwd, 'gate.json'), 'utf8'))).toMatchObject({ version: 1, onDeadline: 'revert' })
  })

  it('promotes one step when the decision file says so, and exits 0; the same command answers the same again', async () => {
    writeFileSync(join(cwd, 'decision.txt'), 'promote ann\n')
    const first = await gate('--decision', 'decision.txt')
    expect([first.exit, first.out.split('\n')[0]]).toEqual([0, 'shop/web is promoted by one step'])
    expect(cluster.read().rollout.status).toMatchObject({ currentStepIndex: 2 })
    expect((await gate('--decision', 'decision.txt')).exit).toBe(0)
    expect(cluster.patches()).toEqual(['patch rollouts.argoproj.io web -n shop --type merge -p {"status":{"pauseConditions":null}} --subresource status'])
  })

  it('rolls back on SIGUSR2, and listens no longer than it runs', async () => {
    setTimeout(() => void process.emit('SIGUSR2'), 1500)
    expect((await gate('--deadline', '60s')).exit).toBe(1)
    expect([process.listenerCount('SIGUSR1'), process.listenerCount('SIGUSR2')]).toEqual([0, 0])
  })

  it('does not count a decision file that is older than the release', async () => {
    writeFileSync(join(cwd, 'decision.txt'), 'promote')
    utimesSync(join(cwd, 'decision.txt'), new Date('2025-01-01'), new Date('2025-01-01'))
    const { exit, err } = await gate('--decision', 'decision.txt', '--deadline', '1s', '--on-deadline', 'nothing')
    expect([exit, err.includes('older than the release'), cluster.patches()]).toEqual([4, true, []])
  })

  it('asks for the Application in the cluster of Argo CD', async () => {
    writeFileSync(join(cwd, 'decision.txt'), 'rollback\n')
    expect((await gate('--decision', 'decision.txt', '--context', 'prod', '--argocd-context', 'hub')).exit).toBe(1)
    const calls = readFileSync(`${cluster.file}.calls`, 'utf8').trim().split('\n')
    expect(calls.filter((line) => line.startsWith('--context hub ') !== line.includes('applications.argoproj.io'))).toEqual([])
    expect(calls.filter((line) => !/^--context (prod|hub) /.test(line))).toEqual([])
  })

  it('exits 3 when the decision could not be carried out, keeps it, and goes on from there', async () => {
    // kubectl cannot reach the cluster once the gate is open; Git is written all the same.
    setTimeout(() => cluster.change((now) => void (now.down = 10_000)), 1500)
    const first = await gate('--deadline', '3s', '--settle', '1s')
    expect([first.exit, first.out.includes('Run the same command again')]).toEqual([3, true])
    cluster.change((now) => void (now.down = 2))
    expect((await gate('--on-deadline', 'nothing')).exit).toBe(1)
    expect(cluster.subjects()).toHaveLength(3)
  })

  it('names its state after the build, and wants a name where there is none', async () => {
    const before = { ...process.env }
    for (const key of ['BUILD_TAG', 'GITHUB_RUN_ID', 'CI_PIPELINE_ID']) delete process.env[key]
    const args = ['gate', '--rollout', 'shop/web', '--kubectl', kubectl, '--repo', cluster.bare.path, '--branch', 'main', '--deadline', '0s', '--on-deadline', 'nothing']
    const run = async (): Promise<number> => main(args, { ...processIo(cwd), out: () => undefined, err: () => undefined })
    const without = await run()
    process.env['BUILD_TAG'] = 'jenkins-deploy/main-7'
    const within = await run()
    process.env = { ...before, CLUSTER: cluster.file }
    expect([without, within, readdirSync(join(cwd, '.rollsync')).filter((file) => file.endsWith('.json'))]).toEqual([2, 4, ['gate-shop-web-jenkins-deploy-main-7.json']])
  })

  it('finds out at the start that it may not patch the Rollout, unless nothing is to be done in the end', async () => {
    cluster.change((now) => void (now.denied = true))
    expect(await gate('--deadline', '60s')).toMatchObject({ exit: 2, err: expect.stringMatching(/may not be patched[^]*docs\/gate.md lists the rights/) })
    expect(readdirSync(cwd)).toEqual([])
    expect(await gate('--deadline', '0s', '--on-deadline', 'nothing')).toMatchObject({ exit: 4, err: expect.stringContaining('may not be patched') })
  })

  it('says what is wrong with a line, and exits 2', async () => {
    expect(await gate('--deadline', 'soon')).toMatchObject({ exit: 2, err: expect.stringContaining('--deadline soon: not a duration') })
    expect(await gate('--application', 'web')).toMatchObject({ exit: 2, err: expect.stringContaining('NAMESPACE/NAME') })
    expect(await gate('--application', 'Argo/web')).toMatchObject({ exit: 2, err: expect.stringContaining('small letters') })
    expect(await gate('--rollout', 'shop/other')).toMatchObject({ exit: 2, err: expect.stringContaining('not found') })
    expect(await gate('--kubectl', '/no/such/kubectl')).toMatchObject({ exit: 2, err: expect.stringContaining('cannot be run') })
    writeFileSync(join(cwd, 'gate.json'), '[]')
    expect(await gate()).toMatchObject({ exit: 2, err: expect.stringContaining('gate.json') })
  })
})

describe('rollsync gate on a forge', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } })
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    vi.unstubAllEnvs()
    for (const close of closing.splice(0)) await close()
  })

  // A token that is good for five minutes and one second is renewed after that second: the deadline lies behind it.
  it.each(['built-in', 'git', 'forge'])('rolls back as a GitHub App whose token ends before the deadline does (--back-end %s)', async (backEnd) => {
    for (const name of ['ROLLSYNC_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN']) vi.stubEnv(name, '')
    vi.stubEnv('ROLLSYNC_GITHUB_APP_ID', '7')
    vi.stubEnv('ROLLSYNC_GITHUB_APP_PRIVATE_KEY', privateKey)
    const github = await fakeGithub(cluster.bare, 301)
    closing.push(github.close)
    const { exit, out, err } = await gate('--deadline', '2s', '--repo', github.url, '--forge', 'github', '--back-end', backEnd)
    expect([exit, cluster.subjects()]).toEqual([1, ['Revert shop/web to registry.example.com/web:1', 'release 2', 'first']])
    expect([github.tokens.length > 1, github.tokens.some((token) => (out + err).includes(token))]).toEqual([true, false])
    expect(github.calls.some((call) => call.includes('git-receive-pack'))).toBe(backEnd !== 'forge')
  })
})

const bin = fileURLToPath(new URL('../../dist/bin.js', import.meta.url))

describe.skipIf(!existsSync(bin))('the built rollsync gate', () => {
  const start = (...more: readonly string[]): ReturnType<typeof spawn> => spawn(process.execPath, [
    bin, 'gate', '--rollout', 'shop/web', '--application', 'argocd/web', '--kubectl', kubectl, '--repo', cluster.bare.path, '--branch', 'main', '--state', 'gate.json', '--poll', '100ms', ...more,
  ], { cwd, env: { ...process.env, CLUSTER: cluster.file }, stdio: 'ignore' })
  const ended = async (child: ReturnType<typeof spawn>): Promise<number | null> => new Promise((resolve) => child.on('close', resolve))

  it('killed by SIGKILL again and again, ends in the decision of the first and one commit', async () => {
    writeFileSync(join(cwd, 'decision.txt'), 'rollback ann\n')
    let exit: number | null = null
    let kills = 0
    // Each life is a little longer than the one before, so that death comes at another place.
    for (let life = 300; exit === null; life += 120) {
      const child = start('--decision', 'decision.txt')
      const timer = setTimeout(() => child.kill('SIGKILL'), life)
      exit = await ended(child)
      clearTimeout(timer)
      if (exit === null) kills++
    }
    expect([exit, kills > 1, cluster.subjects()]).toEqual([1, true, ['Revert shop/web to registry.example.com/web:1', 'release 2', 'first']])
  }, 120_000)

  it('promotes on a real SIGUSR1', async () => {
    const child = start('--deadline', '60s')
    const end = ended(child)
    while (!existsSync(join(cwd, 'gate.json.2'))) await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGUSR1')
    expect([await end, cluster.subjects()]).toEqual([0, ['release 2', 'first']])
  }, 60_000)
})
