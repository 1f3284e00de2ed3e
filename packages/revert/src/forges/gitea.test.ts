import { type Api, type ChangeFilesOptions, type CreatePullRequestOption, type FilesResponse, giteaApi, type Label, type PullRequest } from 'gitea-js'
import { describe, expect, it } from 'vitest'
import { type Answer, type Asked, type ForgeServer, type Part } from '../../test/forge-server.ts'
import { type Call, callOf, opened, start } from '../../test/forge-case.ts'
import { git } from '../../test/git-server.ts'
import { effects, pod, type PodRepository, toFirst } from '../../test/pod-repository.ts'
import { nodeHttp } from '../node-http.ts'
import { proposeRevert } from '../propose.ts'
import { revert } from '../revert.ts'
import { forgeFor, throughForge } from './index.ts'

// Requests are held to Gitea's own Swagger description: the client that is generated from it makes the same call, and its types check the body and the replies.
// Beyond them: the words of errors (services/pull, services/repository/files, routers/api/v1/repo/file.go), and Forgejo, which describes the same calls alike.
const forgeAt = (server: ForgeServer, { repository }: PodRepository): ReturnType<typeof forgeFor> => forgeFor({ http: nodeHttp({}), url: `${server.url}/team/gitops.git`, token: 'tok-1' }, repository, 'gitea')


/** The request that the generated client makes. */
async function generated(call: (api: Api<unknown>) => Promise<unknown>): Promise<Call> {
  const server = await start(() => [200, {}])
  await call(giteaApi(server.url, { customFetch: fetch }))
  const [asked] = server.asked
  if (asked === undefined) throw new Error('the generated client asked nothing')
  return callOf(asked)
}

/** The contents API as documented, on the real repository: a file with another blob than told is refused. */
function contentsOf({ bare, head }: PodRepository, before: () => void = () => undefined): (asked: Asked) => Answer {
  return ({ body }) => {
    before()
    const { files, message } = body as ChangeFilesOptions
    for (const { path, sha } of files) if (sha !== head(path)) return [422, { message: `sha does not match [given: ${sha}, expected: ${head(path)}]`, url: 'https://gitea.example.com/api/swagger' }]
    const made: Part<FilesResponse> = { commit: { sha: bare.commit(Object.fromEntries(files.map((one) => [one.path, Buffer.from(one.content ?? '', 'base64').toString('utf8')])), message) } }
    return [201, made]
  }
}

const pull = (ref: string, number = 7): Part<PullRequest> => ({ html_url: `https://gitea.example.com/team/gitops/pulls/${number}`, number, head: { ref }, base: { ref: 'main' } })

/** Pull requests of which none is open yet, and labels page by page. */
function withLabels({ repos, orgs }: { readonly repos: readonly Part<Label[]>[]; readonly orgs: readonly Part<Label[]>[] | number }): (asked: Asked) => Answer {
  return ({ method, path, query }) => {
    if (method === 'POST') return [201, pull('x')]
    if (!path.endsWith('/labels')) return [200, []]
    const pages = path.includes('/orgs/') ? orgs : repos
    return typeof pages === 'number' ? [pages, { message: '' }] : [200, pages[Number(query['page']) - 1] ?? []]
  }
}

