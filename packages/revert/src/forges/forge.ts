import type { Http } from '../effects.ts'
import type { Commit, Publication } from '../repositories/repository.ts'
import { RevertError } from '../revert-error.ts'

/** A pull or merge request to be opened. */
export interface Proposal {
  readonly head: string
  readonly base: string
  readonly title: string
  readonly body: string
  /** As the forge takes them: names, or numbers. */
  readonly labels: readonly (string | number)[]
}

export interface PullRequest {
  readonly url: string
  readonly number: number
}

/** What a forge's API does for a revert. `commit` has the forge make the commit (and sign it), on the condition that nothing changed meanwhile. */
export interface Forge {
  readonly kind: 'github' | 'gitlab' | 'gitea'
  readonly find: (head: string, base: string) => Promise<PullRequest | undefined>
  /** What the forge takes for labels of these names; throws for one that it neither has nor makes. */
  readonly labels: (names: readonly string[]) => Promise<readonly (string | number)[]>
  readonly open: (proposal: Proposal) => Promise<PullRequest>
  readonly commit: (commit: Commit, branch: string) => Promise<Publication>
}

export interface ForgeAccess {
  readonly http: Http
  /** The repository's URL, as for git. */
  readonly url: string
  readonly token: string
}

/** One call of a JSON API; answers that are no success become a RevertError without the token, unless `pass` lists their status. */
export async function callJson(access: ForgeAccess, headers: Readonly<Record<string, string>>, request: { readonly method: 'GET' | 'POST' | 'PUT'; readonly url: string; readonly body?: unknown; readonly pass?: readonly number[] }): Promise<{ readonly status: number; readonly body: unknown }> {
  const { host } = new URL(request.url)
  const secrets = [access.token]
  const response = await access.http({
    method: request.method,
    url: request.url,
    headers: { accept: 'application/json', 'user-agent': 'rollsync', ...headers, ...(request.body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(request.body === undefined ? {} : { body: Buffer.from(JSON.stringify(request.body)) }),
  }).catch((cause: unknown) => {
    throw new RevertError('network', `${host} cannot be reached`, { cause, secrets })
  })
  const text = Buffer.from(response.body).toString('utf8')
  const body = parsed(text)
  if ((response.status >= 200 && response.status < 300) || request.pass?.includes(response.status) === true) return { status: response.status, body }
  const code = response.status === 401 || response.status === 403 ? 'auth' : response.status === 404 ? 'not-found' : response.status >= 500 ? 'server-error' : 'refused'
  throw new RevertError(code, `${host} answered ${response.status}: ${text.slice(0, 300)}`, { secrets, hint: code === 'auth' || code === 'not-found' ? 'may the token write to this repository?' : 'the words of the forge say why' })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** `owner/name` of a repository's URL; groups of GitLab may be deep. */
export function projectPath(url: string): string {
  return decodeURIComponent(new URL(url).pathname).replace(/^\/+|\/+$/g, '').replace(/\.git$/, '')
}
