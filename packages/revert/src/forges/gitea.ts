import { valueAt } from '@rollsync/manifests'
import { makeObject } from '../git-objects.ts'
import type { Commit, Publication, Repository } from '../repositories/repository.ts'
import { RevertError } from '../revert-error.ts'
import { callJson, type Forge, type ForgeAccess, type Proposal, projectPath, type PullRequest } from './forge.ts'

/** Gitea and Forgejo: pull requests and the contents API of v1; a file that changed meanwhile is refused by its blob's id. */
export function gitea(access: ForgeAccess, readBlobId: (commit: string, path: string) => Promise<string | undefined>): Forge {
  const { origin } = new URL(access.url)
  const repository = `${origin}/api/v1/repos/${projectPath(access.url)}`
  const headers = { authorization: `token ${access.token}` }
  return {
    kind: 'gitea',
    find: async (head, base) => findPull(access, headers, repository, head, base),
    labels: async (names) => labelNumbers(access, headers, repository, names),
    open: async (proposal) => openPull(access, headers, repository, proposal),
    commit: async (commit, branch) => changeFiles(access, headers, repository, commit, branch, readBlobId),
  }
}

async function findPull(access: ForgeAccess, headers: Readonly<Record<string, string>>, repository: string, head: string, base: string): Promise<PullRequest | undefined> {
  for await (const one of eachOf(access, headers, `${repository}/pulls?state=open`)) {
    if (valueAt(one, '/head/ref') === head && valueAt(one, '/base/ref') === base) return pullRequest(one)
  }
  return undefined
}

/** Page by page until one is empty: the server decides how long a page is. Where there is nothing of the kind, or it may not be seen, there is none. */
async function* eachOf(access: ForgeAccess, headers: Readonly<Record<string, string>>, url: string, pass: readonly number[] = []): AsyncGenerator<unknown> {
  for (let page = 1; page <= 200; page++) {
    const { body } = await callJson(access, headers, { method: 'GET', url: `${url}${url.includes('?') ? '&' : '?'}limit=50&page=${page}`, pass })
    if (!Array.isArray(body) || body.length === 0) return
    yield* body as readonly unknown[]
  }
}

/** An old Gitea takes the numbers of labels only; a new one takes names too, and says nothing of one that it does not know (routers/api/v1/repo/issue_label.go). The repository's own go before its organisation's. */
async function labelNumbers(access: ForgeAccess, headers: Readonly<Record<string, string>>, repository: string, names: readonly string[]): Promise<readonly number[]> {
  const numbers = new Map<string, number>()
  const [owner = ''] = projectPath(access.url).split('/')
  const places = [[`${repository}/labels`, []], [`${new URL(access.url).origin}/api/v1/orgs/${owner}/labels`, [403, 404]]] as const
  for (const [url, pass] of places) {
    if (names.every((name) => numbers.has(name))) break
    for await (const one of eachOf(access, headers, url, pass)) {
      const [name, id] = [valueAt(one, '/name'), valueAt(one, '/id')]
      if (typeof name === 'string' && typeof id === 'number' && !numbers.has(name)) numbers.set(name, id)
    }
  }
  return names.map((name) => numbers.get(name) ?? unknownLabel(access, name, [...numbers.keys()]))
}

function unknownLabel(access: ForgeAccess, name: string, known: readonly string[]): never {
  const hint = known.length === 0 ? 'it shows none to this token' : `it has ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' and more' : ''}`
  throw new RevertError('not-found', `${projectPath(access.url)} has no label ${name}`, { secrets: [access.token], hint })
}

async function openPull(access: ForgeAccess, headers: Readonly<Record<string, string>>, repository: string, { head, base, title, body, labels }: Proposal): Promise<PullRequest> {
  return pullRequest((await callJson(access, headers, { method: 'POST', url: `${repository}/pulls`, body: { head, base, title, body, ...(labels.length === 0 ? {} : { labels }) } })).body)
}

/** The blob ids that the contents API wants, from a repository that is open anyway. */
export function blobIdsOf(repository: Repository): (commit: string, path: string) => Promise<string | undefined> {
  return async (commit, path) => (await repository.fileAt(commit, path))?.oid
}

async function changeFiles(access: ForgeAccess, headers: Readonly<Record<string, string>>, repository: string, { draft, parent }: Commit, branch: string, readBlobId: (commit: string, path: string) => Promise<string | undefined>): Promise<Publication> {
  const files = await Promise.all(draft.files.map(async (file) => ({ operation: 'update', path: file.path, content: Buffer.from(file.bytes).toString('base64'), sha: (await readBlobId(parent, file.path)) ?? makeObject('blob', new Uint8Array()).oid })))
  const who = (person: { readonly name: string; readonly email: string }): object => ({ name: person.name, email: person.email })
  const { status, body } = await callJson(access, headers, { method: 'POST', url: `${repository}/contents`, pass: [403, 409, 422], body: { branch, message: draft.message, files, author: who(draft.author), committer: who(draft.committer) } })
  const oid = valueAt(body, '/commit/sha')
  if (typeof oid === 'string') return { outcome: 'landed', as: oid }
  const message = String(valueAt(body, '/message') ?? status)
  if (status === 409 || /sha does not match|SHA provided|CommitIDDoesNotMatch/i.test(message)) return { outcome: 'lost race', detail: message }
  // services/repository/files/patch.go: "user cannot commit to repo" is what a protected branch answers; a token without the scope has other words.
  const code = /protected|user cannot commit/i.test(message) ? 'protected-branch' : status === 403 ? 'auth' : 'refused'
  throw new RevertError(code, `Gitea: ${message}`, { secrets: [access.token], hint: code === 'auth' ? 'may the token write to this repository?' : 'open a pull request instead (rollsync revert --pr)' })
}

function pullRequest(body: unknown): PullRequest {
  return { url: String(valueAt(body, '/html_url') ?? ''), number: Number(valueAt(body, '/number') ?? 0) }
}
