import { generateKeyPairSync, verify } from 'node:crypto'
import * as fs from 'node:fs'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Http } from '../effects.ts'
import type { RevertError } from '../revert-error.ts'
import { githubAppIn, githubAppTokens } from './github-app.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } })
const start = Date.parse('2026-01-01T00:00:00Z')
const repository = 'https://github.com/team/gitops.git'

interface Seen { readonly url: string; readonly token: string; readonly body: unknown }

/** GitHub as it gives installation tokens, an hour each; `time` is its clock and the App's. */
interface FakeGithub { readonly http: Http; readonly seen: readonly Seen[]; time: number; readonly now: () => Date }

function fakeGithub(): FakeGithub {
  const seen: Seen[] = []
  const state: FakeGithub = {
    seen, time: start, now: () => new Date(state.time),
    http: async ({ url, headers, body }) => {
      seen.push({ url, token: (headers['authorization'] ?? '').replace('Bearer ', ''), body: body === undefined ? undefined : JSON.parse(Buffer.from(body).toString()) })
      const made = { token: `ghs_${seen.length}`, expires_at: new Date(state.time + 3_600_000).toISOString().replace('.000', '') }
      return { status: url.endsWith('/installation') ? 200 : 201, url, headers: {}, body: Buffer.from(JSON.stringify(url.endsWith('/installation') ? { id: 42 } : made)) }
    },
  }
  return state
}

describe('the tokens of a GitHub App', () => {
  it('are asked for as the App, of its installation on the repository, for as little as is needed', async () => {
    const github = fakeGithub()
    expect(await githubAppTokens({ appId: '7', privateKey }, github)(repository)).toBe('ghs_2')
    expect(github.seen.map((one) => one.url)).toEqual(['https://api.github.com/repos/team/gitops/installation', 'https://api.github.com/app/installations/42/access_tokens'])
    expect(github.seen[1]?.body).toEqual({ repositories: ['gitops'], permissions: { contents: 'write' } })
    const [head = '', payload = '', signature = ''] = (github.seen[0]?.token ?? '').split('.')
    expect(verify('RSA-SHA256', Buffer.from(`${head}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true)
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({ iat: 1767225540, exp: 1767226140, iss: '7' })
  })

  it('are good for pull requests too where one is to be opened, and need no look-up where the installation is told', async () => {
    const github = fakeGithub()
    await githubAppTokens({ appId: '7', privateKey, installationId: '43' }, github, 'opened')(repository)
    expect(github.seen.map(({ url, body }) => [url, body])).toEqual([['https://api.github.com/app/installations/43/access_tokens', { repositories: ['gitops'], permissions: { contents: 'write', pull_requests: 'write' } }]])
  })

  it('are kept for as long as they are good, and made anew five minutes before their hour is over', async () => {
    const github = fakeGithub()
    const token = githubAppTokens({ appId: '7', privateKey, installationId: '43' }, github)
    const after = async (minutes: number): Promise<string> => {
      github.time = start + minutes * 60_000
      return token(repository)
    }
    expect([await after(0), await after(30), await after(54.9), await after(55), await after(109)]).toEqual(['ghs_1', 'ghs_1', 'ghs_1', 'ghs_2', 'ghs_2'])
    await token('https://github.com/team/other.git')
    expect(github.seen.map(({ body }) => (body as { repositories: string[] }).repositories)).toEqual([['gitops'], ['gitops'], ['other']])
  })

  it.each([
    [404, 'Not Found', 'is the App installed on team/gitops?'],
    [401, 'A JSON web token could not be decoded', 'is ROLLSYNC_GITHUB_APP_ID the App of this private key, and is the clock right?'],
    [422, 'The permissions requested are not granted to this installation.', 'Contents: write'],
  ])('are refused with %d "%s", and it is said what to look at', async (status, message, hint) => {
    const http: Http = async ({ url, headers }) => ({ status, url, headers: {}, body: Buffer.from(JSON.stringify({ message, sent: headers['authorization'] })) })
    const error = (await githubAppTokens({ appId: '7', privateKey }, { ...fakeGithub(), http })(repository).catch((one: unknown) => one)) as RevertError
    expect([error.code, error.message.includes(message), error.hint?.includes(hint)]).toEqual(['auth', true, true])
    expect(error.message + String((error.cause as Error).message)).not.toMatch(/ey[\w-]+\.ey/) // no part of the token that the App signed
  })

  it('are not made where GitHub is out of order: that may pass', async () => {
    const http: Http = async ({ url }) => ({ status: 503, url, headers: {}, body: Buffer.from('') })
    await expect(githubAppTokens({ appId: '7', privateKey }, { ...fakeGithub(), http })(repository)).rejects.toMatchObject({ code: 'server-error' })
  })

  it('are refused for a key that is none, of which no word is said', async () => {
    const github = fakeGithub()
    const broken = privateKey.replaceAll(/[A-Z]/g, 'x')
    const error = await githubAppTokens({ appId: '7', privateKey: broken }, github)(repository).catch((one: unknown) => one)
    expect([(error as RevertError).code, (error as RevertError).cause]).toEqual(['auth', undefined])
    expect(github.seen).toEqual([])
  })
})

describe('the GitHub App of the environment', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  const name = (part: string): string => `ROLLSYNC_GITHUB_APP_${part}`

  it('is none where nothing of it is set', async () => {
    expect(await githubAppIn({ [name('ID')]: '', HOME: '/root' }, fs)).toBeUndefined()
  })

  it('has its key as text, its line ends spelled or not, or in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollsync-app-'))
    folders.push(folder)
    writeFileSync(join(folder, 'key.pem'), privateKey)
    expect(await githubAppIn({ [name('ID')]: '7', [name('PRIVATE_KEY')]: privateKey.trim().replaceAll('\n', '\\n') }, fs)).toEqual({ appId: '7', privateKey: privateKey.trim() })
    expect(await githubAppIn({ [name('ID')]: '7', [name('INSTALLATION_ID')]: '42', [name('PRIVATE_KEY_FILE')]: join(folder, 'key.pem') }, fs)).toEqual({ appId: '7', privateKey, installationId: '42' })
  })

  it.each([
    ['a key alone', { PRIVATE_KEY: privateKey }, 'the GitHub App has no id'],
    ['an id alone', { ID: '7' }, 'the GitHub App has no private key'],
    ['two keys', { ID: '7', PRIVATE_KEY: privateKey, PRIVATE_KEY_FILE: 'x' }, 'the GitHub App has two private keys'],
    ['an installation that is no number', { ID: '7', PRIVATE_KEY: privateKey, INSTALLATION_ID: 'team' }, 'ROLLSYNC_GITHUB_APP_INSTALLATION_ID is no number'],
    ['a file that is not there', { ID: '7', PRIVATE_KEY_FILE: '/nowhere/key.pem' }, 'ROLLSYNC_GITHUB_APP_PRIVATE_KEY_FILE: /nowhere/key.pem cannot be read (ENOENT)'],
  ])('is refused with %s', async (_, parts, message) => {
    await expect(githubAppIn(Object.fromEntries(Object.entries(parts).map(([part, value]) => [name(part), value])), fs)).rejects.toMatchObject({ code: 'auth', message })
  })
})
