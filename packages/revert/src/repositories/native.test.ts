import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { git, makeBare, serve } from '../../test/git-server.ts'
import type { Effects } from '../effects.ts'
import { nodeEffects } from '../node-effects.ts'
import { openRepository } from '../open-repository.ts'
import { revert } from '../revert.ts'
import type { RevertError } from '../revert-error.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

const pod = (image: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: "${image}"}\n`

describe('the installed git', () => {
  it('gets a token by its environment, never by its arguments, and the server sees it', async () => {
    const bare = makeBare({ 'p.yaml': pod('r.io/app:2') })
    cleanups.push(bare.remove)
    const seen = new Set<string | undefined>()
    const server = await serve(bare.root, (request, response) => {
      seen.add(request.headers.authorization)
      if (request.headers.authorization !== undefined) return 'go on'
      response.writeHead(401, { 'www-authenticate': 'Basic' }).end()
      return 'answered'
    })
    cleanups.push(server.close)
    const args: string[] = []
    const real = nodeEffects()
    const effects: Effects = { ...real, run: async (program, list, options) => {
      args.push(...list)
      return real.run!(program, list, options)
    } }
    const { repository } = await openRepository({ repo: server.url.replace('//', '//me:s3cret-token@') + '/origin.git', branch: 'main', land: 'remote', backEnd: 'git' }, effects)
    cleanups.push(() => repository.close?.())
    expect(await revert({ to: 'r.io/app:1', until: 'commit', author: { name: 'Ann', email: 'a@x' } }, repository, effects)).toMatchObject({ state: 'reverted' })
    expect(bare.file('p.yaml')).toBe(pod('r.io/app:1'))
    expect([...seen]).toEqual([`Basic ${Buffer.from('me:s3cret-token').toString('base64')}`])
    expect(args.join(' ')).not.toMatch(/s3cret|bWU6czN/)
    expect(repository.name).toBe(`${server.url}/origin.git`)
  })

  it('works on the repository that is asked for, in a hook of another one too', async () => {
    const bare = makeBare({ 'p.yaml': pod('r.io/app:2') })
    cleanups.push(bare.remove, () => vi.unstubAllEnvs())
    const server = await serve(bare.root)
    cleanups.push(server.close)
    const theirs = `${bare.root}/theirs`
    mkdirSync(theirs)
    // githooks(5): git sets these for what a hook runs, the objects' folder where a push is received.
    for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR']) vi.stubEnv(name, theirs)
    const { repository } = await openRepository({ repo: `${server.url}/origin.git`, branch: 'main', land: 'remote', backEnd: 'git' }, nodeEffects())
    cleanups.push(() => repository.close?.())
    expect(await revert({ to: 'r.io/app:1', until: 'commit', author: { name: 'Ann', email: 'a@x' } }, repository, nodeEffects())).toMatchObject({ state: 'reverted' })
    vi.unstubAllEnvs()
    expect(bare.file('p.yaml')).toBe(pod('r.io/app:1'))
    expect(readdirSync(theirs)).toEqual([])
  })

  it('tells a missing branch, a missing repository and a hook apart, and leaves no folder behind', async () => {
    const bare = makeBare({ 'p.yaml': pod('r.io/app:2') })
    cleanups.push(bare.remove)
    const effects: Effects = { ...nodeEffects(), env: { ...process.env, TMPDIR: bare.root } }
    const code = async (repo: string, branch?: string): Promise<string> => {
      const opened = await openRepository({ repo, land: 'remote', ...(branch === undefined ? {} : { branch }), backEnd: 'git' }, effects).catch((error: unknown) => error as RevertError)
      if (opened instanceof Error) return opened.code
      return revert({ to: 'r.io/app:1', until: 'commit', author: { name: 'Ann', email: 'a@x' } }, opened.repository, effects).then(({ state }) => state, (error: unknown) => (error as RevertError).code).finally(opened.repository.close)
    }
    const server = await serve(bare.root)
    cleanups.push(server.close)
    writeFileSync(`${bare.path}/hooks/pre-receive`, '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    expect(await code(`${server.url}/origin.git`, 'none')).toBe('branch-missing')
    expect(await code(`${server.url}/none.git`)).toBe('not-found')
    expect(await code(`${server.url}/origin.git`)).toBe('hook-declined')
    expect(await code('ssh://127.0.0.1:1/x.git')).toBe('network')
    expect(readdirSync(bare.root).filter((name) => name.startsWith('rollsync-'))).toEqual([])
    expect(git(bare.path, 'rev-list', '--count', 'main').trim()).toBe('1')
  })
})
