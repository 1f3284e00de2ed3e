import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Bare, git, makeBare } from '../test/git-server.ts'
import type { Effects } from './effects.ts'
import { nodeEffects } from './node-effects.ts'
import { credentialsFor } from './credentials.ts'
import { configuredPerson, openRepository, type OpenOptions } from './open-repository.ts'
import { helperCredentials } from './repositories/native.ts'
import { revert, type RevertResult } from './revert.ts'
import type { RevertError } from './revert-error.ts'
import type { Settled } from './work-tree.ts'

const effects: Effects = { ...nodeEffects(), sleep: async (ms) => new Promise((resolve) => setTimeout(resolve, ms / 50)) }
const cleanups: (() => unknown)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean()
}, 60_000)

const pod = (image: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: "${image}"}\n`

function bareWith(files: Record<string, string>): Bare {
  const bare = makeBare(files)
  cleanups.push(bare.remove)
  return bare
}

async function run(open: OpenOptions, given: Effects = effects): Promise<RevertResult & { settled: Settled | undefined }> {
  const { repository, settle } = await openRepository(open, given)
  const result = await revert({ to: 'r.io/app:1', until: 'commit', author: { name: 'Ann', email: 'a@x' } }, repository, given)
  return { ...result, settled: await settle(result) }
}

const status = (folder: string): string => git(folder, 'status', '--porcelain', '--branch')

describe('openRepository, from a checkout', () => {
  it('commits on the remote and brings a clean checkout up to it', async () => {
    const bare = bareWith({ 'k8s/p.yaml': pod('r.io/app:2'), 'x.txt': 'x' })
    chmodSync(join(bare.clone, 'k8s/p.yaml'), 0o755)
    git(bare.clone, 'commit', '-qam', 'mode')
    git(bare.clone, 'push', '-q')
    const result = await run({ repo: join(bare.clone, 'k8s'), land: 'remote' })
    expect(result).toMatchObject({ state: 'reverted', settled: { checkout: 'updated' }, landedOn: { branch: 'main' } })
    expect(bare.file('k8s/p.yaml')).toBe(pod('r.io/app:1'))
    expect(readFileSync(join(bare.clone, 'k8s/p.yaml'), 'utf8')).toBe(pod('r.io/app:1'))
    expect(statSync(join(bare.clone, 'k8s/p.yaml')).mode & 0o111).toBe(0o111)
    expect(status(bare.clone)).toBe('## main...origin/main\n')
    expect(existsSync(join(bare.clone, '.git/index.lock'))).toBe(false)
    expect(git(bare.clone, 'fsck', '--strict', '--no-dangling')).toBe('')
  })

  it('brings the checkout up to what holds an updater, too', async () => {
    const bare = bareWith({ 'p.yaml': pod('r.io/app:2'), 'flux.yaml': 'apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: all}\nspec: {interval: 1m}\n' })
    const { repository, settle } = await openRepository({ repo: bare.clone, land: 'remote' }, effects)
    const result = await revert({ to: 'r.io/app:1', until: 'commit', hold: 'yes', author: { name: 'Ann', email: 'a@x' } }, repository, effects)
    expect(await settle(result)).toEqual({ checkout: 'updated' })
    expect(status(bare.clone)).toBe('## main...origin/main\n')
  })

  it('never pushes local work, and leaves a checkout that has any as it is', async () => {
    const bare = bareWith({ 'p.yaml': pod('r.io/app:2'), 'x.txt': 'x' })
    writeFileSync(join(bare.clone, 'x.txt'), 'mine')
    git(bare.clone, 'commit', '-qam', 'mine')
    const before = status(bare.clone)
    const result = await run({ repo: bare.clone, land: 'remote' })
    expect(result).toMatchObject({ state: 'reverted', settled: { checkout: 'left' } })
    expect(bare.file('x.txt')).toBe('x')
    expect(status(bare.clone)).toBe(before)
  })

  it('leaves a file with changes of its own, and changes elsewhere do not matter', async () => {
    const bare = bareWith({ 'p.yaml': pod('r.io/app:2'), 'x.txt': 'x' })
    writeFileSync(join(bare.clone, 'x.txt'), 'mine')
    expect((await run({ repo: bare.clone, land: 'remote' })).settled).toEqual({ checkout: 'updated' })
    expect(status(bare.clone)).toBe('## main...origin/main\n M x.txt\n')
    bare.commit({ 'p.yaml': pod('r.io/app:2') })
    writeFileSync(join(bare.clone, 'p.yaml'), `# mine\n${pod('r.io/app:2')}`)
    expect((await run({ repo: bare.clone, land: 'remote' })).settled).toMatchObject({ checkout: 'left' })
    expect(readFileSync(join(bare.clone, 'p.yaml'), 'utf8')).toMatch(/^# mine/)
  })

  it('commits on the local branch alone when told so, and when there is no remote', async () => {
    const bare = bareWith({ 'p.yaml': pod('r.io/app:2') })
    expect(await run({ repo: bare.clone, land: 'local' })).toMatchObject({ state: 'reverted', settled: { checkout: 'updated' } })
    expect(bare.file('p.yaml')).toBe(pod('r.io/app:2'))
    expect(status(bare.clone)).toBe('## main...origin/main [ahead 1]\n')
    expect(git(bare.clone, 'reflog', '-1')).toContain('Revert to r.io/app:1')
    git(bare.clone, 'remote', 'remove', 'origin')
    git(bare.clone, 'commit', '-q', '--allow-empty', '-m', 'x')
    expect(await run({ repo: bare.clone, land: 'remote' })).toMatchObject({ state: 'already there' })
  })

  it('works in a linked work tree, and after git gc has packed refs and objects', async () => {
    const bare = bareWith({ 'p.yaml': pod('r.io/app:2') })
    git(bare.clone, 'worktree', 'add', '-q', '-b', 'other', join(bare.root, 'tree'))
    git(bare.clone, 'gc', '-q')
    expect(await run({ repo: join(bare.root, 'tree'), land: 'local' })).toMatchObject({ state: 'reverted', settled: { checkout: 'updated' } })
    expect(status(join(bare.root, 'tree'))).toBe('## other\n')
    git(bare.path, 'gc', '-q')
    expect(await run({ repo: bare.path, land: 'remote' })).toMatchObject({ state: 'reverted' })
    expect(git(bare.path, 'rev-parse', 'main').trim()).toHaveLength(40)
  })

  it('uses the installed git for what it cannot read itself', async () => {
    const bare = bareWith({ 'p.yaml': pod('r.io/app:2') })
    git(bare.root, 'clone', '-q', '--shared', bare.clone, join(bare.root, 'shared'))
    expect(await run({ repo: join(bare.root, 'shared'), land: 'local' })).toMatchObject({ state: 'reverted' })
    git(bare.root, 'init', '-q', '--bare', '--object-format=sha256', '-b', 'main', join(bare.root, 'long.git'))
    mkdirSync(join(bare.root, 'long'))
    git(join(bare.root, 'long'), 'init', '-q', '--object-format=sha256', '-b', 'main')
    writeFileSync(join(bare.root, 'long/p.yaml'), pod('r.io/app:2'))
    git(join(bare.root, 'long'), 'add', '-A')
    git(join(bare.root, 'long'), 'commit', '-qm', 'x')
    git(join(bare.root, 'long'), 'push', '-q', join(bare.root, 'long.git'), 'main')
    expect(await run({ repo: join(bare.root, 'long.git'), land: 'remote' })).toMatchObject({ state: 'reverted' })
    expect(git(join(bare.root, 'long.git'), 'show', 'main:p.yaml')).toBe(pod('r.io/app:1'))
    expect((await run({ repo: join(bare.root, 'long.git'), land: 'remote', backEnd: 'built-in' }).catch((error: unknown) => error)) as RevertError).toMatchObject({ code: 'unsupported-repository' })
  })

  it('takes part in git\'s own locking, and removes a lock only when it has outlived its writer', async () => {
    const bare = bareWith({ 'p.yaml': pod('r.io/app:2') })
    const lock = join(bare.path, 'refs/heads/main.lock')
    writeFileSync(lock, '')
    const error = (await run({ repo: bare.path, land: 'remote' }, { ...effects, sleep: async () => undefined }).catch((reason: unknown) => reason)) as RevertError
    expect(error.code).toBe('lost-race')
    utimesSync(lock, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000))
    expect(await run({ repo: bare.path, land: 'remote' })).toMatchObject({ state: 'reverted' })
  })

  it('names links, LFS pointers and programs that it leaves alone', async () => {
    const bare = bareWith({ 'p.yaml': pod('r.io/app:2'), 'lfs.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n# app', 'web.cue': 'image: "r.io/app:2"\n', 'other.tf': 'x = 1\n' })
    symlinkSync('p.yaml', join(bare.clone, 'link.yaml'))
    bare.commit({})
    const result = await run({ repo: bare.path, land: 'remote' })
    expect(result.skipped.map((one) => one.file)).toEqual(['link.yaml', 'lfs.yaml', 'web.cue'])
    expect(git(bare.path, 'diff', '--name-only', 'main^', 'main')).toBe('p.yaml\n')
    expect(git(bare.path, 'ls-tree', 'main', 'link.yaml')).toMatch(/^120000/)
  })

  it('says where no repository is', async () => {
    expect(await run({ repo: '/nowhere', land: 'remote' }).catch((error: unknown) => (error as RevertError).code)).toBe('not-found')
    expect(await run({ repo: '/', land: 'remote' }).catch((error: unknown) => (error as RevertError).code)).toBe('not-found')
  })
})

