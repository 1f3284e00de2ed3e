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
    open: async (proposal) => openPull(access, headers, repository, proposal),
    commit: async (commit, branch) => changeFiles(access, headers, repository, commit, branch, readBlobId),
  }
}

/** Page by page until one is empty: the server decides how long a page is. */
async function findPull(access: ForgeAccess, headers: Readonly<Record<string, string>>, repository: string, head: string, base: string): Promise<PullRequest | undefined> {
  for (let page = 1; page <= 200; page++) {
    const { body } = await callJson(access, headers, { method: 'GET', url: `${repository}/pulls?state=open&limit=50&page=${page}` })
    if (!Array.isArray(body) || body.length === 0) return undefined
    const found = body.find((one: unknown) => valueAt(one, '/head/ref') === head && valueAt(one, '/base/ref') === base) as unknown
    if (found !== undefined) return pullRequest(found)
  }
  return undefined
}

/** Labels go in a call of their own: with the pull request Gitea takes their numbers only. */
async function openPull(access: ForgeAccess, headers: Readonly<Record<string, string>>, repository: string, { head, base, title, body, labels }: Proposal): Promise<PullRequest> {
  const opened = pullRequest((await callJson(access, headers, { method: 'POST', url: `${repository}/pulls`, body: { head, base, title, body } })).body)
  if (labels.length > 0) await callJson(access, headers, { method: 'POST', url: `${repository}/issues/${opened.number}/labels`, body: { labels } })
  return opened
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
  throw new RevertError(code, `Gitea: ${message}`, { secrets: [access.token], hint: code === 'auth' ? 'may the token write to this repository?' : 'open a pull request instead (--pr)' })
}

function pullRequest(body: unknown): PullRequest {
  return { url: String(valueAt(body, '/html_url') ?? ''), number: Number(valueAt(body, '/number') ?? 0) }
}
