import { type Credentials, type CredentialSource, credentialSource } from './credentials.ts'
import type { Effects } from './effects.ts'
import type { Person } from './git-objects.ts'
import { configValue } from './git-config.ts'
import { openHttp } from './repositories/http.ts'
import { currentBranch, findLocal, type LocalPaths, openLocal } from './repositories/local.ts'
import { helperCredentials, openNative } from './repositories/native.ts'
import { textOf } from './repositories/refs.ts'
import { defaultPerson, type Repository } from './repositories/repository.ts'
import type { RevertResult } from './revert.ts'
import { RevertError } from './revert-error.ts'
import { type Settled, settleCheckout } from './work-tree.ts'

/** Which repository, and how far the commit shall go. `branch`: the one of the checkout, or the remote's main one, where not given. */
export interface OpenOptions {
  readonly repo: string
  readonly branch?: string
  /** `local` commits on the branch of the repository on this disk; `remote` on the branch of the remote that it tracks. */
  readonly land: 'local' | 'remote'
  /** `git` runs the installed git for everything (ssh, credential helpers, partial clones); `built-in` needs none. Chosen by the URL where not given. */
  readonly backEnd?: 'built-in' | 'git'
  /** Asked anew for each request; what the environment gives where left out. */
  readonly credentials?: CredentialSource
}

/** An open repository; `settle` brings the user's own checkout up to a commit that landed. */
export interface Opened {
  readonly repository: Repository
  /** The http(s) URL of the repository that is written to, where it has one: a forge may stand behind it. */
  readonly url?: string
  readonly settle: (result: RevertResult) => Promise<Settled | undefined>
}

/** Opens a URL or a folder: a bare repository is written to directly; from a checkout the way leads to its remote, so that unpushed work never goes along. */
export async function openRepository(options: OpenOptions, effects: Effects): Promise<Opened> {
  const path = options.repo.startsWith('file://') ? decodeURIComponent(new URL(options.repo).pathname) : options.repo
  if (isRemoteUrl(path)) return { repository: await openRemote(path, options.branch, options, effects), ...webUrl(path), settle: async () => undefined }
  const paths = await findLocal(effects, await absolute(effects, path))
  if (paths === undefined) throw new RevertError('not-found', `${path} is in no Git repository`, { hint: 'give a clone or a URL with --repo' })
  const branch = options.branch ?? (await currentBranch(effects, paths))
  if (branch === undefined) throw new RevertError('branch-missing', `${path} has no branch checked out`, { hint: 'give one with --branch' })
  const remote = paths.worktree === undefined || options.land === 'local' ? undefined : await remoteOf(effects, paths, branch)
  const repository = remote === undefined ? await openHere(paths, branch, options, effects) : await openAt(remote.url, branch, paths, options, effects)
  return { repository, ...(remote === undefined ? {} : webUrl(remote.url)), settle: async (result) => settle(effects, paths, branch, result, remote?.name) }
}

function webUrl(url: string): { readonly url?: string } {
  return /^https?:\/\//.test(url) ? { url } : {}
}

function isRemoteUrl(text: string): boolean {
  return /^(https?|ssh|git|git\+ssh):\/\//.test(text) || /^[\w.-]+@[\w.-]+:(?!\/\/)/.test(text)
}

async function absolute({ fs }: Effects, path: string): Promise<string> {
  return fs.promises.realpath(path).catch(() => {
    throw new RevertError('not-found', `${path} does not exist`, { hint: 'give a clone or a URL with --repo' })
  })
}

async function openHere(paths: LocalPaths, branch: string, options: OpenOptions, effects: Effects): Promise<Repository> {
  if (options.backEnd === 'git') return openNative(effects, { at: paths.gitdir }, branch)
  return openLocal(effects, paths, branch).catch(async (error: unknown) => {
    if (!(error instanceof RevertError) || error.code !== 'unsupported-repository' || options.backEnd === 'built-in' || effects.run === undefined) throw error
    return openNative(effects, { at: paths.gitdir }, branch)
  })
}