describe('a kill at any effect', () => {
  it('leaves the remote whole, and the next run succeeds', { timeout: 300_000 }, async () => {
    const done: string[] = []
    const template = bareWith({ 'a/p.yaml': pod('r.io/app:2') })
    for (let deadAt = 1; deadAt < 200; deadAt++) {
      const path = join(template.root, `dead-at-${deadAt}.git`)
      cpSync(template.path, path, { recursive: true })
      let count = 0
      const promises = new Proxy(effects.fs.promises, {
        get: (target, name) => {
          const real: unknown = Reflect.get(target, name)
          if (typeof real !== 'function') return real
          return async (...args: unknown[]): Promise<unknown> => {
            if (++count >= deadAt) throw Object.assign(new Error('killed'), { code: 'KILLED' })
            return (real as (...all: unknown[]) => Promise<unknown>).apply(target, args)
          }
        },
      })
      const outcome = await run({ repo: path, land: 'remote' }, { ...effects, fs: { promises } }).then((result) => result.state, () => 'killed')
      expect(git(path, 'fsck', '--strict', '--no-dangling')).toBe('')
      const later: Effects = { ...effects, now: () => new Date(Date.now() + 120_000) }
      const again = await run({ repo: path, land: 'remote' }, later)
      expect(['reverted', 'already there']).toContain(again.state)
      expect(git(path, 'show', 'main:a/p.yaml')).toBe(pod('r.io/app:1'))
      expect(git(path, 'rev-list', '--count', 'main').trim()).toBe('2')
      rmSync(path, { recursive: true })
      done.push(outcome)
      if (outcome === 'reverted') break
    }
    expect(done.at(-1)).toBe('reverted')
    expect(done.filter((one) => one === 'killed').length).toBeGreaterThan(20)
  })
})

