import { generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Bare, git, makeBare } from '../../../revert/test/git-server.ts'
import { fakeGitea, fakeGithub } from '../../test/forges.ts'
import { processIo } from '../io.ts'
import { main } from '../main.ts'

const pod = (image: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: "${image}"}\n`
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const clean of cleanups.splice(0)) await clean()
})

async function kept<T extends { close(): Promise<void> }>(making: Promise<T>): Promise<T> {
  const made = await making
  cleanups.push(made.close)
  return made
}

function bareWithPod(): Bare {
  const bare = makeBare({ 'p.yaml': pod('r.io/app:2') })
  cleanups.push(bare.remove)
  return bare
}

/** The environment without any token but these. */
function environment(given: Readonly<Record<string, string>>): void {
  for (const name of ['ROLLSYNC_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN', 'GITLAB_TOKEN', 'GITHUB_SERVER_URL']) vi.stubEnv(name, '')
  for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value)
}

async function run(...args: readonly string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const exit = await main(['revert', '--image', 'r.io/app', '--to', 'r.io/app:1', ...args], { ...processIo('/'), color: 'off', out: (text) => (out += text), err: (text) => (err += text) })
  return { exit, out, err }
}

describe('revert --back-end forge', () => {
  it('has the forge make the commit: nothing is pushed', async () => {
    environment({ ROLLSYNC_TOKEN: 'tok-1' })
    const bare = bareWithPod()
    const { url, calls } = await kept(fakeGitea(bare))
    const { exit, out } = await run('--repo', url, '--back-end', 'forge', '--forge', 'gitea')
    expect([exit, bare.file('p.yaml')]).toEqual([0, pod('r.io/app:1')])
    expect(out).toContain(git(bare.path, 'rev-parse', 'main').trim().slice(0, 7))
    expect(calls.filter((one) => one.startsWith('POST /api/'))).toEqual(['POST /api/v1/repos/origin/contents'])
    expect(calls.filter((one) => one.includes('git-receive-pack'))).toEqual([])
  })

  it('says which commit came in between on a forge that looks at the changed file only', async () => {
    environment({ ROLLSYNC_TOKEN: 'tok-1' })
    const bare = bareWithPod()
    let between = ''
    const { url } = await kept(fakeGitea(bare, () => {
      between = bare.commit({ 'other.txt': '1' })
    }))
    const { exit, out } = await run('--repo', url, '--back-end', 'forge', '--forge', 'gitea')
    expect([exit, bare.file('p.yaml')]).toEqual([0, pod('r.io/app:1')])
    expect(out).toContain(`commit ${between} came in between`)
  })

  it.each([
    ['without a token', ['--forge', 'gitea'], '', 'needs a token of the forge'],
    ['on a host whose software nobody said', [], 'tok-1', 'which forge runs on'],
    ['together with --no-push', ['--forge', 'gitea', '--no-push'], 'tok-1', 'commits on the remote only'],
    ['together with --pr', ['--forge', 'gitea', '--pr'], 'tok-1', 'give one of the two'],
  ])('is refused %s, before anything is written', async (_, args, token, words) => {
    environment({ ROLLSYNC_TOKEN: token })
    const bare = bareWithPod()
    const { url } = await kept(fakeGitea(bare))
    const { exit, err } = await run('--repo', url, '--back-end', 'forge', ...args)
    expect([exit, bare.file('p.yaml')]).toEqual([2, pod('r.io/app:2')])
    expect(err).toContain(words)
    expect(err).not.toContain('tok-1')
  })
})

describe('revert with a GitHub App in the environment', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } })

  it.each([
    ['pushes', []],
    ['has the forge commit', ['--back-end', 'forge']],
    ['lets the installed git push', ['--back-end', 'git']],
  ])('%s with the token of its installation, which no message holds', async (_, args) => {
    environment({ ROLLSYNC_GITHUB_APP_ID: '7', ROLLSYNC_GITHUB_APP_PRIVATE_KEY: privateKey })
    const bare = bareWithPod()
    const { url, calls, tokens } = await kept(fakeGithub(bare, 3600))
    const { exit, out, err } = await run('--repo', url, '--forge', 'github', ...args)
    expect([exit, err.includes('rror'), bare.file('p.yaml')]).toEqual([0, false, pod('r.io/app:1')])
    expect(calls.slice(0, 2)).toEqual(['GET /api/v3/repos/origin/installation', 'POST /api/v3/app/installations/42/access_tokens'])
    expect([tokens.length, tokens.some((token) => (out + err).includes(token))]).toEqual([1, false])
  })

  it('says what is wrong with the App, in no word of its key', async () => {
    environment({ ROLLSYNC_GITHUB_APP_ID: '7', ROLLSYNC_GITHUB_APP_PRIVATE_KEY: `${privateKey.slice(0, 200)}\n-----END RSA PRIVATE KEY-----\n` })
    const bare = bareWithPod()
    const { url } = await kept(fakeGithub(bare, 3600))
    const { exit, err } = await run('--repo', url, '--forge', 'github')
    expect([exit, err.includes('private key of the GitHub App cannot be used'), err.includes(privateKey.slice(40, 60))]).toEqual([2, true, false])
  })
})
