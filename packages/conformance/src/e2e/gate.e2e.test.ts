import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { valueAt } from '@rollsync/manifests'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve } from '../../../revert/test/git-server.ts'
import { ensure, resources } from '../cluster/seed.ts'
import { argocdNamespace } from '../cluster/processes/argocd.ts'
import { act, type Stage } from './act.ts'
import { anchored, anchorRule, images, rollout, services } from './base-canary.ts'
import { createRepository } from './manifest-repository.ts'
import { openCluster, type OpenCluster } from './open-cluster.ts'
import { untilQuiet } from './quiet.ts'
import { type Ended, type Running, startCommand } from './run-command.ts'
import type { Scenario } from './scenario.ts'

let open: OpenCluster
beforeAll(async () => {
  open = await openCluster()
}, 1_500_000)
afterAll(() => open?.close(), 60_000)

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A canary that rests at its first pause with the new image, in a namespace of its own. */
async function released(name: string): Promise<Stage> {
  const scenario: Scenario = { name, rollout: 'web', objects: [...services, anchored, rollout()], application: { ignoreDifferences: [anchorRule] }, events: [] }
  const place = join(open.folder, name)
  mkdirSync(place)
  const stage: Stage = { cluster: open.cluster, namespace: name, repository: await createRepository(scenario, name, place), scenario }
  await ensure(open.cluster.api, resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await ensure(open.cluster.api, resources.applications, stage.repository.application)
  await untilQuiet(stage, open.journal)
  await act({ do: 'commit', image: images.after }, stage)
  await untilQuiet(stage, open.journal)
  return stage
}

function startGate(stage: Stage, ...more: readonly string[]): Running {
  return startGateIn(stage, more)
}

/** `jump`: the gate's clock says so many milliseconds more, 3 s after its start. */
function startGateIn({ namespace, repository }: Stage, more: readonly string[], jump?: number): Running {
  const place = join(open.folder, namespace)
  return startCommand([
    'gate', '--rollout', `${namespace}/web`, '--application', `${argocdNamespace}/${namespace}`, '--repo', repository.bare, '--branch', 'main', '--kubectl', open.kubectl,
    '--decision', join(place, 'decision'), '--state', join(place, 'state.json'), '--poll', '500ms', ...more,
  ], { env: { KUBECONFIG: open.cluster.site.kubeconfig, GIT_AUTHOR_NAME: 'gate', GIT_AUTHOR_EMAIL: 'gate@example.com', GIT_COMMITTER_NAME: 'gate', GIT_COMMITTER_EMAIL: 'gate@example.com', JUMP_AFTER_MS: '3000', JUMP_BY_MS: String(jump ?? 0) }, nodeOptions: jump === undefined ? [] : ['--import', jumpClock] })
}

const jumpClock = fileURLToPath(new URL('../../cluster/jump-clock.mjs', import.meta.url))

function decide({ namespace }: Stage, word: string): void {
  writeFileSync(join(open.folder, namespace, 'decision'), `${word} the tests\n`)
}

/** How things stand at the end: the image in Git and in the cluster, the weight of the release, the Application, how many commits put an image back, and whether Git is whole. */
async function outcome({ namespace, repository }: Stage): Promise<Readonly<Record<string, unknown>>> {
  const git = (...args: readonly string[]): string => execFileSync('git', ['-C', repository.bare, ...args], { encoding: 'utf8' })
  const live = await open.cluster.api.get(resources.rollouts, namespace, 'web')
  const application = await open.cluster.api.get(resources.applications, argocdNamespace, namespace)
  return {
    git: /image: (\S+)/.exec(git('show', 'main:manifests/rollout-web.yaml'))?.[1], live: valueAt(live, '/spec/template/spec/containers/0/image'), phase: valueAt(live, '/status/phase'),
    application: `${String(valueAt(application, '/status/sync/status'))} ${String(valueAt(application, '/status/health/status'))}`,
    reverts: git('log', '--format=%B', 'main').split('\n').filter((line) => line.startsWith('Restored-Image:')).length,
    whole: git('fsck', '--strict').includes('error') ? 'no' : 'yes', merges: git('rev-list', '--merges', '--count', 'main').trim(),
  }
}

const rolledBack = { git: images.before, live: images.before, phase: 'Healthy', application: 'Synced Healthy', reverts: 1, whole: 'yes', merges: '0' }
const promoted = { git: images.after, live: images.after, phase: 'Healthy', application: 'Synced Healthy', reverts: 0, whole: 'yes', merges: '0' }

function expectEnd(ended: Ended, code: number): void {
  expect(ended.code, ended.output).toBe(code)
}

describe('rollsync gate, through the real kubectl', () => {
  it('promotes when the file says so', async () => {
    const stage = await released('gate-promote')
    const gate = startGate(stage, '--promote', 'full')
    decide(stage, 'promote')
    expectEnd(await gate.ended, 0)
    await untilQuiet(stage, open.journal)
    expect(await outcome(stage)).toEqual(promoted)
  }, 180_000)

  it('rolls back when the file says so: aborts, reverts in Git, and ends when Argo CD is Synced and Healthy at that commit', async () => {
    const stage = await released('gate-rollback')
    const gate = startGate(stage)
    await sleep(1500)
    decide(stage, 'rollback')
    expectEnd(await gate.ended, 1)
    expect(await outcome(stage)).toEqual(rolledBack)
  }, 180_000)

  it('killed again and again, at ever later points, it goes on where it was: one commit', async () => {
    const stage = await released('gate-killed')
    decide(stage, 'rollback')
    let ended: Ended | undefined
    for (let after = 250; ended === undefined || ended.signal === 'SIGKILL'; after += 250) {
      const gate = startGate(stage)
      const timer = setTimeout(() => gate.child.kill('SIGKILL'), after)
      ended = await gate.ended
      clearTimeout(timer)
    }
    expectEnd(ended, 1)
    expect(await outcome(stage)).toEqual(rolledBack)
  }, 240_000)
})

// The lane of CI has minutes.
if (process.env['E2E_LANE'] !== 'short') describe('rollsync gate, when things go wrong', () => {
  it('carries out what the dashboard or the command line decided', async () => {
    const stage = await released('gate-dashboard')
    const gate = startGate(stage)
    await sleep(1500)
    await act({ do: 'abort' }, stage)
    expectEnd(await gate.ended, 1)
    expect(await outcome(stage)).toEqual(rolledBack)
  }, 180_000)

  it('rolls back at the deadline', async () => {
    const stage = await released('gate-deadline')
    expectEnd(await startGate(stage, '--deadline', '3s').ended, 1)
    expect(await outcome(stage)).toEqual(rolledBack)
  }, 180_000)

  it('two of them with one state file make one commit and say the same', async () => {
    const stage = await released('gate-race')
    const gates = [startGate(stage), startGate(stage)]
    await sleep(1500)
    decide(stage, 'rollback')
    for (const gate of gates) expectEnd(await gate.ended, 1)
    expect(await outcome(stage)).toEqual(rolledBack)
  }, 180_000)

  it('waits for a remote that is away for a minute', async () => {
    const stage = await released('gate-remote')
    execFileSync('git', ['-C', stage.repository.bare, 'config', 'http.receivepack', 'true'])
    const root = dirname(stage.repository.bare)
    const server = await serve(root)
    const gate = startGate(stage, '--repo', `${server.url}/${basename(stage.repository.bare)}`)
    await sleep(2500)
    await server.close()
    decide(stage, 'rollback')
    await sleep(60_000)
    const again = await serve(root, undefined, Number(new URL(server.url).port))
    expectEnd(await gate.ended, 1)
    await again.close()
    expect(await outcome(stage)).toEqual(rolledBack)
  }, 240_000)

  it('a clock that is set forward past the deadline is believed', async () => {
    const stage = await released('gate-forward')
    expectEnd(await startGateIn(stage, ['--deadline', '30m'], 3_600_000).ended, 1)
    expect(await outcome(stage)).toEqual(rolledBack)
  }, 180_000)

  it('a clock that is set back does not move the deadline', async () => {
    const stage = await released('gate-back')
    expectEnd(await startGateIn(stage, ['--deadline', '8s'], -3_600_000).ended, 1)
    expect(await outcome(stage)).toEqual(rolledBack)
  }, 180_000)

  it('waits for an API server that is killed and comes back', async () => {
    const stage = await released('gate-api')
    const gate = startGate(stage)
    await sleep(2000)
    await open.cluster.restart('kube-apiserver', 'SIGKILL')
    decide(stage, 'rollback')
    expectEnd(await gate.ended, 1)
    expect(await outcome(stage)).toEqual(rolledBack)
  }, 240_000)
})
