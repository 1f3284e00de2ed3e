import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from '@rollsync/manifests'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processIo } from '../../packages/cli/src/io.ts'
import { main } from '../../packages/cli/src/main.ts'
import { type FakeCluster, kubectl, makeFakeCluster } from '../../packages/cli/test/fake-cluster.ts'

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
const { version } = JSON.parse(read('../../packages/cli/package.json')) as { version: string }

let cluster: FakeCluster
let cwd: string
const environment = process.env
beforeEach(() => {
  cluster = makeFakeCluster()
  cwd = mkdtempSync(join(tmpdir(), 'rollsync-promotion-'))
  process.env = { ...environment, CLUSTER: cluster.file }
})
afterEach(() => {
  process.env = environment
  cluster.remove()
  rmSync(cwd, { recursive: true, force: true })
})

/** Runs a line as a shell would, with an `npx` that notes its words. */
function words(line: string): readonly string[] {
  const npx = join(cwd, 'npx')
  writeFileSync(npx, `#!/bin/sh\nprintf '%s\\n' "$@" > ${cwd}/words\n`, { mode: 0o755 })
  const env = { PATH: `${cwd}:${process.env['PATH'] ?? ''}`, IMAGE: 'registry.example.com/web:2', MANIFESTS: cluster.bare.path, GITHUB_ACTOR: 'ann', BUILD_NUMBER: '7' }
  expect(spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', line], { cwd, env, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  const [, pinned, ...rest] = readFileSync(join(cwd, 'words'), 'utf8').trimEnd().split('\n')
  expect(pinned).toBe(`rollsync@${version}`)
  return rest
}

/** The same line with the real command behind it, looking often, on a cluster for tests; each job has a disk of its own. */
async function run(line: string, job: string, ...more: readonly string[]): Promise<{ exit: number; err: string }> {
  let err = ''
  const args = [...words(line), '--kubectl', kubectl, '--branch', 'main', '--poll', '100ms', '--state', `${job}.json`, ...more]
  const exit = await main(args, { ...processIo(cwd), color: 'off', out: () => undefined, err: (text) => void (err += text) })
  return { exit, err }
}

describe('the Jenkinsfile', () => {
  const text = read('Jenkinsfile')
  const [line = ''] = [...text.matchAll(/script: '(npx [^']+)'/g)].map(([, found]) => found ?? '')

  it('runs the gate once, with a decision file that its question writes', () => {
    expect(text.match(/npx /g)).toHaveLength(1)
    expect(line).toContain('--decision "decision-$BUILD_NUMBER.txt"')
    expect(text).toContain(`writeFile(file: "decision-\${BUILD_NUMBER}.txt", text: "\${answer.decision} \${answer.who}\\n")`)
    for (const [open, close] of [['{', '}'], ['(', ')'], ['[', ']']] as const) expect(text.split(open)).toHaveLength(text.split(close).length)
  })

  it.each(['promote', 'rollback'])('%s, chosen in the question, is what the gate does', async (choice) => {
    expect(/choices: \[([^\]]+)\]/.exec(text)?.[1]).toContain(`'${choice}'`)
    writeFileSync(join(cwd, 'decision-7.txt'), `${choice} ann\n`)
    expect((await run(line, 'job')).exit).toBe(choice === 'promote' ? 0 : 1)
    expect(cluster.subjects().length).toBe(choice === 'promote' ? 2 : 3)
  })

  it('archives the state that the gate keeps by itself', async () => {
    process.env['BUILD_TAG'] = 'jenkins-web-7'
    writeFileSync(join(cwd, 'decision-7.txt'), 'promote ann\n')
    await main([...words(line), '--kubectl', kubectl, '--branch', 'main', '--poll', '100ms'], { ...processIo(cwd), out: () => undefined, err: () => undefined })
    expect(text).toContain("artifacts: '.rollsync/gate-*'")
    expect(readFileSync(join(cwd, '.rollsync/gate-shop-web-jenkins-web-7.json'), 'utf8')).toContain('"deadline"')
  })
})

describe('the workflow', () => {
  interface Workflow {
    readonly jobs: Readonly<Record<'gate' | 'promote' | 'roll-back', { readonly environment?: string; readonly needs?: string; readonly if?: string; readonly steps: readonly { readonly run: string }[] }>>
  }
  const { documents, diagnostics } = parse([{ file: 'promotion.yml', text: read('promotion.yml') }])
  const [document] = documents
  const { jobs } = (document as NonNullable<typeof document>).value as Workflow
  const job = async (name: keyof Workflow['jobs'], ...more: readonly string[]): Promise<{ exit: number; err: string }> => {
    const lines = jobs[name].steps.map((step) => step.run)
    for (const line of lines.slice(0, -1)) expect(spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', line], { cwd, env: { GITHUB_ACTOR: 'ann' } }).status).toBe(0)
    return run(lines.at(-1) ?? '', name, ...more)
  }

  it('asks the reviewers of an environment before it promotes, and rolls back when they reject', () => {
    expect(diagnostics).toEqual([])
    expect([jobs.promote.environment, jobs['roll-back'].needs, jobs['roll-back'].if]).toEqual(['production', 'promote', 'failure()'])
  })

  it('promotes on approval, which the waiting job learns from the Rollout', async () => {
    const waiting = job('gate')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect((await job('promote')).exit).toBe(0)
    expect((await waiting).exit).toBe(0)
    expect(cluster.subjects()).toHaveLength(2)
  })

  it('rolls back on rejection in one commit, which the waiting job finds in Git', async () => {
    const waiting = job('gate')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect((await job('roll-back')).exit).toBe(1)
    expect((await waiting).exit).toBe(1)
    expect(cluster.subjects()).toHaveLength(3)
  })

  it('rolls back when nobody answers, and an approval that comes later finds nothing to do', async () => {
    expect((await job('gate', '--deadline', '1s')).exit).toBe(1)
    expect((await job('promote', '--deadline', '1s')).exit).toBe(4)
    expect(cluster.subjects()).toHaveLength(3)
  })
})
