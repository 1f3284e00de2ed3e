import type { Credentials } from '../credentials.ts'
import type { Effects, Ran } from '../effects.ts'
import { makeObject, type Oid, type Signature } from '../git-objects.ts'
import { isLostRace, refusalError, unreadableError } from '../refusal.ts'
import { RevertError, redact } from '../revert-error.ts'
import { infoOf } from './local.ts'
import type { Commit, Draft, Publication, Repository, TreeFile } from './repository.ts'

/** What the installed git works on: a remote URL, through a bare clone one commit deep in a temporary folder, or a repository on this disk. */
export type NativeSource = NativeRemote | { readonly at: string }

interface NativeRemote {
  readonly url: string
  readonly credentials?: () => Promise<Credentials | undefined>
}

interface Native {
  readonly git: (args: readonly string[], more?: { readonly input?: Uint8Array; readonly env?: Readonly<Record<string, string>> }) => Promise<Ran>
  readonly name: string
  readonly source: NativeSource
  readonly ref: string
  readonly effects: Pick<Effects, 'fs' | 'random'>
}

/** A branch through the installed git: ssh, credential helpers, partial clones, SHA-256, whatever that git can do. Only this file runs it. */
export async function openNative(effects: Effects, given: NativeSource, branch: string | undefined): Promise<Repository> {
  const { run } = effects
  if (run === undefined) throw new RevertError('unsupported-repository', 'this repository needs git itself, and no program may be run here', { hint: 'use an https URL' })
  const source = 'url' in given ? withoutUserinfo(given) : given
  const name = 'url' in source ? redact(source.url) : source.at
  const gitdir = 'at' in source ? source.at : await temporaryFolder(effects)
  const git: Native['git'] = async (args, more = {}) => {
    const { env: secretEnv, secrets } = 'url' in source ? await authorization(source) : { env: {}, secrets: [] }
    // Never ask at a terminal: a pipeline would hang.
    const env = { GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: effects.env?.['GIT_SSH_COMMAND'] ?? 'ssh -o BatchMode=yes', LC_ALL: 'C', ...secretEnv, ...more.env }
    const ran = await run('git', ['--git-dir', gitdir, ...args], { env, ...(more.input === undefined ? {} : { input: more.input }) }).catch((cause: unknown) => {
      throw new RevertError('unsupported-repository', 'git cannot be run', { cause, hint: 'install git, or use an https URL' })
    })
    return { ...ran, stderr: redact(ran.stderr, secrets) }
  }
  const close = async (): Promise<void> => ('url' in source ? effects.fs.promises.rm(gitdir, { recursive: true, force: true }) : undefined)
  try {
    const main = branch ?? ('url' in source ? await mainBranch(git, source.url, name) : undefined)
    if (main === undefined) throw new RevertError('branch-missing', `${name} does not say which branch is its main one`, { hint: 'give one with --branch' })
    if ('url' in source) await succeed(git(['init', '-q', '--bare', gitdir]), name)
    return { ...methods({ git, name, source, ref: `refs/heads/${main}`, effects }), name, branch: main, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A password in a URL would stand in the process list; it goes another way. */
function withoutUserinfo(source: NativeRemote): NativeRemote {
  if (!/^https?:\/\//.test(source.url)) return source
  const url = new URL(source.url)
  if (url.username === '' && url.password === '') return source
  const credentials = { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  url.username = ''
  url.password = ''
  return { url: url.href, credentials: async () => credentials }
}

/** Credentials as a header that git reads from its environment, for this host only. */
async function authorization({ url, credentials: source }: NativeRemote): Promise<{ readonly env: Readonly<Record<string, string>>; readonly secrets: readonly string[] }> {
  const credentials = /^https?:\/\//.test(url) ? await source?.() : undefined
  if (credentials === undefined) return { env: {}, secrets: [] }
  const basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')
  const env = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraHeader`, GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}` }
  return { env, secrets: [credentials.password, basic] }
}

/** What the user's credential helper knows of a host (`git credential fill`); undefined where there is no git, no helper, or no answer. It is never asked at a terminal. */
export async function helperCredentials({ run }: Pick<Effects, 'run'>, url: string): Promise<Credentials | undefined> {
  const { protocol, host, pathname } = new URL(url)
  const input = `protocol=${protocol.slice(0, -1)}\nhost=${host}\npath=${pathname.slice(1)}\n\n`
  const ran = await run?.('git', ['credential', 'fill'], { input: Buffer.from(input), env: { GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: 'false', SSH_ASKPASS: 'false', LC_ALL: 'C' } }).catch(() => undefined)
  if (ran === undefined || ran.code !== 0) return undefined
  const lines = Buffer.from(ran.stdout).toString('utf8').split('\n')
  const value = (key: string): string | undefined => lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1)
  const password = value('password')
  return password === undefined ? undefined : { username: value('username') ?? '', password }
}

async function temporaryFolder({ fs, env, random }: Effects): Promise<string> {
  const folder = `${env?.['TMPDIR'] ?? '/tmp'}/rollsync-${Math.trunc(random() * 1e15).toString(36)}`
  await fs.promises.mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

async function mainBranch(git: Native['git'], url: string, name: string): Promise<string | undefined> {
  const listed = await succeed(git(['ls-remote', '--symref', url, 'HEAD']), name)
  return /^ref: refs\/heads\/(\S+)\s+HEAD/m.exec(listed)?.[1]
}

async function succeed(running: Promise<Ran>, name: string): Promise<string> {
  const { code, stdout, stderr } = await running
  if (code !== 0) throw unreadableError(stderr, name)
  return Buffer.from(stdout).toString('utf8')
}

type Methods = Pick<Repository, 'tip' | 'files' | 'read' | 'readMany' | 'fileAt' | 'info' | 'commit' | 'publish' | 'branchOff'>

function methods(native: Native): Methods {
  const { git, name, ref, source } = native
  const readMany = async (oids: readonly Oid[]): Promise<readonly Uint8Array[]> => batch(await git(['cat-file', '--batch'], { input: Buffer.from(`${oids.join('\n')}\n`) }), oids, name)
  const read = async (oid: Oid): Promise<Uint8Array> => (await readMany([oid]))[0] ?? new Uint8Array()
  const list = async (args: readonly string[]): Promise<readonly TreeFile[]> => treeFiles(await succeed(git(['ls-tree', '-r', '-z', '--full-tree', ...args]), name))
  return {
    tip: async () => newest(native),
    files: async (commit) => list([commit]),
    read,
    readMany: async (oids) => (oids.length === 0 ? [] : readMany(oids)),
    fileAt: async (commit, path) => (await list([commit, '--', path])).find((one) => one.path === path),
    info: async (commit) => {
      const known = await read(commit).catch(() => undefined)
      if (known !== undefined || 'at' in source) return infoOf(commit, known)
      await git(['fetch', '-q', '--deepen=50', source.url, ref])
      return infoOf(commit, await read(commit).catch(() => undefined))
    },
    commit: async (draft) => makeCommit(native, draft, read),
    publish: async (commit) => publish(native, commit),
    branchOff: async (commit, branch) => branchOff(native, commit, branch),
  }
}

async function newest({ git, name, source, ref }: Native): Promise<Oid> {
  if ('at' in source) {
    const { code, stdout } = await git(['rev-parse', '--verify', '-q', ref])
    if (code !== 0) throw new RevertError('branch-missing', `${name} has no branch ${ref.slice(11)}`, { hint: 'give one with --branch' })
    return Buffer.from(stdout).toString('utf8').trim()
  }
  const { code, stderr } = await git(['fetch', '-q', '--depth=1', source.url, `+${ref}:refs/rollsync/tip`])
  if (code !== 0) throw /couldn't find remote ref/.test(stderr) ? new RevertError('branch-missing', `${name} has no branch ${ref.slice(11)}`, { hint: 'give one with --branch' }) : unreadableError(stderr, name)
  return (await succeed(git(['rev-parse', 'refs/rollsync/tip']), name)).trim()
}

function treeFiles(listed: string): readonly TreeFile[] {
  return listed.split('\0').flatMap((line) => {
    const [, mode = '', type = '', oid = '', path = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t([^]*)$/.exec(line) ?? []
    return type === 'blob' ? [{ path, mode, oid }] : []
  })
}

function batch({ code, stdout, stderr }: Ran, oids: readonly Oid[], name: string): readonly Uint8Array[] {
  if (code !== 0) throw unreadableError(stderr, name)
  const bytes = Buffer.from(stdout)
  let at = 0
  return oids.map((oid) => {
    const line = bytes.indexOf(10, at)
    const size = Number(/ (\d+)$/.exec(bytes.toString('latin1', at, line))?.[1] ?? Number.NaN)
    if (Number.isNaN(size)) throw new RevertError('not-found', `${name} lacks the object ${oid}`)
    at = line + 1 + size + 1
    return bytes.subarray(line + 1, line + 1 + size)
  })
}

/** hash-object, a temporary index, commit-tree: git's own objects in the repository's own format, signed if the user's config says so. */
async function makeCommit(native: Native, draft: Draft, read: (oid: Oid) => Promise<Uint8Array>): Promise<Commit> {
  const { git, name, effects } = native
  const folder = (await succeed(git(['rev-parse', '--absolute-git-dir']), name)).trim()
  const index = `${folder}/rollsync-index-${Math.trunc(effects.random() * 1e15).toString(36)}`
  try {
    const tree = await editedTree(native, draft, { GIT_INDEX_FILE: index })
    const signs = Buffer.from((await git(['config', '--bool', 'commit.gpgSign'])).stdout).toString('utf8').trim() === 'true'
    const args = ['commit-tree', tree, '-p', draft.parent, ...(signs ? ['-S'] : [])]
    const oid = (await succeed(git(args, { input: Buffer.from(draft.message), env: { ...person('AUTHOR', draft.author), ...person('COMMITTER', draft.committer) } }), name)).trim()
    return { oid, parent: draft.parent, objects: [makeObject('commit', await read(oid))], draft }
  } finally {
    await effects.fs.promises.rm(index, { force: true })
  }
}

async function editedTree({ git, name }: Native, draft: Draft, env: Readonly<Record<string, string>>): Promise<Oid> {
  await succeed(git(['read-tree', draft.parent], { env }), name)
  const entries: string[] = []
  for (const file of draft.files) {
    const [listed] = treeFiles(await succeed(git(['ls-tree', '-z', '--full-tree', draft.parent, '--', file.path]), name))
    if (listed === undefined) throw new RevertError('not-found', `${file.path} is no longer in the tree`)
    const oid = (await succeed(git(['hash-object', '-w', '--stdin'], { input: file.bytes }), name)).trim()
    entries.push(`${listed.mode} ${oid} 0\t${file.path}\0`)
  }
  await succeed(git(['update-index', '-z', '--index-info'], { env, input: Buffer.from(entries.join('')) }), name)
  return (await succeed(git(['write-tree', '--missing-ok'], { env }), name)).trim()
}

function person(role: 'AUTHOR' | 'COMMITTER', who: Signature): Readonly<Record<string, string>> {
  const minutes = Math.abs(who.offset)
  const zone = `${who.offset < 0 ? '-' : '+'}${String(Math.trunc(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`
  return { [`GIT_${role}_NAME`]: who.name, [`GIT_${role}_EMAIL`]: who.email, [`GIT_${role}_DATE`]: `${who.timestamp} ${zone}` }
}

async function publish({ git, name, source, ref }: Native, commit: Commit): Promise<Publication> {
  if ('at' in source) {
    const { code, stderr } = await git(['update-ref', '-m', 'rollsync revert', ref, commit.oid, commit.parent])
    return code === 0 ? { outcome: 'landed' } : refused(stderr, name)
  }
  const { code, stdout, stderr } = await git(['push', '--porcelain', `--force-with-lease=${ref}:${commit.parent}`, source.url, `${commit.oid}:${ref}`])
  return code === 0 ? { outcome: 'landed' } : refused(`${Buffer.from(stdout).toString('utf8')}\n${stderr}`, name)
}

async function branchOff({ git, name, source }: Native, commit: Commit, branch: string): Promise<'created' | 'exists'> {
  const ref = `refs/heads/${branch}`
  const { code, stdout, stderr } = 'at' in source ? await git(['update-ref', ref, commit.oid, '']) : await git(['push', '--porcelain', `--force-with-lease=${ref}:`, source.url, `${commit.oid}:${ref}`])
  if (code === 0) return 'created'
  return refused(`${Buffer.from(stdout).toString('utf8')}\n${stderr}`, name).outcome === 'landed' ? 'created' : 'exists'
}

function refused(said: string, name: string): Publication {
  if (isLostRace(said)) return { outcome: 'lost race', detail: said.trim().split('\n')[0] ?? '' }
  throw refusalError(said, name)
}

