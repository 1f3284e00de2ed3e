import type { Effects } from './effects.ts'
import type { Forge } from './forges/forge.ts'
import { githubAppIn, githubAppTokens } from './forges/github-app.ts'
import { forgeKind } from './forges/kind.ts'
import { RevertError } from './revert-error.ts'

/** Who asks, for servers that want to know. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/** The credentials for a URL as they are good at this moment; asked before each request, because some live for an hour only. */
export type CredentialSource = (url: string) => Promise<Credentials | undefined>

export interface CredentialWish {
  /** Which software runs on the remote, where its name does not say. */
  readonly forge?: Forge['kind']
  /** `opened`: a GitHub App's token must also be good for pull requests. */
  readonly pullRequests?: 'opened' | 'none'
}

type Env = Readonly<Record<string, string | undefined>>

/** The credentials that the environment gives: ROLLSYNC_TOKEN for any host, a GitHub App for GitHub, else what the host's own CI and tools use. Throws a RevertError for an App that is not whole. */
export function credentialSource(effects: Pick<Effects, 'env' | 'fs' | 'http' | 'now'>, wish: CredentialWish = {}): CredentialSource {
  const env = effects.env ?? {}
  let tokens: Promise<((url: string) => Promise<string>) | undefined> | undefined
  return async (url) => {
    if (!URL.canParse(url) || new URL(url).username !== '') return undefined
    const own = ownToken(env)
    if (own !== undefined) return own
    tokens ??= githubAppIn(env, effects.fs).then((app) => (app === undefined ? undefined : githubAppTokens(app, effects, wish.pullRequests)))
    const app = await tokens
    const kind = app === undefined ? undefined : isGithubServer(url, env) ? 'github' : wish.forge ?? forgeKind(url)
    if (app !== undefined && kind === 'github') return { username: 'x-access-token', password: await app(url) }
    const known = credentialsFor(url, env)
    if (app !== undefined && known === undefined && kind === undefined) {
      throw new RevertError('auth', `a GitHub App is given, and whether ${new URL(url).host} is a GitHub is not known`, { hint: 'say so with --forge github, or take ROLLSYNC_GITHUB_APP_ID away' })
    }
    return known
  }
}

/** The token for a host from the environment: ROLLSYNC_TOKEN for any, else what the host's own CI and tools use. */
export function credentialsFor(url: string, env: Env): Credentials | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname, username } = new URL(url)
  if (username !== '') return undefined
  const own = ownToken(env)
  if (own !== undefined) return own
  const github = given(env, 'GITHUB_TOKEN') ?? given(env, 'GH_TOKEN')
  if (github !== undefined && (hostname === 'github.com' || isGithubServer(url, env))) return { username: 'x-access-token', password: github }
  const gitlab = given(env, 'GITLAB_TOKEN')
  if (gitlab !== undefined && (hostname === 'gitlab.com' || hostname === given(env, 'CI_SERVER_HOST'))) return { username: 'oauth2', password: gitlab }
  const job = given(env, 'CI_JOB_TOKEN')
  if (job !== undefined && hostname === given(env, 'CI_SERVER_HOST')) return { username: 'gitlab-ci-token', password: job }
  return undefined
}

function ownToken(env: Env): Credentials | undefined {
  const own = given(env, 'ROLLSYNC_TOKEN')
  return own === undefined ? undefined : { username: given(env, 'ROLLSYNC_USERNAME') ?? 'x-access-token', password: own }
}

/** Whether the job runs on the GitHub that the URL names. */
function isGithubServer(url: string, env: Env): boolean {
  const server = given(env, 'GITHUB_SERVER_URL')
  return server !== undefined && URL.canParse(server) && new URL(server).hostname === new URL(url).hostname
}

function given(env: Env, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name]
}