describe('Gitea, held to its Swagger description', () => {
  it('lands the revert by one call to the contents API', async () => {
    const made = await opened()
    const blob = made.head('p.yaml')
    const server = await start(contentsOf(made))
    const result = await revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)
    expect(result).toMatchObject({ state: 'reverted', tries: 1, commit: made.head() })
    expect(made.bare.file('p.yaml')).toBe(pod('r.io/app:1'))
    const person = { name: 'Ann', email: 'a@x' }
    const body: ChangeFilesOptions = { branch: 'main', message: result.message ?? '', files: [{ operation: 'update', path: 'p.yaml', content: Buffer.from(pod('r.io/app:1')).toString('base64'), sha: blob }], author: person, committer: person }
    expect(server.asked.map(callOf)).toEqual([await generated(async (api) => api.repos.repoChangeFiles('team', 'gitops', body))])
    expect(server.asked[0]?.headers).toMatchObject({ authorization: 'token tok-1', 'content-type': 'application/json', accept: 'application/json' })
  })

  it('plans anew when the file changed, and does not mind that another one did', async () => {
    const made = await opened()
    let others = 1
    const server = await start(contentsOf(made, () => {
      if (others-- > 0) made.bare.commit({ 'p.yaml': `# later\n${pod('r.io/app:2')}`, 'other.txt': '1' })
    }))
    expect(await revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).toMatchObject({ state: 'reverted', tries: 2 })
    expect([made.bare.file('p.yaml'), made.bare.file('other.txt')]).toEqual([`# later\n${pod('r.io/app:1')}`, '1'])
  })

  it('lands upon a commit that changed another file meanwhile, and says which', async () => {
    const made = await opened()
    let between = ''
    const server = await start(contentsOf(made, () => {
      between = made.bare.commit({ 'other.txt': '1' })
    }))
    const base = made.head()
    expect(await revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).toMatchObject({ state: 'reverted', tries: 1, base, onto: between, commit: made.head() })
    expect([made.bare.file('p.yaml'), made.bare.file('other.txt')]).toEqual([pod('r.io/app:1'), '1'])
  })

  it('says nothing of a commit in between where there is none', async () => {
    const made = await opened()
    const server = await start(contentsOf(made))
    expect(await revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).not.toHaveProperty('onto')
  })

  it('looks at the branch when the answer is 500: Gitea says so too when another writer came in between', async () => {
    const made = await opened()
    const documented = contentsOf(made)
    let others = 1
    const server = await start((asked) => {
      if (others-- <= 0) return documented(asked)
      made.bare.commit({ 'other.txt': '1' })
      return [500, { message: '' }]
    })
    expect(await revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).toMatchObject({ state: 'reverted', tries: 2 })
    expect([made.bare.file('p.yaml'), made.bare.file('other.txt')]).toEqual([pod('r.io/app:1'), '1'])
  })

  it('makes no second commit when the first one landed and the answer was lost', async () => {
    const made = await opened()
    const documented = contentsOf(made)
    const server = await start((asked) => {
      documented(asked)
      return [502, {}]
    })
    expect(await revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).toMatchObject({ state: 'already there' })
    expect([made.bare.file('p.yaml'), server.asked.length]).toEqual([pod('r.io/app:1'), 1])
  })

  it('says that the server failed where the branch stands still', async () => {
    const made = await opened()
    const server = await start(() => [500, { message: '' }])
    await expect(revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).rejects.toMatchObject({ code: 'server-error' })
    expect(server.asked).toHaveLength(1)
  })

  it.each([
    [403, 'user cannot commit to repo [user: bot]', 'protected-branch'],
    [403, 'token does not have at least one of required scope(s): [write:repository]', 'auth'],
    [423, 'repo is archived', 'refused'],
  ])('tells %d "%s" apart as %s', async (status, message, code) => {
    const made = await opened()
    const server = await start(() => [status, { message, url: '' }])
    await expect(revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).rejects.toMatchObject({ code })
  })

  it('looks for the pull request, then for the numbers of its labels, the repository\'s before the organisation\'s, and opens it with them', async () => {
    const made = await opened()
    const server = await start(withLabels({ repos: [[{ id: 3, name: 'other' }], [{ id: 5, name: 'revert' }]], orgs: [[{ id: 8, name: 'revert' }, { id: 9, name: 'canary' }]] }))
    const result = await proposeRevert(toFirst, made.repository, forgeAt(server, made), effects, { labels: ['canary', 'revert'] })
    expect(result.pullRequest).toEqual({ number: 7, url: 'https://gitea.example.com/team/gitops/pulls/7', state: 'opened' })
    const body: CreatePullRequestOption = { head: result.landedOn?.branch ?? '', base: 'main', title: 'Revert to r.io/app:1', body: 'Restores `r.io/app:1`.\n\n- `p.yaml` line 6: `r.io/app:2` → `r.io/app:1`', labels: [9, 5] }
    const labelsOf = async (page: number): Promise<Call> => generated(async (api) => api.repos.issueListLabels('team', 'gitops', { limit: 50, page }))
    const ofOrganisation = async (page: number): Promise<Call> => generated(async (api) => api.orgs.orgListLabels('team', { limit: 50, page }))
    expect(server.asked.map(callOf)).toEqual([
      await generated(async (api) => api.repos.repoListPullRequests('team', 'gitops', { state: 'open', limit: 50, page: 1 })),
      await labelsOf(1), await labelsOf(2), await labelsOf(3), await ofOrganisation(1), await ofOrganisation(2),
      await generated(async (api) => api.repos.repoCreatePullRequest('team', 'gitops', body)),
    ])
  })

  it('asks nothing about labels where there are none, nor the organisation where the repository has them all', async () => {
    const made = await opened()
    const server = await start(withLabels({ repos: [[{ id: 5, name: 'revert' }]], orgs: [] }))
    await proposeRevert(toFirst, made.repository, forgeAt(server, made), effects)
    expect(await forgeAt(server, made).labels(['revert'])).toEqual([5])
    expect(server.asked.map(({ path }) => path.split('/').at(-1))).toEqual(['pulls', 'pulls', 'labels', 'labels'])
    expect(server.asked[1]?.body).not.toHaveProperty('labels')
  })

  it.each([[404, 'the owner is a person'], [403, 'the token may not look there']])('refuses a label that it does not find, with %d from the organisation, before anything is written', async (status) => {
    const made = await opened()
    const server = await start(withLabels({ repos: [[{ id: 5, name: 'revert' }]], orgs: status }))
    const before = git(made.bare.path, 'for-each-ref')
    await expect(proposeRevert(toFirst, made.repository, forgeAt(server, made), effects, { labels: ['rveert'] })).rejects.toMatchObject({ code: 'not-found', message: 'team/gitops has no label rveert', hint: 'it has revert' })
    expect([git(made.bare.path, 'for-each-ref'), server.asked.filter(({ method }) => method === 'POST')]).toEqual([before, []])
  })

  it('finds the open pull request behind the first page, however short the server makes a page', async () => {
    const made = await opened()
    const pages = [[pull('a', 1), pull('b', 2)], [pull('c', 3), pull('wanted', 4)]]
    const server = await start(({ query }) => [200, pages[Number(query['page']) - 1] ?? []])
    const forge = forgeAt(server, made)
    expect(await forge.find('wanted', 'main')).toEqual({ number: 4, url: 'https://gitea.example.com/team/gitops/pulls/4' })
    expect(await forge.find('unknown', 'main')).toBeUndefined()
  })
})
