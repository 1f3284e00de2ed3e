import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Bare, serve } from '../../revert/test/git-server.ts'

/** A forge for tests: a bare repository behind git's own HTTP server, and beside it the calls by which the forge commits there. */
export interface FakeForge {
  /** The repository's URL. */
  readonly url: string
  /** `METHOD path` of each request. */
  readonly calls: readonly string[]
  close(): Promise<void>
}

interface Call {
  readonly path: string
  readonly authorization: string
  readonly body: unknown
}

type Reply = readonly [status: number, body: unknown] | 'go on'

/** Gitea's contents API; `before` is what another writer does just ahead of each commit. */
export async function fakeGitea(bare: Bare, before: () => void = () => undefined): Promise<FakeForge> {
  return serveWith(bare, '/api/v1/', ({ body }) => {
    before()
    const { files, message } = body as { files: readonly { path: string; content: string }[]; message: string }
    return [201, { commit: { sha: bare.commit(Object.fromEntries(files.map((one) => [one.path, fromBase64(one.content)])), message) } }]
  })
}

interface CreateCommit {
  readonly variables: { readonly input: { readonly message: { readonly headline: string; readonly body: string }; readonly fileChanges: { readonly additions: readonly { readonly path: string; readonly contents: string }[] } } }
}

/** A GitHub that knows nobody but an App's installation, by the newest token that it gave; `seconds` is how long it says that each is good. */
export async function fakeGithub(bare: Bare, seconds: number): Promise<FakeForge & { readonly tokens: readonly string[] }> {
  const tokens: string[] = []
  const server = await serveWith(bare, '/', ({ path, authorization, body }) => {
    if (path.endsWith('/access_tokens')) {
      tokens.push(`ghs_${'x'.repeat(20)}${tokens.length}`)
      return [201, { token: tokens.at(-1), expires_at: new Date(Date.now() + seconds * 1000).toISOString() }]
    }
    if (path.endsWith('/installation')) return [200, { id: 42 }]
    const known = [`Bearer ${tokens.at(-1)}`, `Basic ${Buffer.from(`x-access-token:${tokens.at(-1)}`).toString('base64')}`]
    if (!known.includes(authorization)) return [401, { message: `Bad credentials: ${authorization}` }]
    if (!path.endsWith('/graphql')) return 'go on'
    const { message, fileChanges } = (body as CreateCommit).variables.input
    const oid = bare.commit(Object.fromEntries(fileChanges.additions.map((one) => [one.path, fromBase64(one.contents)])), `${message.headline}\n\n${message.body}`)
    return [200, { data: { createCommitOnBranch: { commit: { oid } } } }]
  })
  return { ...server, tokens }
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8')

/** Requests to git are told apart by their type: their bodies are git's to read. */
async function serveWith(bare: Bare, below: string, answer: (call: Call) => Reply): Promise<FakeForge> {
  const calls: string[] = []
  const gate = (request: IncomingMessage, response: ServerResponse): 'answered' | 'go on' => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    calls.push(`${request.method} ${path}`)
    if (!path.startsWith(below)) return 'go on'
    const reply = (body: unknown): 'answered' | 'go on' => {
      const replied = answer({ path, authorization: request.headers.authorization ?? '', body })
      if (replied !== 'go on') response.writeHead(replied[0], { 'content-type': 'application/json' }).end(JSON.stringify(replied[1]))
      return replied === 'go on' ? 'go on' : 'answered'
    }
    if (!path.startsWith('/api/') || request.method === 'GET') return reply(undefined)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => void reply(JSON.parse(Buffer.concat(chunks).toString())))
    return 'answered'
  }
  const { url, close } = await serve(bare.root, gate)
  return { url: `${url}/origin.git`, calls, close }
}
