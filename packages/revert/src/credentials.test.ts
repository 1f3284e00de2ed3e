import { generateKeyPairSync } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { effects, pod } from '../test/pod-repository.ts'
import { type Bare, makeBare, serve, type Server } from '../test/git-server.ts'
import { credentialsFor, credentialSource } from './credentials.ts'
import type { Http } from './effects.ts'
import { openRepository } from './open-repository.ts'
import { revert } from './revert.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean()
})

describe('credentials of the environment', () => {
  it('go to their own host only', () => {
    const env = { GITHUB_TOKEN: 'g', CI_JOB_TOKEN: 'j', CI_SERVER_HOST: 'git.example.com', GITLAB_TOKEN: '' }
    expect(credentialsFor('https://github.com/a/b', env)).toEqual({ username: 'x-access-token', password: 'g' })
    expect(credentialsFor('https://git.example.com/a/b', env)).toEqual({ username: 'gitlab-ci-token', password: 'j' })
    expect(credentialsFor('https://evil.example.org/github.com', env)).toBeUndefined()
    expect(credentialsFor('https://me:pw@github.com/a/b', env)).toBeUndefined()
    expect(credentialsFor('https://x.org/a', { ROLLSYNC_TOKEN: 'r' })?.password).toBe('r')
  })
})

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } })
const app = { ROLLSYNC_GITHUB_APP_ID: '7', ROLLSYNC_GITHUB_APP_INSTALLATION_ID: '42', ROLLSYNC_GITHUB_APP_PRIVATE_KEY: privateKey }

describe('the credentials of a GitHub App', () => {
  const http: Http = async ({ url }) => ({ status: 201, url, headers: {}, body: Buffer.from(JSON.stringify({ token: `ghs_for_${new URL(url).host}`, expires_at: '2126-01-01T00:00:00Z' })) })
  const password = async (url: string, env: Readonly<Record<string, string>>, forge?: 'github' | 'gitlab'): Promise<string | undefined> =>
    (await credentialSource({ ...effects, http, env: { ...app, ...env } }, forge === undefined ? {} : { forge })(url))?.password

  it('go before what the job has by itself, and behind ROLLSYNC_TOKEN', async () => {
    expect(await password('https://github.com/a/b', { GITHUB_TOKEN: 'g' })).toBe('ghs_for_api.github.com')
    expect(await password('https://github.com/a/b', { ROLLSYNC_TOKEN: 'r' })).toBe('r')
    expect(await password('https://me:pw@github.com/a/b', {})).toBeUndefined()
  })

  it('go to a GitHub only: one by its name, by the job that runs on it, or by what is told', async () => {
    expect(await password('https://git.acme.org/a/b', { GITHUB_SERVER_URL: 'https://git.acme.org' })).toBe('ghs_for_git.acme.org')
    expect(await password('https://git.acme.org/a/b', {}, 'github')).toBe('ghs_for_git.acme.org')
    expect(await password('https://gitlab.com/a/b', { GITLAB_TOKEN: 'l' })).toBe('l')
    expect(await password('https://git.acme.org/a/b', {}, 'gitlab')).toBeUndefined()
    await expect(password('https://git.acme.org/a/b', {})).rejects.toMatchObject({ code: 'auth', hint: expect.stringContaining('--forge github') })
  })

  it.each(['built-in', 'git'] as const)('are renewed while the repository is open (%s)', async (backEnd) => {
    const { server, seen, expire, bare } = await githubWithShortHours()
    const env = { ...app, PATH: process.env['PATH'] }
    const opened = await openRepository({ repo: `${server.url}/origin.git`, land: 'remote', backEnd, branch: 'main', credentials: credentialSource({ ...effects, env }, { forge: 'github' }) }, effects)
    await opened.repository.tip()
    expire()
    bare.commit({ 'other.txt': '1' }) // so that there is something to fetch
    expect(await revert({ to: 'r.io/app:1', until: 'commit', author: { name: 'Ann', email: 'a@x' } }, opened.repository, effects)).toMatchObject({ state: 'reverted' })
    await opened.repository.close?.()
    expect([bare.file('p.yaml'), [...seen]]).toEqual([pod('r.io/app:1'), ['1', '2']])
  })
})

/** git's own HTTP server that knows only the newest token, and the two calls by which an App gets one. */
async function githubWithShortHours(): Promise<{ server: Server; bare: Bare; seen: ReadonlySet<string>; expire: () => void }> {
  const bare = makeBare({ 'p.yaml': pod('r.io/app:2') })
  const seen = new Set<string>()
  let good = 0
  let over = true
  const gate = (request: IncomingMessage, response: ServerResponse): 'answered' | 'go on' => {
    if (request.url?.startsWith('/api/v3/') === true) {
      if (over) good++
      // A token that ends in five minutes is renewed at once, as one that has ended.
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ token: `ghs_number_${good}`, expires_at: new Date(Date.now() + 300_000).toISOString() }))
      over = false
      return 'answered'
    }
    const [, number] = /^x-access-token:ghs_number_(\d+)$/.exec(Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString()) ?? []
    if (number === String(good)) {
      seen.add(number)
      return 'go on'
    }
    response.writeHead(401).end()
    return 'answered'
  }
  const server = await serve(bare.root, gate)
  cleanups.push(server.close, bare.remove)
  return { server, bare, seen, expire: () => void (over = true) }
}
