import { createSign } from 'node:crypto'
import { valueAt } from '@rollsync/manifests'
import type { Effects, FileSystem } from '../effects.ts'
import { RevertError } from '../revert-error.ts'
import { callJson, projectPath } from './forge.ts'

/** A GitHub App: its id (or client id) and its private key in PEM. The installation is looked up by the repository where it is not given. */
export interface GithubApp {
  readonly appId: string
  readonly privateKey: string
  readonly installationId?: string
}

interface Token {
  readonly text: string
  /** From then on it is not given out any more. */
  readonly until: number
}

/** Five minutes before GitHub ends it: a push that has begun may take some. */
const early = 5 * 60_000

/** The App's tokens for a repository: made when one is asked for, kept in memory, made anew before the hour is over that GitHub gives each. They are good for this repository and what a revert needs there. */
export function githubAppTokens(app: GithubApp, effects: Pick<Effects, 'http' | 'now'>, pullRequests: 'opened' | 'none' = 'none'): (url: string) => Promise<string> {
  const kept = new Map<string, Token>()
  return async (url) => {
    const known = kept.get(url)
    if (known !== undefined && effects.now().getTime() < known.until) return known.text
    const made = await makeToken(app, url, effects, pullRequests)
    kept.set(url, made)
    return made.text
  }
}

async function makeToken(app: GithubApp, url: string, effects: Pick<Effects, 'http' | 'now'>, pullRequests: 'opened' | 'none'): Promise<Token> {
  const { protocol, host } = new URL(url)
  const rest = host === 'github.com' ? 'https://api.github.com' : `${protocol}//${host}/api/v3`
  const project = projectPath(url)
  const token = jsonWebToken(app, effects.now())
  const access = { http: effects.http, url, token }
  const headers = { authorization: `Bearer ${token}`, 'x-github-api-version': '2022-11-28', accept: 'application/vnd.github+json' }
  const asApp = async (request: Parameters<typeof callJson>[2]): Promise<unknown> => (await callJson(access, headers, request).catch((cause: unknown) => refusedApp(app, project, cause))).body
  const installation = app.installationId ?? String(valueAt(await asApp({ method: 'GET', url: `${rest}/repos/${project}/installation` }), '/id') ?? '')
  const permissions = { contents: 'write', ...(pullRequests === 'opened' ? { pull_requests: 'write' } : {}) }
  const answer = await asApp({ method: 'POST', url: `${rest}/app/installations/${installation}/access_tokens`, body: { repositories: [project.split('/')[1] ?? project], permissions } })
  const text = valueAt(answer, '/token')
  const ends = Date.parse(String(valueAt(answer, '/expires_at') ?? ''))
  if (typeof text !== 'string' || Number.isNaN(ends)) throw new RevertError('auth', `${host} gave the GitHub App no token`, { secrets: [token] })
  return { text, until: ends - early }
}

/** What GitHub refuses an App for, as a person can mend it; its own words stay. */
function refusedApp({ appId }: GithubApp, project: string, cause: unknown): never {
  if (!(cause instanceof RevertError)) throw cause
  const hint = cause.code === 'not-found' ? `is the App installed on ${project}?`
    : cause.code === 'auth' ? 'is ROLLSYNC_GITHUB_APP_ID the App of this private key, and is the clock right?'
    : cause.code === 'refused' ? `the installation needs the repository ${project}, and its permission Contents: write (and Pull requests: write for --pr)` : undefined
  if (hint === undefined) throw cause
  throw new RevertError('auth', `GitHub App ${appId}: ${cause.message}`, { hint, cause })
}

/** RS256 over the App's id; issued a minute ago, because clocks differ, and good for nine. */
function jsonWebToken({ appId, privateKey }: GithubApp, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: seconds - 60, exp: seconds + 540, iss: appId })}`
  try {
    return `${head}.${createSign('RSA-SHA256').update(head).sign(privateKey, 'base64url')}`
  } catch {
    // No cause: a parser's words may quote what it was given.
    throw new RevertError('auth', 'the private key of the GitHub App cannot be used', { hint: 'give the PEM file that GitHub made' })
  }
}

/** The App that the environment names, or none. Throws a RevertError where it names half of one. */
export async function githubAppIn(env: Readonly<Record<string, string | undefined>>, fs: FileSystem): Promise<GithubApp | undefined> {
  const given = (part: string): string | undefined => (env[`ROLLSYNC_GITHUB_APP_${part}`]?.trim() ?? '') || undefined
  const [appId, installationId, text, file] = [given('ID'), given('INSTALLATION_ID'), given('PRIVATE_KEY'), given('PRIVATE_KEY_FILE')]
  if ([appId, installationId, text, file].every((one) => one === undefined)) return undefined
  if (appId === undefined) throw new RevertError('auth', 'the GitHub App has no id', { hint: 'set ROLLSYNC_GITHUB_APP_ID: its App ID or client ID, from its settings page' })
  if (text === undefined && file === undefined) throw new RevertError('auth', 'the GitHub App has no private key', { hint: 'set ROLLSYNC_GITHUB_APP_PRIVATE_KEY_FILE, or ROLLSYNC_GITHUB_APP_PRIVATE_KEY to the text of the file' })
  if (text !== undefined && file !== undefined) throw new RevertError('auth', 'the GitHub App has two private keys', { hint: 'set ROLLSYNC_GITHUB_APP_PRIVATE_KEY or ROLLSYNC_GITHUB_APP_PRIVATE_KEY_FILE, not both' })
  if (installationId !== undefined && !/^\d+$/.test(installationId)) throw new RevertError('auth', 'ROLLSYNC_GITHUB_APP_INSTALLATION_ID is no number', { hint: 'it is the number at the end of the URL of the installation; without it, it is looked up' })
  // Stores of CI secrets often hold one line, with \n for its ends.
  const privateKey = text?.replaceAll('\\n', '\n') ?? (await keyIn(file ?? '', fs))
  return { appId, privateKey, ...(installationId === undefined ? {} : { installationId }) }
}

async function keyIn(file: string, fs: FileSystem): Promise<string> {
  return fs.promises.readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new RevertError('auth', `ROLLSYNC_GITHUB_APP_PRIVATE_KEY_FILE: ${file} cannot be read (${cause.code ?? 'no reason given'})`, { hint: 'it is the PEM file that GitHub made' })
  })
}
