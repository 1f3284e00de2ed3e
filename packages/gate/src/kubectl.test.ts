import type { Run } from '@rollsync/revert'
import { describe, expect, it } from 'vitest'
import type { Cluster } from './cluster.ts'
import { kubectlCluster } from './kubectl.ts'

type Answer = { readonly stdout?: string; readonly stderr?: string } | Error

function cluster(...answers: readonly Answer[]): { readonly port: Cluster; readonly calls: (readonly string[])[] } {
  const calls: (readonly string[])[] = []
  const run: Run = async (program, args) => {
    const answer = answers[calls.length] ?? { stdout: '{"kind":"Rollout","metadata":{"name":"web"}}' }
    calls.push([program, ...args])
    if (answer instanceof Error) throw answer
    return { code: answer.stderr === undefined ? 0 : 1, stdout: new TextEncoder().encode(answer.stdout ?? ''), stderr: answer.stderr ?? '' }
  }
  return { port: kubectlCluster({ run, program: '/opt/kubectl', context: 'prod' }), calls }
}
const web = { namespace: 'shop', name: 'web' }
const before = ['/opt/kubectl', '--context', 'prod', '--request-timeout', '20s']

describe('kubectl', () => {
  it('is asked for the Rollout, its ReplicaSets and the Application by their full names', async () => {
    const { port, calls } = cluster({ stdout: '{"kind":"Rollout","metadata":{"name":"web"}}' }, { stdout: '{"kind":"List","items":[{"metadata":{"name":"web-1"}},7]}' })
    expect(await port.getRollout(web)).toMatchObject({ metadata: { name: 'web' } })
    expect(await port.getReplicaSets('shop')).toEqual([{ metadata: { name: 'web-1' } }])
    await port.getApplication({ namespace: 'argocd', name: 'web' })
    expect(calls).toEqual([
      [...before, 'get', 'rollouts.argoproj.io', 'web', '-n', 'shop', '-o', 'json'],
      [...before, 'get', 'replicasets.apps', '-n', 'shop', '-l', 'rollouts-pod-template-hash', '-o', 'json'],
      [...before, 'get', 'applications.argoproj.io', 'web', '-n', 'argocd', '-o', 'json'],
    ])
  })

  it('patches the status through its subresource, and the whole where there is none, as the plugin does', async () => {
    const { port, calls } = cluster({ stderr: 'Error from server (NotFound): the server could not find the requested resource' }, {})
    await port.patchRollout(web, { on: 'status', patch: '{"status":{"abort":true}}' })
    expect(calls.map((one) => one.slice(5).join(' '))).toEqual([
      'patch rollouts.argoproj.io web -n shop --type merge -p {"status":{"abort":true}} --subresource status',
      'patch rollouts.argoproj.io web -n shop --type merge -p {"status":{"abort":true}}',
    ])
  })

  it.each<[string, Answer, string]>([
    ['yes', { stdout: 'yes\n' }, 'yes'],
    ['no', { stdout: 'no\n', stderr: ' ' }, 'no'],
    ['no, with a reason', { stdout: 'no - no RBAC policy matched\n', stderr: ' ' }, 'no'],
    ['nothing, because it may not be asked', { stderr: 'Error from server (Forbidden): selfsubjectaccessreviews.authorization.k8s.io is forbidden' }, 'unknown'],
    ['nothing, because there is no kubectl', Object.assign(new Error('spawn ENOENT'), { code: 'ENOENT' }), 'unknown'],
  ])('says whether the status may be patched: %s', async (_, answer, said) => {
    const { port, calls } = cluster(answer)
    expect(await port.mayPatchRollout?.(web)).toBe(said)
    expect(calls).toEqual([[...before, 'auth', 'can-i', 'patch', 'rollouts.argoproj.io/web', '--subresource', 'status', '-n', 'shop']])
  })

  it.each<[string, Answer, string]>([
    ['nothing of that name', { stderr: 'Error from server (NotFound): rollouts.argoproj.io "web" not found' }, 'not-found'],
    ['no such kind', { stderr: 'error: the server doesn\'t have a resource type "rollouts"' }, 'not-found'],
    ['no right', { stderr: 'Error from server (Forbidden): rollouts.argoproj.io "web" is forbidden: User "x" cannot get' }, 'denied'],
    ['no login', { stderr: 'error: You must be logged in to the server (Unauthorized)' }, 'denied'],
    ['no server', { stderr: 'The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?' }, 'unreachable'],
    ['no answer in time', { stderr: 'Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)' }, 'unreachable'],
    ['half an answer', { stdout: '{"kind":' }, 'unreachable'],
    ['an answer that is no object', { stdout: '[]' }, 'unreachable'],
    ['no kubectl', Object.assign(new Error('spawn ENOENT'), { code: 'ENOENT' }), 'no-kubectl'],
  ])('tells apart: %s', async (_, answer, code) => {
    await expect(cluster(answer).port.getRollout(web)).rejects.toMatchObject({ name: 'GateError', code })
  })
})
