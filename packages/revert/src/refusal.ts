import { RevertError, type RevertErrorCode } from './revert-error.ts'

/** How servers say that another writer was first: git, GitHub, GitLab, JGit, isomorphic-git. */
const lostRace = /non-fast-forward|fetch first|stale info|cannot lock ref|incorrect old value provided|failed to update ref|reference already exists|failed to lock|lock failure|LOCK_FAILURE|but expected|remote ref (?:does not match|changed)|not-fast-forward|Expected branch to point to|ref(?:erence)? update (?:conflict|failed: old)/i

const terminal: readonly (readonly [RegExp, RevertErrorCode, string])[] = [
  [/protected branch|GH006|GH013|not allowed to (?:force )?push code to protected|branch is protected|repository rule violations/i, 'protected-branch', 'open a pull request instead (rollsync revert --pr), or let this account push to the branch'],
  [/pre-receive hook declined|hook declined|update hook/i, 'hook-declined', 'a hook of the server refused the commit; its own words are above'],
  [/shallow update not allowed/i, 'unsupported-repository', 'the server takes no push from a shallow clone; use the native back-end'],
  [/permission denied|denied to|not authorized|unauthorized|forbidden|authentication failed|could not read username|invalid credentials|access denied/i, 'auth', 'give a token or key that may push to this repository'],
  [/repository .*not found|does not exist|could not be found|not appear to be a git repository/i, 'not-found', 'check the URL; private repositories answer so where the token is missing'],
  [/could not resolve host|connection (?:refused|reset|timed out)|network is unreachable|unable to access|timed out/i, 'network', 'check the connection and the proxy'],
]

/** Whether a refusal means: look again and try once more. */
export function isLostRace(text: string): boolean {
  // A hook may say any of these words too; it is never a race.
  return lostRace.test(text) && !/hook declined|protected branch/i.test(text)
}

/** The error for a refusal that trying again would not change. */
export function refusalError(text: string, where: string, secrets: readonly string[] = []): RevertError {
  return terminalError(text, `${where} refused the commit`, secrets)
}

/** The error for a repository that cannot even be read. */
export function unreadableError(text: string, where: string): RevertError {
  return terminalError(text, `${where} cannot be read`, [])
}

function terminalError(text: string, what: string, secrets: readonly string[]): RevertError {
  const [, code, hint] = terminal.find(([pattern]) => pattern.test(text)) ?? [undefined, 'refused' as const, 'the words of the server say why']
  return new RevertError(code, `${what}: ${text.trim()}`, { hint, secrets })
}
