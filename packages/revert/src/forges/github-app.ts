import { createSign } from 'node:crypto'
import { valueAt } from '@rollsync/manifests'
import type { Effects } from '../effects.ts'
import { RevertError } from '../revert-error.ts'
import { callJson, projectPath } from './forge.ts'

/** A GitHub App: its id (or client id) and its private key in PEM. The installation is looked up by the repository where it is not given. */
export interface GithubApp {
  readonly appId: string
  readonly privateKey: string
  readonly installationId?: string
}

/** A token of the App's installation on the repository, good for an hour, for this repository and for contents and pull requests only. */
export async function githubAppToken(app: GithubApp, url: string, effects: Pick<Effects, 'http' | 'now'>): Promise<string> {
  const { protocol, host } = new URL(url)
  const rest = host === 'github.com' ? 'https://api.github.com' : `${protocol}//${host}/api/v3`
  const project = projectPath(url)
  const token = jsonWebToken(app, effects.now())
  const access = { http: effects.http, url, token }
  const headers = { authorization: `Bearer ${token}`, 'x-github-api-version': '2022-11-28', accept: 'application/vnd.github+json' }
  const installation = app.installationId ?? String(valueAt((await callJson(access, headers, { method: 'GET', url: `${rest}/repos/${project}/installation` })).body, '/id') ?? '')
  const body = { repositories: [project.split('/')[1] ?? project], permissions: { contents: 'write', pull_requests: 'write' } }
  const answer = await callJson(access, headers, { method: 'POST', url: `${rest}/app/installations/${installation}/access_tokens`, body })
  const made = valueAt(answer.body, '/token')
  if (typeof made !== 'string') throw new RevertError('auth', `${host} gave the App no token`, { secrets: [token] })
  return made
}

/** RS256 over the App's id; issued a minute ago, because clocks differ, and good for nine. */
function jsonWebToken({ appId, privateKey }: GithubApp, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: seconds - 60, exp: seconds + 540, iss: appId })}`
  try {
    return `${head}.${createSign('RSA-SHA256').update(head).sign(privateKey, 'base64url')}`
  } catch (cause) {
    throw new RevertError('auth', 'the private key of the GitHub App cannot be used', { cause, hint: 'give the PEM file that GitHub made' })
  }
}
