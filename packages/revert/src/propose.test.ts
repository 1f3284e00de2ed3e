import { afterEach, describe, expect, it } from 'vitest'
import { type Bare, git, makeBare } from '../test/git-server.ts'
import type { Http, HttpRequest } from './effects.ts'
import type { Forge } from './forges/forge.ts'
import { forgeFor } from './forges/index.ts'
import { forgeKind } from './forges/kind.ts'
import { nodeEffects } from './node-effects.ts'
import { openRepository } from './open-repository.ts'
import { proposeRevert } from './propose.ts'
import type { Repository } from './repositories/repository.ts'
import type { RevertOptions } from './revert.ts'
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

/** A forge under its public name, which no local server has; the tests beside each forge speak to one over the wire. `seen` holds every request. */
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

describe('forgeFor', () => {
  it('knows a forge by its host, and asks where it does not', async () => {
    expect([forgeKind('https://github.com/a/b'), forgeKind('https://gitlab.acme.org/a/b'), forgeKind('https://git.acme.org/a/b'), forgeKind('https://notgithub.com/x/y')]).toEqual(['github', 'gitlab', undefined, undefined])
    const { repository } = await opened()
    expect(() => forgeFor({ http: effects.http, url: 'https://git.acme.org/a/b', token: 't' }, repository)).toThrow(expect.objectContaining({ code: 'unsupported-repository' }))
  })
})
