import { Gitlab, type CommitAction, type ExpandedCommitSchema, type MergeRequestSchema, type RepositoryFileExpandedSchema } from '@gitbeaker/rest'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { git } from '../../test/git-server.ts'
import { type Answer, type Asked, type ForgeServer, type Part } from '../../test/forge-server.ts'
import { type Call, callOf, opened, start } from '../../test/forge-case.ts'
import { effects, pod, type PodRepository, toFirst } from '../../test/pod-repository.ts'
import { nodeHttp } from '../node-http.ts'
import { proposeRevert } from '../propose.ts'
import { revert } from '../revert.ts'
import { forgeFor, throughForge } from './index.ts'

// GitLab publishes its OpenAPI description in no package. The client that is used most, written by others after the same documentation, is the witness in its
// place: it makes the same calls, and its types check the replies. Beyond it: the words of errors (app/services/files/multi_service.rb).
const forgeAt = (server: ForgeServer, { repository }: PodRepository): ReturnType<typeof forgeFor> => forgeFor({ http: nodeHttp({}), url: `${server.url}/group/sub/gitops.git`, token: 'tok-1' }, repository, 'gitlab')

/** What the witness encodes beyond what is needed means the same. */
const plainPath = ([method, path, query, body]: Call): Call => [method, path.replaceAll('%2E', '.'), query, body]

/** The request that the other client makes. */
async function witnessed(reply: unknown, call: (api: InstanceType<typeof Gitlab>) => Promise<unknown>): Promise<Call> {
  const server = await start(() => [200, reply])
  await call(new Gitlab({ host: server.url, token: 'x' }))
  const [asked] = server.asked
  if (asked === undefined) throw new Error('the other client asked nothing')
  return plainPath(callOf(asked))
}

interface Sent {
  readonly commit_message: string
  readonly actions: readonly { readonly file_path: string; readonly content: string; readonly last_commit_id: string }[]
}

/** The files and commits API as documented, on the real repository: a file whose last commit is another one is refused. */
function commitsOf({ bare }: PodRepository, before: () => void = () => undefined): (asked: Asked) => Answer {
  const lastCommit = (ref: string, path: string): string => git(bare.path, 'log', '-1', '--format=%H', ref, '--', path).trim()
  return ({ method, path, query, body }) => {
    if (method === 'GET') {
      const file: Part<RepositoryFileExpandedSchema> = { last_commit_id: lastCommit(query['ref'] ?? '', decodeURIComponent(path.split('/').at(-1) ?? '')) }
      return [200, file]
    }
    before()
    const { actions, commit_message } = body as Sent
    const changed = actions.find((one) => one.last_commit_id !== lastCommit('main', one.file_path))
    if (changed !== undefined) return [400, { message: `You are attempting to update a file \`${changed.file_path}\` that has changed since you started editing it.` }]
    const made: Part<ExpandedCommitSchema> = { id: bare.commit(Object.fromEntries(actions.map((one) => [one.file_path, Buffer.from(one.content, 'base64').toString('utf8')])), commit_message) }
    return [201, made]
  }
}

describe('GitLab, beside another client', () => {
  it('reads nothing that a reply may leave out', () => {
    expectTypeOf<ExpandedCommitSchema>().toExtend<{ id: string }>()
    expectTypeOf<MergeRequestSchema>().toExtend<{ iid: number; web_url: string }>()
    expectTypeOf<RepositoryFileExpandedSchema>().toExtend<{ last_commit_id: string }>()
  })

  it('lands the revert by the commits API, each file with the last commit that touched it', async () => {
    const made = await opened()
    const last = made.head()
    made.bare.commit({ 'other.txt': '1' })
    const base = made.head()
    const server = await start(commitsOf(made))
    const result = await revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)
    expect(result).toMatchObject({ state: 'reverted', tries: 1, commit: made.head() })
    expect(made.bare.file('p.yaml')).toBe(pod('r.io/app:1'))
    const action: CommitAction = { action: 'update', filePath: 'p.yaml', content: Buffer.from(pod('r.io/app:1')).toString('base64'), encoding: 'base64', lastCommitId: last }
    expect(server.asked.map(callOf).map(plainPath)).toEqual([
      await witnessed({}, async (api) => api.RepositoryFiles.show('group/sub/gitops', 'p.yaml', base)),
      await witnessed({}, async (api) => api.Commits.create('group/sub/gitops', 'main', result.message ?? '', [action], { authorName: 'Ann', authorEmail: 'a@x' })),
    ])
    expect(server.asked[1]?.headers).toMatchObject({ authorization: 'Bearer tok-1', 'content-type': 'application/json' })
  })

  it('plans anew when the file changed, and does not mind that another one did', async () => {
    const made = await opened()
    let others = 1
    const server = await start(commitsOf(made, () => {
      if (others-- > 0) made.bare.commit({ 'p.yaml': `# later\n${pod('r.io/app:2')}`, 'other.txt': '1' })
    }))
    expect(await revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).toMatchObject({ state: 'reverted', tries: 2 })
    expect([made.bare.file('p.yaml'), made.bare.file('other.txt')]).toEqual([`# later\n${pod('r.io/app:1')}`, '1'])
  })

  it.each([
    [400, 'You are not allowed to push into this branch', 'protected-branch'],
    [400, 'A file with this name doesn\'t exist', 'refused'],
    [403, '403 Forbidden', 'auth'],
  ])('tells %d "%s" apart as %s', async (status, message, code) => {
    const made = await opened()
    const server = await start(({ method }) => (method === 'GET' ? [200, { last_commit_id: made.head() }] : [status, { message }]))
    await expect(revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).rejects.toMatchObject({ code })
  })

  it('sends no condition that GitLab would pass over', async () => {
    const made = await opened()
    const server = await start(({ method }) => (method === 'GET' ? [200, {}] : [201, { id: 'e'.repeat(40) }]))
    await expect(revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).rejects.toMatchObject({ code: 'server-error' })
    expect(server.asked.map(({ method }) => method)).toEqual(['GET'])
  })

  it('looks for the merge request and opens it with its labels', async () => {
    const made = await opened()
    const open: Part<MergeRequestSchema> = { iid: 7, web_url: 'https://gitlab.example.com/group/sub/gitops/-/merge_requests/7' }
    const server = await start(({ method }) => (method === 'GET' ? [200, []] : [201, open]))
    const result = await proposeRevert(toFirst, made.repository, forgeAt(server, made), effects, { labels: ['revert', 'canary'] })
    expect(result.pullRequest).toEqual({ number: 7, url: open.web_url, state: 'opened' })
    const branch = result.landedOn?.branch ?? ''
    const description = 'Restores `r.io/app:1`.\n\n- `p.yaml` line 6: `r.io/app:2` → `r.io/app:1`'
    expect(server.asked.map(callOf).map(plainPath)).toEqual([
      await witnessed([], async (api) => api.MergeRequests.all({ projectId: 'group/sub/gitops', state: 'opened', sourceBranch: branch, targetBranch: 'main' })),
      await witnessed({}, async (api) => api.MergeRequests.create('group/sub/gitops', branch, 'main', 'Revert to r.io/app:1', { description, labels: 'revert,canary', removeSourceBranch: true })),
    ])
  })
})