describe('who commits, and with which token', () => {
  it('reads what git reads', async () => {
    const bare = bareWith({ 'p.yaml': pod('r.io/app:2') })
    git(bare.clone, 'config', 'user.name', 'Configured # one')
    const env = { HOME: bare.root }
    writeFileSync(join(bare.root, '.gitconfig'), '[core]\n\teditor = vi\n[user]\n\temail = me@example.com ; mine\n\tname = Global\n')
    expect(await configuredPerson({ fs: effects.fs, env }, bare.clone)).toEqual({ name: 'Configured # one', email: 'me@example.com' })
    expect(await configuredPerson({ fs: effects.fs, env: { ...env, GIT_AUTHOR_NAME: 'Env' } }, '/')).toEqual({ name: 'Env', email: 'me@example.com' })
    expect(await configuredPerson({ fs: effects.fs, env: {} }, '/')).toEqual({ name: 'rollsync', email: 'rollsync@localhost' })
  })

  it('asks the credential helper of git, which answers for its own host', async () => {
    const bare = bareWith({ 'p.yaml': pod('r.io/app:2') })
    writeFileSync(join(bare.root, '.gitconfig'), '[credential "https://git.example.com"]\n\thelper = "!f() { echo username=me; echo password=from-helper; }; f"\n')
    const run: Effects['run'] = async (program, args, more) => nodeEffects().run!(program, args, { ...more, env: { ...more.env, GIT_CONFIG_GLOBAL: join(bare.root, '.gitconfig'), GIT_CONFIG_NOSYSTEM: '1' } })
    expect(await helperCredentials({ run }, 'https://git.example.com/a/b.git')).toEqual({ username: 'me', password: 'from-helper' })
    expect(await helperCredentials({ run }, 'https://other.example.com/a/b.git')).toBeUndefined()
    expect(await helperCredentials({}, 'https://git.example.com/a/b.git')).toBeUndefined()
  })

  it('says which branches there are where the one that is meant is not among them', async () => {
    const bare = bareWith({ 'p.yaml': pod('r.io/app:2') })
    const hint = async (repo: string, branch: string): Promise<unknown> => openRepository({ repo, branch, land: 'local' }, effects).then(async ({ repository }) => repository.tip()).catch((error: unknown) => (error as { readonly hint?: string }).hint)
    expect(await hint(bare.path, 'nope')).toBe('it has main')
    git(bare.root, 'init', '-q', '-b', 'main', 'empty')
    expect(await hint(join(bare.root, 'empty'), 'main')).toBe('it has no commit on any branch yet')
  })

  it('takes no text for a URL that is none, and prints no password of it', async () => {
    const opening = openRepository({ repo: 'https://me:hunter22@exa mple/x', land: 'remote' }, effects)
    await expect(opening).rejects.toMatchObject({ code: 'not-found', message: 'https://***@exa mple/x is no URL' })
    expect(credentialsFor('https://exa mple/x', { ROLLSYNC_TOKEN: 'r' })).toBeUndefined()
  })
})
