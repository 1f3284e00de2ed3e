import { type Api, type ChangeFilesOptions, type CreatePullRequestOption, type FilesResponse, giteaApi, type IssueLabelsOption, type Label, type PullRequest } from 'gitea-js'
import { afterEach, describe, expect, it } from 'vitest'
import { type Answer, type Asked, type ForgeServer, type Part, serveForge } from '../../test/forge-server.ts'
import { effects, pod, type PodRepository, podRepository, toFirst } from '../../test/pod-repository.ts'
import { nodeHttp } from '../node-http.ts'
import { proposeRevert } from '../propose.ts'
import { revert } from '../revert.ts'
import { forgeFor, throughForge } from './index.ts'

// Requests are held to Gitea's own Swagger description: the client that is generated from it makes the same call, and its types check the body and the replies.
// Beyond them: the words of errors (services/pull, services/repository/files, routers/api/v1/repo/file.go), and Forgejo, which describes the same calls alike.
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean()
})

async function start(answer: (asked: Asked) => Answer | Promise<Answer>): Promise<ForgeServer> {
  const server = await serveForge(answer)
  cleanups.push(server.close)
  return server
}

async function opened(): Promise<PodRepository> {
  const made = await podRepository()
  cleanups.push(made.bare.remove)
  return made
}

const forgeAt = (server: ForgeServer, { repository }: PodRepository): ReturnType<typeof forgeFor> => forgeFor({ http: nodeHttp({}), url: `${server.url}/team/gitops.git`, token: 'tok-1' }, repository, 'gitea')

type Call = readonly [method: string, path: string, query: Readonly<Record<string, string>>, body: unknown]
const callOf = ({ method, path, query, body }: Asked): Call => [method, path, query, body]

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

  it('looks for the pull request, opens it and labels it', async () => {
    const made = await opened()
    const labelled: Part<Label[]> = [{ name: 'revert' }]
    const server = await start(({ method, path }) => (method === 'GET' ? [200, []] : path.endsWith('/labels') ? [200, labelled] : [201, pull('x')]))
    const result = await proposeRevert(toFirst, made.repository, forgeAt(server, made), effects, { labels: ['revert'] })
    expect(result.pullRequest).toEqual({ number: 7, url: 'https://gitea.example.com/team/gitops/pulls/7', state: 'opened' })
    const body: CreatePullRequestOption = { head: result.landedOn?.branch ?? '', base: 'main', title: 'Revert to r.io/app:1', body: 'Restores `r.io/app:1`.\n\n- `p.yaml` line 6: `r.io/app:2` → `r.io/app:1`' }
    const labels: IssueLabelsOption = { labels: ['revert'] }
    expect(server.asked.map(callOf)).toEqual([
      await generated(async (api) => api.repos.repoListPullRequests('team', 'gitops', { state: 'open', limit: 50, page: 1 })),
      await generated(async (api) => api.repos.repoCreatePullRequest('team', 'gitops', body)),
      await generated(async (api) => api.repos.issueAddLabel('team', 'gitops', 7, labels)),
    ])
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
