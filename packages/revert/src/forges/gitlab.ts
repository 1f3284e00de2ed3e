import { valueAt } from '@rollsync/manifests'
import type { Commit, Publication } from '../repositories/repository.ts'
import { RevertError } from '../revert-error.ts'
import { callJson, type Forge, type ForgeAccess, projectPath, type PullRequest } from './forge.ts'

/** GitLab: merge requests and the commits API of v4; a file that changed meanwhile is refused by its last commit's id. */
export function gitlab(access: ForgeAccess): Forge {
  const { origin } = new URL(access.url)
  const project = `${origin}/api/v4/projects/${encodeURIComponent(projectPath(access.url))}`
  const headers = { authorization: `Bearer ${access.token}` }
  return {
    kind: 'gitlab',
    find: async (head, base) => {
      const { body } = await callJson(access, headers, { method: 'GET', url: `${project}/merge_requests?state=opened&source_branch=${encodeURIComponent(head)}&target_branch=${encodeURIComponent(base)}` })
      return Array.isArray(body) && body.length > 0 ? mergeRequest(body[0]) : undefined
    },
    labels: async (names) => names, // it makes those that it does not have
    open: async ({ head, base, title, body, labels }) => {
      const request = { source_branch: head, target_branch: base, title, description: body, labels: labels.join(','), remove_source_branch: true }
      return mergeRequest((await callJson(access, headers, { method: 'POST', url: `${project}/merge_requests`, body: request })).body)
    },
    commit: async (commit, branch) => commitFiles(access, headers, project, commit, branch),
  }
}

async function commitFiles(access: ForgeAccess, headers: Readonly<Record<string, string>>, project: string, { draft, parent }: Commit, branch: string): Promise<Publication> {
  const actions = await Promise.all(draft.files.map(async (file) => {
    const { body } = await callJson(access, headers, { method: 'GET', url: `${project}/repository/files/${encodeURIComponent(file.path)}?ref=${parent}` })
    const last = valueAt(body, '/last_commit_id')
    // gitlab-org/gitlab#438657: an id that is no commit of the repository is passed over, and with it the whole condition.
    if (typeof last !== 'string' || last === '') throw new RevertError('server-error', `GitLab does not say which commit last changed ${file.path}`, { secrets: [access.token], hint: 'push with git, or open a merge request instead (rollsync revert --pr)' })
    return { action: 'update', file_path: file.path, content: Buffer.from(file.bytes).toString('base64'), encoding: 'base64', last_commit_id: last }
  }))
  const { status, body } = await callJson(access, headers, {
    method: 'POST', url: `${project}/repository/commits`, pass: [400],
    body: { branch, commit_message: draft.message, actions, author_name: draft.author.name, author_email: draft.author.email },
  })
  const oid = valueAt(body, '/id')
  if (typeof oid === 'string') return { outcome: 'landed', as: oid }
  const message = String(valueAt(body, '/message') ?? status)
  if (/has changed since you started editing|reference update|could not update|incorrect old value/i.test(message)) return { outcome: 'lost race', detail: message }
  throw new RevertError(/not allowed to push|protected/i.test(message) ? 'protected-branch' : 'refused', `GitLab: ${message}`, { secrets: [access.token], hint: 'open a merge request instead (rollsync revert --pr)' })
}

function mergeRequest(body: unknown): PullRequest {
  return { url: String(valueAt(body, '/web_url') ?? ''), number: Number(valueAt(body, '/iid') ?? 0) }
}