async function openRemote(url: string, branch: string | undefined, options: OpenOptions, effects: Effects): Promise<Repository> {
  if (url.includes('://') && !URL.canParse(url)) throw new RevertError('not-found', `${url} is no URL`, { hint: 'odd characters in it are written as %XX' })
  if (!/^https?:\/\//.test(url)) return openNative(effects, { url }, branch)
  const source = options.credentials ?? credentialSource(effects)
  const known = async (): Promise<Credentials | undefined> => source(url)
  if (options.backEnd === 'git') return openNative(effects, { url, ...((await known()) === undefined ? {} : { credentials: known }) }, branch)
  if ((await known()) !== undefined) return openHttp(effects, url, branch, known)
  return openHttp(effects, url, branch, new URL(url).username === '' ? await helperCredentials(effects, url) : undefined)
}

/** A remote that is a folder is opened as such; one with that branch checked out is not written to, as git refuses it too. */
async function openAt(url: string, branch: string, from: LocalPaths, options: OpenOptions, effects: Effects): Promise<Repository> {
  const plain = url.startsWith('file://') ? decodeURIComponent(new URL(url).pathname) : url
  if (isRemoteUrl(plain)) return openRemote(plain, branch, options, effects)
  const folder = plain.startsWith('/') ? plain : `${from.worktree ?? from.gitdir}/${plain}`
  const paths = await findLocal(effects, await absolute(effects, folder))
  if (paths === undefined) throw new RevertError('not-found', `the remote ${plain} is no Git repository`)
  if (paths.worktree !== undefined && (await currentBranch(effects, paths)) === branch) {
    throw new RevertError('refused', `the remote ${plain} has ${branch} checked out`, { hint: 'push to a bare repository, or run the command there' })
  }
  return openHere(paths, branch, options, effects)
}

async function remoteOf({ fs }: Effects, paths: LocalPaths, branch: string): Promise<{ readonly name: string; readonly url: string } | undefined> {
  const config = (await textOf(fs, `${paths.gitdir}/config`)) ?? ''
  const name = configValue(config, 'branch', 'remote', branch) ?? 'origin'
  const url = configValue(config, 'remote', 'pushurl', name) ?? configValue(config, 'remote', 'url', name)
  return url === undefined ? undefined : { name, url }
}

async function settle(effects: Effects, paths: LocalPaths, branch: string, result: RevertResult, remote: string | undefined): Promise<Settled | undefined> {
  if (result.made === undefined || paths.worktree === undefined) return undefined
  const files = result.made.draft.files.map((one) => one.path)
  return settleCheckout(effects, paths, { commit: result.made, files, branch, on: remote === undefined ? 'branch' : 'remote', ...(remote === undefined ? {} : { remote }) })
}

/** Who commits: the environment that git reads, the repository's config, the user's config, else rollsync itself. */
export async function configuredPerson(effects: Pick<Effects, 'fs' | 'env'>, folder: string, role: 'AUTHOR' | 'COMMITTER' = 'AUTHOR'): Promise<Person> {
  const env = effects.env ?? {}
  const paths = await findLocal(effects, await effects.fs.promises.realpath(folder).catch(() => folder))
  const files = [...(paths === undefined ? [] : [`${paths.gitdir}/config`]), ...(env['HOME'] === undefined ? [] : [`${env['HOME']}/.gitconfig`, `${env['XDG_CONFIG_HOME'] ?? `${env['HOME']}/.config`}/git/config`])]
  const texts = await Promise.all(files.map(async (file) => textOf(effects.fs, file)))
  const configured = (key: string): string | undefined => texts.map((text) => configValue(text ?? '', 'user', key)).find((one) => one !== undefined)
  return { name: env[`GIT_${role}_NAME`] ?? configured('name') ?? defaultPerson.name, email: env[`GIT_${role}_EMAIL`] ?? configured('email') ?? defaultPerson.email }
}

