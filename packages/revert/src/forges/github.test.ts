import { generateKeyPairSync } from 'node:crypto'
import type { paths } from '@octokit/openapi-types'
import { schema as published } from '@octokit/graphql-schema'
import { buildSchema, graphql, GraphQLError, parse, validate } from 'graphql'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { type Answer, type Asked, type ForgeServer, type Part } from '../../test/forge-server.ts'
import { opened, start } from '../../test/forge-case.ts'
import { effects, pod, type PodRepository, toFirst } from '../../test/pod-repository.ts'
import { nodeHttp } from '../node-http.ts'
import { proposeRevert } from '../propose.ts'
import { revert } from '../revert.ts'
import { githubAppTokens } from './github-app.ts'
import { forgeFor, throughForge } from './index.ts'

// Requests and replies are held to GitHub's own schemas: GraphQL by executing the request against it, REST by the types made from its OpenAPI description,
// which the type checker compares with what a test expects on the wire. Beyond them: the `type` of a GraphQL error, and the words of its messages.
interface Json<Body> { readonly content: { readonly 'application/json': Body } }
type BodyOf<T> = NonNullable<T> extends Json<infer Body> ? Body : never
type Pulls = paths['/repos/{owner}/{repo}/pulls']
type Labels = paths['/repos/{owner}/{repo}/issues/{issue_number}/labels']['post']
type Tokens = paths['/app/installations/{installation_id}/access_tokens']['post']

// As published it defines two fields of an unrelated type twice.
const schema = buildSchema(published.idl, { assumeValidSDL: true })
const forgeAt = (server: ForgeServer, { repository }: PodRepository): ReturnType<typeof forgeFor> => forgeFor({ http: nodeHttp({}), url: `${server.url}/team/gitops.git`, token: 'tok-1' }, repository, 'github')

interface Input {
  readonly branch: { readonly repositoryNameWithOwner: string; readonly branchName: string }
  readonly message: { readonly headline: string; readonly body?: string }
  readonly expectedHeadOid: string
  readonly fileChanges: { readonly additions: readonly { readonly path: string; readonly contents: string }[] }
}

/** createCommitOnBranch as documented, on the real repository; a stale head is refused in GitHub's words. */
function graphqlOf({ bare, head }: PodRepository, before: () => void = () => undefined): (asked: Asked) => Promise<Answer> {
  const createCommitOnBranch = ({ input }: { input: Input }): object => {
    before()
    if (input.expectedHeadOid !== head()) throw new GraphQLError(`Expected branch to point to "${input.expectedHeadOid}" but it did not. Pull and try again.`, { extensions: { type: 'STALE_DATA' } })
    const files = Object.fromEntries(input.fileChanges.additions.map(({ path, contents }) => [path, Buffer.from(contents, 'base64').toString('utf8')]))
    return { commit: { oid: bare.commit(files, `${input.message.headline}\n\n${input.message.body ?? ''}`) } }
  }
  return async ({ path, body }) => {
    if (path !== '/api/graphql') return [404, { message: 'Not Found' }]
    const { query, variables } = body as { query: string; variables: Record<string, unknown> }
    const { data, errors } = await graphql({ schema, source: query, variableValues: variables, rootValue: { createCommitOnBranch } })
    return [200, { data, ...(errors === undefined ? {} : { errors: errors.map((error) => ({ ...error.extensions, ...error.toJSON() })) }) }]
  }
}

describe('GitHub, held to its GraphQL schema', () => {
  it('lands the revert by createCommitOnBranch, its message and file whole', async () => {
    const made = await opened()
    const before = made.head()
    const server = await start(graphqlOf(made))
    const result = await revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)
    expect(result).toMatchObject({ state: 'reverted', tries: 1, commit: made.head() })
    expect(made.bare.file('p.yaml')).toBe(pod('r.io/app:1'))
    expect(server.asked).toHaveLength(1)
    const [asked] = server.asked
    expect(asked?.headers).toMatchObject({ authorization: 'Bearer tok-1', 'content-type': 'application/json', 'user-agent': 'rollsync' })
    const [headline = '', ...rest] = (result.message ?? '').split('\n')
    const input: Input = {
      branch: { repositoryNameWithOwner: 'team/gitops', branchName: 'main' },
      message: { headline, body: rest.join('\n').trim() },
      expectedHeadOid: before,
      fileChanges: { additions: [{ path: 'p.yaml', contents: Buffer.from(pod('r.io/app:1')).toString('base64') }] },
    }
    expect(asked?.body).toEqual({ query: expect.stringContaining('createCommitOnBranch'), variables: { input } })
    expect(rest.join('\n')).toContain('Restored-Image: r.io/app:1')
  })

  it('plans anew on the new tip when the head was stale', async () => {
    const made = await opened()
    let others = 1
    const server = await start(graphqlOf(made, () => {
      if (others-- > 0) made.bare.commit({ 'other.txt': '1' })
    }))
    expect(await revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).toMatchObject({ state: 'reverted', tries: 2 })
    expect([made.bare.file('p.yaml'), made.bare.file('other.txt')]).toEqual([pod('r.io/app:1'), '1'])
  })

  it('would notice a document or an input that GitHub does not know', async () => {
    expect(validate(schema, parse('mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { sha } } }'))).toHaveLength(1)
    const made = await opened()
    const answer = graphqlOf(made)
    const query = 'mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }'
    const ask = async (input: object): Promise<Answer> => answer({ method: 'POST', path: '/api/graphql', query: {}, headers: {}, body: { query, variables: { input } } })
    const right = { branch: { repositoryNameWithOwner: 'a/b', branchName: 'main' }, message: { headline: 'x' }, expectedHeadOid: made.head(), fileChanges: { additions: [] } }
    expect((await ask({ ...right, expectedHead: 'x' }))[1]).toMatchObject({ errors: [{ message: expect.stringContaining('expectedHead') }] })
    expect((await ask({ ...right, message: {} }))[1]).toMatchObject({ errors: [{ message: expect.stringContaining('headline') }] })
  })
})

