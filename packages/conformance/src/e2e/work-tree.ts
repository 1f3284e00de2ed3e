import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** The one branch of every repository here. */
export const branch = 'main'

/** As nobody in particular, with no settings of whoever runs it: a signing key, a hook, or the repository of the hook that this runs in is none of ours. */
export function git(cwd: string, ...args: readonly string[]): string {
  const identity = { GIT_AUTHOR_NAME: 'dev', GIT_AUTHOR_EMAIL: 'dev@example.com', GIT_COMMITTER_NAME: 'dev', GIT_COMMITTER_EMAIL: 'dev@example.com', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  const outside = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))
  return execFileSync('git', args, { cwd, encoding: 'utf8', env: { ...Object.fromEntries(outside), ...identity } }).trim()
}

/** Makes an empty bare repository below `place`, and of the folder `tree` a work tree that pushes to it. Returns the bare one's path. */
export function initWorkTree(place: string, tree: string): string {
  const bare = join(place, 'origin.git')
  git(place, 'init', '--quiet', '--bare', '--initial-branch', branch, bare)
  git(tree, 'init', '--quiet', '--initial-branch', branch)
  git(tree, 'remote', 'add', 'origin', bare)
  return bare
}

/** Someone else may have pushed. */
export function pull(tree: string): void {
  git(tree, 'pull', '--quiet', '--rebase', 'origin', branch)
}

/** Commits the tree as it is, changed or not, and pushes. */
export function push(tree: string, message: string): void {
  git(tree, 'add', '-A')
  git(tree, 'commit', '--quiet', '--allow-empty', '-m', message)
  git(tree, 'push', '--quiet', 'origin', branch)
}
