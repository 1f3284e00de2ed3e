import { valueAt } from '@rollsync/manifests'
import type { Commit, Publication } from '../repositories/repository.ts'
import { RevertError } from '../revert-error.ts'
import { callJson, type Forge, type ForgeAccess, type Proposal, projectPath, type PullRequest } from './forge.ts'

/** GitHub and GitHub Enterprise: REST for pull requests, GraphQL's createCommitOnBranch for signed commits. */
export function github(access: ForgeAccess): Forge {
  const { protocol, host } = new URL(access.url)
  const rest = host === 'github.com' ? 'https://api.github.com' : `${protocol}//${host}/api/v3`
  const graphql = host === 'github.com' ? 'https://api.github.com/graphql' : `${protocol}//${host}/api/graphql`
  const project = projectPath(access.url)
  const owner = project.split('/')[0] ?? ''
  const headers = { authorization: `Bearer ${access.token}`, 'x-github-api-version': '2022-11-28', accept: 'application/vnd.github+json' }
  return {
    kind: 'github',
    find: async (head, base) => {
      const { body } = await callJson(access, headers, { method: 'GET', url: `${rest}/repos/${project}/pulls?state=open&head=${encodeURIComponent(`${owner}:${head}`)}&base=${encodeURIComponent(base)}` })
      return Array.isArray(body) && body.length > 0 ? pullRequest(body[0]) : undefined
    },
    labels: async (names) => names, // it makes those that it does not have
    open: async (proposal) => openPull(access, headers, `${rest}/repos/${project}`, proposal),
    commit: async (commit, branch) => {
      const { body } = await callJson(access, headers, { method: 'POST', url: graphql, body: { query: mutation, variables: { input: inputFor(commit, project, branch) } } })
      return publicationOf(body)
    },
  }
}

const mutation = 'mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }'

function inputFor({ draft, parent }: Commit, project: string, branch: string): object {
  const [headline = '', ...rest] = draft.message.split('\n')
  return {
    branch: { repositoryNameWithOwner: project, branchName: branch },
    message: { headline, body: rest.join('\n').trim() },
    expectedHeadOid: parent,
    fileChanges: { additions: draft.files.map((file) => ({ path: file.path, contents: Buffer.from(file.bytes).toString('base64') })) },
  }
}

function publicationOf(body: unknown): Publication {
  const oid = valueAt(body, '/data/createCommitOnBranch/commit/oid')
  if (typeof oid === 'string') return { outcome: 'landed', as: oid }
  const type = valueAt(body, '/errors/0/type')
  const message = String(valueAt(body, '/errors/0/message') ?? 'no answer')
  if (type === 'STALE_DATA' || /Expected branch to point to/.test(message)) return { outcome: 'lost race', detail: message }
  if (type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES') throw new RevertError('auth', `GitHub: ${message}`, { hint: 'the token needs contents: write' })
  throw new RevertError(/protected|rule violations/i.test(message) ? 'protected-branch' : 'refused', `GitHub: ${message}`, { hint: 'open a pull request instead (rollsync revert --pr)' })
}

async function openPull(access: ForgeAccess, headers: Readonly<Record<string, string>>, repository: string, { head, base, title, body, labels }: Proposal): Promise<PullRequest> {
  const opened = pullRequest((await callJson(access, headers, { method: 'POST', url: `${repository}/pulls`, body: { head, base, title, body, maintainer_can_modify: true } })).body)
  if (labels.length > 0) await callJson(access, headers, { method: 'POST', url: `${repository}/issues/${opened.number}/labels`, body: { labels } })
  return opened
}

function pullRequest(body: unknown): PullRequest {
  return { url: String(valueAt(body, '/html_url') ?? ''), number: Number(valueAt(body, '/number') ?? 0) }
}