describe('GitHub, in its own words', () => {
  it.each([
    ['FORBIDDEN', 'Resource not accessible by integration', 'auth'],
    ['UNPROCESSABLE', 'Repository rule violations found: changes must be made through a pull request', 'protected-branch'],
    ['NOT_FOUND', 'Could not resolve to a Repository', 'refused'],
  ])('tells %s "%s" apart as %s', async (type, message, code) => {
    const made = await opened()
    const server = await start(() => [200, { data: { createCommitOnBranch: null }, errors: [{ type, message }] }])
    await expect(revert(toFirst, throughForge(made.repository, forgeAt(server, made)), effects)).rejects.toMatchObject({ code })
  })
})

describe('GitHub, held to its OpenAPI description', () => {
  it('reads nothing that a reply may leave out', () => {
    expectTypeOf<BodyOf<Pulls['post']['responses'][201]>>().toExtend<{ html_url: string; number: number }>()
    expectTypeOf<BodyOf<Pulls['get']['responses'][200]>[number]>().toExtend<{ html_url: string; number: number }>()
    expectTypeOf<BodyOf<Tokens['responses'][201]>>().toExtend<{ token: string; expires_at: string }>()
    expectTypeOf<BodyOf<paths['/repos/{owner}/{repo}/installation']['get']['responses'][200]>>().toExtend<{ id: number | bigint }>()
  })

  it('looks for the pull request, opens it and labels it', async () => {
    const made = await opened()
    const open: Part<BodyOf<Pulls['post']['responses'][201]>> = { html_url: 'https://github.example.com/team/gitops/pull/7', number: 7, state: 'open' }
    const list: Part<BodyOf<Pulls['get']['responses'][200]>> = []
    const labelled: Part<BodyOf<Labels['responses'][200]>> = [{ name: 'revert' }]
    const server = await start(({ method, path }) => (method === 'GET' ? [200, list] : path.endsWith('/labels') ? [200, labelled] : [201, open]))
    const result = await proposeRevert(toFirst, made.repository, forgeAt(server, made), effects, { labels: ['revert'] })
    expect(result.pullRequest).toEqual({ number: 7, url: 'https://github.example.com/team/gitops/pull/7', state: 'opened' })
    const branch = result.landedOn?.branch ?? ''
    const query: NonNullable<Pulls['get']['parameters']['query']> = { state: 'open', head: `team:${branch}`, base: 'main' }
    const body: BodyOf<Pulls['post']['requestBody']> = { head: branch, base: 'main', title: 'Revert to r.io/app:1', body: 'Restores `r.io/app:1`.\n\n- `p.yaml` line 6: `r.io/app:2` → `r.io/app:1`', maintainer_can_modify: true }
    const labels: BodyOf<Labels['requestBody']> = { labels: ['revert'] }
    expect(server.asked.map(({ method, path, query: asked, body: sent }) => [method, path, asked, sent])).toEqual([
      ['GET', '/api/v3/repos/team/gitops/pulls', query, undefined],
      ['POST', '/api/v3/repos/team/gitops/pulls', {}, body],
      ['POST', '/api/v3/repos/team/gitops/issues/7/labels', {}, labels],
    ])
    for (const { headers } of server.asked) expect(headers).toMatchObject({ authorization: 'Bearer tok-1', accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' })
  })

  it('asks for the token of an App with no more rights than it needs', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } })
    const installation: Part<BodyOf<paths['/repos/{owner}/{repo}/installation']['get']['responses'][200]>> = { id: 42 }
    const token: Part<BodyOf<Tokens['responses'][201]>> = { token: 'ghs_x', expires_at: '2126-01-01T01:00:00Z' }
    const server = await start(({ method }) => (method === 'GET' ? [200, installation] : [201, token]))
    expect(await githubAppTokens({ appId: '7', privateKey }, effects, 'opened')(`${server.url}/team/gitops.git`)).toBe('ghs_x')
    const body: BodyOf<Tokens['requestBody']> = { repositories: ['gitops'], permissions: { contents: 'write', pull_requests: 'write' } }
    expect(server.asked.map(({ method, path, body: sent }) => [method, path, sent])).toEqual([
      ['GET', '/api/v3/repos/team/gitops/installation', undefined],
      ['POST', '/api/v3/app/installations/42/access_tokens', body],
    ])
  })
})
