import { type CredentialSource, credentialSource, type Effects, type Forge, forgeFor, type Opened, openRepository, throughForge } from '@rollsync/revert'
import { CliError } from '../exit.ts'

/** The options that say where the manifests are and how a commit gets there. */
export interface ManifestsOptions {
  readonly repo: string
  readonly branch?: string
  /** `local`: on the branch of the repository on this disk only. */
  readonly land: 'local' | 'remote'
  readonly backEnd?: 'built-in' | 'git' | 'forge'
  readonly forge?: Forge['kind']
}

/** Opens the repository as the options want it: with `--back-end forge` it is read as ever, and its commits are made by the forge. */
export async function openManifests({ repo, branch, land, backEnd, forge }: ManifestsOptions, effects: Effects, credentials: CredentialSource): Promise<Opened> {
  const through = backEnd === 'forge' ? 'built-in' : backEnd
  const opened = await openRepository({ repo, land, credentials, ...(branch === undefined ? {} : { branch }), ...(through === undefined ? {} : { backEnd: through }) }, effects)
  return backEnd === 'forge' ? { ...opened, repository: throughForge(opened.repository, await forgeBehind(opened, effects, credentials, { flag: '--back-end forge', ...(forge === undefined ? {} : { forge }) })) } : opened
}

/** The credentials of the environment, kept for as long as the command runs. */
export function credentialsOf(effects: Effects, { forge, pr }: { readonly forge?: Forge['kind']; readonly pr?: boolean }): CredentialSource {
  return credentialSource(effects, { pullRequests: pr === true ? 'opened' : 'none', ...(forge === undefined ? {} : { forge }) })
}

/** The forge at the repository's URL, with a token that is asked for before each call; `flag` is what wants it. */
export async function forgeBehind({ repository, url }: Opened, { http }: Effects, credentials: CredentialSource, { flag, forge }: { readonly flag: string; readonly forge?: Forge['kind'] }): Promise<Forge> {
  if (url === undefined) throw new CliError('USAGE', `${flag} needs a remote on a forge`, { hint: 'give the repository\'s http(s) URL with --repo' })
  const token = async (): Promise<string> => {
    const known = (await credentials(url))?.password
    if (known === undefined) throw new CliError('USAGE', `${flag} needs a token of the forge`, { hint: 'set ROLLSYNC_TOKEN (or GITHUB_TOKEN, GITLAB_TOKEN), or ROLLSYNC_GITHUB_APP_ID and its key' })
    return known
  }
  await token()
  return forgeFor({ http, url, token }, repository, forge)
}
