import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ChangedFile } from '@rollsync/policy'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'

const run = promisify(execFile)

/** Files that differ from a commit, untracked ones among them, named from the working directory; of those outside of it, names that begin with `../`. */
export async function changedSince(ref: string, io: Io): Promise<readonly ChangedFile[]> {
  if (ref.startsWith('-')) throw new CliError('USAGE', `--changed-since ${ref}: that is no commit`, { hint: 'a branch, a tag or a commit, such as origin/main' })
  const git = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await run('git', [...args], { cwd: io.cwd, maxBuffer: 1 << 28 })
    return stdout.split('\0').filter((name) => name !== '')
  }
  try {
    const [base = ''] = await git('merge-base', ref, 'HEAD').catch(() => [ref])
    const up = ((await git('rev-parse', '--show-cdup'))[0] ?? '').trim()
    const inside = ((await git('rev-parse', '--show-prefix'))[0] ?? '').trim()
    const differing = (...filter: readonly string[]): Promise<readonly string[]> => git('diff', '--name-only', '--no-renames', ...filter, '-z', base.trim(), '--')
    const gone = new Set(await differing('--diff-filter=D'))
    const untracked = await git('ls-files', '--others', '--exclude-standard', '--full-name', '-z')
    const added = new Set([...(await differing('--diff-filter=A')), ...untracked])
    const names = [...new Set([...(await differing()), ...untracked])].sort()
    const before = await textsAt(base.trim(), names.filter((name) => !added.has(name) && !name.includes('\n') && /\.(?:ya?ml|json)$/i.test(name)), io)
    return names.map((name) => ({ file: name.startsWith(inside) ? name.slice(inside.length) : `${up}${name}`, is: gone.has(name) ? 'gone' : 'here', ...(before.has(name) ? { before: before.get(name) ?? '' } : {}) }))
  } catch (cause) {
    const said = (cause as { readonly stderr?: string }).stderr?.trim().split('\n')[0] ?? String(cause)
    throw new CliError('NOT_FOUND', `--changed-since ${ref}: git cannot tell what changed: ${said}`, { hint: 'in CI the commit must have been fetched: fetch-depth: 0', cause })
  }
}

/** What files held at a commit, read by one git: paths may be as many as a release has. */
async function textsAt(commit: string, names: readonly string[], io: Io): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  if (names.length === 0) return texts
  const asking = run('git', ['cat-file', '--batch'], { cwd: io.cwd, maxBuffer: 1 << 30, encoding: 'buffer' })
  asking.child.stdin?.end(names.map((name) => `${commit}:${name}\n`).join(''))
  const { stdout } = await asking
  let at = 0
  for (const name of names) {
    const end = stdout.indexOf(10, at)
    const [, , size] = stdout.toString('utf8', at, end).split(' ')
    at = end + 1
    if (size === undefined || !/^\d+$/.test(size)) continue
    texts.set(name, stdout.toString('utf8', at, at + Number(size)))
    at += Number(size) + 1
  }
  return texts
}
