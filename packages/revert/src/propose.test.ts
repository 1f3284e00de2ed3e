import { afterEach, describe, expect, it } from 'vitest'
import { type Bare, git, makeBare } from '../test/git-server.ts'
import type { Http, HttpRequest } from './effects.ts'
import type { Forge } from './forges/forge.ts'
import { forgeFor, forgeKind, throughForge } from './forges/index.ts'
import { nodeEffects } from './node-effects.ts'
import { openRepository } from './open-repository.ts'
import { proposeRevert } from './propose.ts'
import type { Repository } from './repositories/repository.ts'
import { revert, type RevertOptions } from './revert.ts'
import type { RevertError } from './revert-error.ts'

const effects = { ...nodeEffects(), sleep: async (): Promise<void> => undefined }
const cleanups: (() => unknown)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean()
})

const pod = (image: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: "${image}"}\n`
const options: RevertOptions = { to: 'r.io/app:1', until: 'commit', author: { name: 'Ann', email: 'a@x' } }

async function opened(): Promise<{ bare: Bare; repository: Repository }> {
  const bare = makeBare({ 'p.yaml': pod('r.io/app:2') })
  cleanups.push(bare.remove)
  return { bare, repository: (await openRepository({ repo: bare.path, land: 'remote' }, effects)).repository }
}

type Answer = readonly [status: number, body: unknown]

/** A forge that answers as its API documents it; `seen` holds every request. */
function fakeForge(kind: Forge['kind'], repository: Repository, answer: (request: HttpRequest, body: unknown) => Answer): { forge: Forge; seen: { method: string; url: string; body: unknown; headers: Readonly<Record<string, string>> }[] } {
  const seen: { method: string; url: string; body: unknown; headers: Readonly<Record<string, string>> }[] = []
  const http: Http = async (request) => {
    const body: unknown = request.body === undefined ? undefined : JSON.parse(Buffer.from(request.body).toString('utf8'))
    seen.push({ method: request.method, url: request.url, body, headers: request.headers })
    const [status, reply] = answer(request, body)
    return { status, url: request.url, headers: {}, body: Buffer.from(JSON.stringify(reply)) }
  }
  const url = { github: 'https://github.com/team/gitops.git', gitlab: 'https://gitlab.example.com/group/sub/gitops.git', gitea: 'https://codeberg.org/team/gitops' }[kind]
  return { forge: forgeFor({ http, url, token: 'tok-secret-1' }, repository), seen }
}

const pulls: readonly (readonly [Forge['kind'], string, string, object, object])[] = [
  ['github', 'https://api.github.com/repos/team/gitops/pulls?state=open&head=team%3A', 'https://api.github.com/repos/team/gitops/pulls', { html_url: 'https://github.com/team/gitops/pull/7', number: 7 }, { base: 'main', title: 'Revert to r.io/app:1' }],
  ['gitlab', 'https://gitlab.example.com/api/v4/projects/group%2Fsub%2Fgitops/merge_requests?state=opened&source_branch=', 'https://gitlab.example.com/api/v4/projects/group%2Fsub%2Fgitops/merge_requests', { web_url: 'https://gitlab.example.com/7', iid: 7 }, { target_branch: 'main', remove_source_branch: true }],
  ['gitea', 'https://codeberg.org/api/v1/repos/team/gitops/pulls?state=open', 'https://codeberg.org/api/v1/repos/team/gitops/pulls', { html_url: 'https://codeberg.org/7', number: 7 }, { base: 'main' }],
]

describe.each(pulls)('proposeRevert on %s', (kind, findUrl, openUrl, reply, wanted) => {
  it('puts the commit on a branch of its own and opens one request for it', async () => {
    const { bare, repository } = await opened()
    const before = git(bare.path, 'rev-parse', 'main')
    const { forge, seen } = fakeForge(kind, repository, (request) => (request.method === 'GET' ? [200, []] : [201, reply]))
    const result = await proposeRevert(options, repository, forge, effects, { labels: kind === 'github' ? ['revert'] : [] })
    expect(result).toMatchObject({ state: 'reverted', pullRequest: { number: 7, state: 'opened' } })
    expect(git(bare.path, 'rev-parse', 'main')).toBe(before)
    const branch = result.landedOn?.branch ?? ''
    expect(branch).toMatch(/^rollsync\/revert-to-app-1-[0-9a-f]{10}$/)
    expect(git(bare.path, 'show', `${branch}:p.yaml`)).toBe(pod('r.io/app:1'))
    expect(seen[0]?.url.startsWith(findUrl)).toBe(true)
    expect(seen[1]).toMatchObject({ method: 'POST', url: openUrl, body: wanted })
    expect(Object.values(seen[1]?.headers ?? {}).some((value) => value.endsWith('tok-secret-1'))).toBe(true)
    if (kind === 'github') expect(seen[2]).toMatchObject({ url: 'https://api.github.com/repos/team/gitops/issues/7/labels', body: { labels: ['revert'] } })
    const again = fakeForge(kind, repository, (request) => (request.method === 'GET' ? [200, [{ ...reply, head: { ref: branch }, base: { ref: 'main' } }]] : [500, {}]))
    expect(await proposeRevert(options, repository, again.forge, effects)).toMatchObject({ state: 'planned', pullRequest: { number: 7, state: 'was open' } })
    const halfway = fakeForge(kind, repository, (request) => (request.method === 'GET' ? [200, []] : [201, reply]))
    expect(await proposeRevert(options, repository, halfway.forge, effects)).toMatchObject({ pullRequest: { state: 'opened' } })
  })

  it('says what the forge said, without the token', async () => {
    const { repository } = await opened()
    const { forge } = fakeForge(kind, repository, () => [403, { message: 'no: tok-secret-1' }])
    const error = (await proposeRevert(options, repository, forge, effects).catch((reason: unknown) => reason)) as RevertError
    expect(error.code).toBe('auth')
    expect(`${error.message} ${error.stack ?? ''}`).not.toContain('tok-secret-1')
  })
})

describe('commits made by the forge', () => {
  it('GitHub: the expected head is the base, and a stale head is a lost race', async () => {
    const { bare, repository } = await opened()
    const base = git(bare.path, 'rev-parse', 'main').trim()
    let calls = 0
    const { forge, seen } = fakeForge('github', repository, () => (calls++ === 0 ? [200, { errors: [{ type: 'STALE_DATA', message: 'Expected branch to point to "x" but it did not. Pull and try again.' }] }] : [200, { data: { createCommitOnBranch: { commit: { oid: 'f'.repeat(40) } } } }]))
    expect(await revert(options, throughForge(repository, forge), effects)).toMatchObject({ state: 'reverted', tries: 2, commit: 'f'.repeat(40) })
    expect(seen[1]?.body).toMatchObject({ variables: { input: { branch: { repositoryNameWithOwner: 'team/gitops', branchName: 'main' }, expectedHeadOid: base, message: { headline: 'Revert to r.io/app:1' }, fileChanges: { additions: [{ path: 'p.yaml', contents: Buffer.from(pod('r.io/app:1')).toString('base64') }] } } } })
  })

  it('GitLab: each file goes with the last commit that touched it', async () => {
    const { repository } = await opened()
    let posts = 0
    const { forge, seen } = fakeForge('gitlab', repository, (request) => {
      if (request.method === 'GET') return [200, { last_commit_id: 'abc' }]
      return posts++ === 0 ? [400, { message: 'You are attempting to update a file that has changed since you started editing it.' }] : [201, { id: 'e'.repeat(40) }]
    })
    expect(await revert(options, throughForge(repository, forge), effects)).toMatchObject({ state: 'reverted', tries: 2, commit: 'e'.repeat(40) })
    expect(seen.at(-1)?.body).toMatchObject({ branch: 'main', actions: [{ action: 'update', file_path: 'p.yaml', last_commit_id: 'abc', encoding: 'base64' }], author_email: 'a@x' })
  })

  it('Gitea: each file goes with its blob', async () => {
    const { bare, repository } = await opened()
    const blob = git(bare.path, 'rev-parse', 'main:p.yaml').trim()
    const { forge, seen } = fakeForge('gitea', repository, () => [201, { commit: { sha: 'd'.repeat(40) } }])
    expect(await revert(options, throughForge(repository, forge), effects)).toMatchObject({ state: 'reverted', commit: 'd'.repeat(40) })
    expect(seen[0]?.body).toMatchObject({ branch: 'main', files: [{ operation: 'update', path: 'p.yaml', sha: blob }] })
    const refusing = fakeForge('gitea', repository, () => [422, { message: 'branch is protected' }])
    expect(await revert(options, throughForge(repository, refusing.forge), effects).catch((error: unknown) => (error as RevertError).code)).toBe('protected-branch')
  })

  it('knows a forge by its host, and asks where it does not', async () => {
    expect([forgeKind('https://github.com/a/b'), forgeKind('https://gitlab.acme.org/a/b'), forgeKind('https://git.acme.org/a/b'), forgeKind('https://notgithub.com/x/y')]).toEqual(['github', 'gitlab', undefined, undefined])
    const { repository } = await opened()
    expect(() => forgeFor({ http: effects.http, url: 'https://git.acme.org/a/b', token: 't' }, repository)).toThrow(expect.objectContaining({ code: 'unsupported-repository' }))
  })
})
