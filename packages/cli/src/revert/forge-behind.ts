import { credentialsFor, type Effects, type Forge, forgeFor, type Opened } from '@rollsync/revert'
import { CliError } from '../exit.ts'

/** The forge at the repository's URL, with the token from the environment; `flag` is what asked for it. */
export function forgeBehind({ repository, url }: Opened, { env, http }: Effects, flag: string, kind?: Forge['kind']): Forge {
  if (url === undefined) throw new CliError('USAGE', `${flag} needs a remote on a forge`, { hint: 'give the repository\'s http(s) URL with --repo' })
  const token = credentialsFor(url, env ?? {})?.password
  if (token === undefined) throw new CliError('USAGE', `${flag} needs a token of the forge`, { hint: 'set ROLLSYNC_TOKEN (or GITHUB_TOKEN, GITLAB_TOKEN)' })
  return forgeFor({ http, url, token }, repository, kind)
}
