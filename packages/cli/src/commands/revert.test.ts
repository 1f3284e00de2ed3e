import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Bare, git, makeBare, type Server, serve } from '../../../revert/test/git-server.ts'
import { processIo } from '../io.ts'
import { main } from '../main.ts'

const pod = (image: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: "${image}"}\n`
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const clean of cleanups.splice(0)) await clean()
})

interface Gitea { readonly bare: Bare; readonly server: Server; readonly calls: readonly string[] }

/** A bare repository behind git's own HTTP server, and Gitea's contents API beside it, which commits there. */
async function gitea(): Promise<Gitea> {
  const bare = makeBare({ 'p.yaml': pod('r.io/app:2') })
  const calls: string[] = []
  const gate = (request: IncomingMessage, response: ServerResponse): 'answered' | 'go on' => {
    calls.push(`${request.method} ${request.url?.split('?')[0]}`)
    if (request.url?.startsWith('/api/v1/') !== true) return 'go on'
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const { files, message } = JSON.parse(Buffer.concat(chunks).toString()) as { files: readonly { path: string; content: string }[]; message: string }
      const sha = bare.commit(Object.fromEntries(files.map((one) => [one.path, Buffer.from(one.content, 'base64').toString()])), message)
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ commit: { sha } }))
    })
    return 'answered'
  }
  const server = await serve(bare.root, gate)
  cleanups.push(server.close, bare.remove)
  return { bare, server, calls }
}

async function run(...args: readonly string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const exit = await main(['revert', '--image', 'r.io/app', '--to', 'r.io/app:1', ...args], { ...processIo('/'), color: 'off', out: (text) => (out += text), err: (text) => (err += text) })
  return { exit, out, err }
}

describe('revert --back-end forge', () => {
  it('has the forge make the commit: nothing is pushed', async () => {
    vi.stubEnv('ROLLSYNC_TOKEN', 'tok-1')
    const { bare, server, calls } = await gitea()
    const { exit, out } = await run('--repo', `${server.url}/origin.git`, '--back-end', 'forge', '--forge', 'gitea')
    expect([exit, bare.file('p.yaml')]).toEqual([0, pod('r.io/app:1')])
    expect(out).toContain(git(bare.path, 'rev-parse', 'main').trim().slice(0, 7))
    expect(calls.filter((one) => one.startsWith('POST /api/'))).toEqual(['POST /api/v1/repos/origin/contents'])
    expect(calls.filter((one) => one.includes('git-receive-pack'))).toEqual([])
  })

  it.each([
    ['without a token', ['--forge', 'gitea'], '', 'needs a token of the forge'],
    ['on a host whose software nobody said', [], 'tok-1', 'which forge runs on'],
    ['together with --no-push', ['--forge', 'gitea', '--no-push'], 'tok-1', 'commits on the remote only'],
    ['together with --pr', ['--forge', 'gitea', '--pr'], 'tok-1', 'give one of the two'],
  ])('is refused %s, before anything is written', async (_, args, token, words) => {
    for (const name of ['ROLLSYNC_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN', 'GITLAB_TOKEN']) vi.stubEnv(name, name === 'ROLLSYNC_TOKEN' ? token : '')
    const { bare, server } = await gitea()
    const { exit, err } = await run('--repo', `${server.url}/origin.git`, '--back-end', 'forge', ...args)
    expect([exit, bare.file('p.yaml')]).toEqual([2, pod('r.io/app:2')])
    expect(err).toContain(words)
    expect(err).not.toContain('tok-1')
  })
})
