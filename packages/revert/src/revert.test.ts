import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { type Bare, git, makeBare, serve, type Server } from '../test/git-server.ts'
import type { Effects } from './effects.ts'
import { trailersOf } from './message.ts'
import { nodeEffects } from './node-effects.ts'
import { openHttp } from './repositories/http.ts'
import { findLocal, openLocal } from './repositories/local.ts'
import { openNative } from './repositories/native.ts'
import type { Repository } from './repositories/repository.ts'
import { revert, type RevertOptions, type RevertResult } from './revert.ts'
import { RevertError } from './revert-error.ts'

const effects: Effects = { ...nodeEffects(), sleep: async (ms) => new Promise((resolve) => setTimeout(resolve, ms / 50)) }
/** A few in the daily run; WRITERS=50 for the long one. */
const writers = Number(process.env['WRITERS'] ?? 6)
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
}, 60_000)

const rollout = (image: string, more = ''): string => `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: ${image}\n${more}`

function bareWith(files: Record<string, string>): Bare {
  const bare = makeBare(files)
  cleanups.push(bare.remove)
  return bare
}

async function served(bare: Bare, gate?: Parameters<typeof serve>[1]): Promise<Server> {
  const server = await serve(bare.root, gate)
  cleanups.push(server.close)
  return server
}

async function local(bare: Bare): Promise<Repository> {
  const paths = await findLocal(effects, bare.path)
  if (paths === undefined) throw new Error('no repository')
  return openLocal(effects, paths, 'main')
}

const options = (more: Partial<RevertOptions>): RevertOptions => ({ to: 'r.io/app:1', until: 'commit', author: { name: 'Ann', email: 'ann@example.com' }, ...more })

async function failure(work: Promise<RevertResult>): Promise<RevertError> {
  const error: unknown = await work.then(() => new Error('it succeeded'), (reason: unknown) => reason)
  if (error instanceof RevertError) return error
  throw error
}

const backEnds: readonly (readonly [string, (bare: Bare) => Promise<Repository>])[] = [
  ['a local bare repository', local],
  ['the installed git', async (bare) => {
    const repository = await openNative(effects, { url: bare.path }, 'main')
    if (repository.close !== undefined) cleanups.push(repository.close)
    return repository
  }],
  ['git http-backend', async (bare) => openHttp(effects, `${(await served(bare)).url}/origin.git`, undefined)],
]

describe.each(backEnds)('revert on %s', (_, open) => {
  it('makes one commit that changes one line and nothing else', async () => {
    const bare = bareWith({ 'k8s/web.yaml': rollout('r.io/app:1'), 'a/b/c.txt': 'x\r\n', 'run.sh': '#!/bin/sh\n' })
    git(bare.clone, 'update-index', '--chmod=+x', 'run.sh')
    const bad = bare.commit({ 'k8s/web.yaml': rollout('r.io/app:2') }, 'bad')
    const result = await revert(options({ reason: 'errors\nrise', requestedBy: 'Bob <bob@x>', rollout: { name: 'web', namespace: 'shop' }, signOff: 'yes' }), await open(bare), effects)
    expect(result).toMatchObject({ version: 1, state: 'reverted', from: 'r.io/app:2', to: 'r.io/app:1', tries: 1, base: bad })
    expect(git(bare.path, 'rev-parse', 'main').trim()).toBe(result.commit)
    expect(git(bare.path, 'rev-parse', 'main^').trim()).toBe(bad)
    expect(git(bare.path, 'diff', '--numstat', 'main^', 'main')).toBe('1\t1\tk8s/web.yaml\n')
    expect(git(bare.path, 'diff', 'main~2', 'main')).toBe(git(bare.path, 'diff', 'main~2', 'main', '--', 'run.sh'))
    expect(git(bare.path, 'fsck', '--strict', '--no-dangling')).toBe('')
    expect(git(bare.path, 'log', '-1', '--format=%an <%ae>%n%(trailers)', 'main').trim()).toBe('Ann <ann@example.com>\nRollout: shop/web\nReverted-Image: r.io/app:2\nRestored-Image: r.io/app:1\nReason: errors rise\nRequested-By: Bob <bob@x>\nSigned-off-by: Ann <ann@example.com>')
    expect(trailersOf(result.message ?? '')).toHaveLength(6)
  })

  it('does nothing when asked for the plan, and nothing when the image is there', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:2') })
    const repository = await open(bare)
    const before = git(bare.path, 'rev-parse', 'main')
    expect(await revert(options({ until: 'plan' }), repository, effects)).toMatchObject({ state: 'planned', sites: [{ id: 'web.yaml:10' }] })
    expect(await revert(options({ to: 'r.io/app:2' }), repository, effects)).toMatchObject({ state: 'already there', diff: '' })
    expect(git(bare.path, 'rev-parse', 'main')).toBe(before)
  })

  it('finds the previous image by its value, past other edits of the file, and says which commit brought the bad one', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:1') })
    const bad = bare.commit({ 'web.yaml': `# head\n${rollout('r.io/app:2')}` }, 'bad')
    bare.commits(Array.from({ length: 22 }, (__, i) => ({ 'web.yaml': `# head ${i}\n${rollout('r.io/app:2', '        - {name: side, image: s:1}\n')}`, 'x.txt': `${i}` })))
    const result = await revert(options({ to: 'previous', rollout: { name: 'web' } }), await open(bare), effects)
    expect(result).toMatchObject({ state: 'reverted', from: 'r.io/app:2', to: 'r.io/app:1' })
    expect(trailersOf(result.message ?? '')).toContainEqual(['Reverts-Commit', bad])
    expect(bare.file('web.yaml')).toContain('image: r.io/app:1\n')
    const again = await revert(options({ to: 'previous', rollout: { name: 'web' } }), await open(bare), effects)
    expect(again).toMatchObject({ state: 'already there', commit: result.commit })
  })

  it('says when there is no previous image', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:1') })
    expect((await failure(revert(options({ to: 'previous', image: 'r.io/app' }), await open(bare), effects))).code).toBe('no-previous')
  })

  it('says which images are called like the one that is looked for', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:1') })
    const like = 'there is r.io/app: give the name with its registry'
    expect((await failure(revert(options({ to: 'previous', image: 'app' }), await open(bare), effects))).hint).toBe(like)
    expect((await failure(revert(options({ to: 'app:1' }), await open(bare), effects))).hint).toBe(like)
    expect((await failure(revert(options({ to: 'app-2:1' }), await open(bare), effects))).hint).not.toContain('r.io')
  })

  it('lists the Rollouts that there are where the one that is meant is not among them', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:1'), 'list.json': JSON.stringify({ kind: 'List', items: [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'api', namespace: 'edge' } }] }) })
    const hintFor = async (more: Partial<RevertOptions>): Promise<string | undefined> => (await failure(revert(options({ to: 'previous', rollout: { name: 'none' }, ...more }), await open(bare), effects))).hint
    expect(await hintFor({})).toContain('edge/api, web')
    expect(await hintFor({ image: 'r.io/app' })).toContain('edge/api, web')
    expect(await hintFor({ paths: ['none/**'] })).toContain('none below --path')
    expect((await failure(revert(options({ to: 'previous', rollout: { name: 'api', namespace: 'edge' } }), await open(bare), effects))).message).toContain('Rollout edge/api does not name')
  })

  it('takes the stable image of the live Rollout', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:2') })
    const template = (image: string): object => ({ spec: { containers: [{ name: 'app', image }] } })
    const live = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'shop' }, spec: { template: template('r.io/app:2') }, status: { stableRS: 'abc' } },
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web-abc', namespace: 'shop', labels: { 'rollouts-pod-template-hash': 'abc' }, ownerReferences: [{ kind: 'Rollout', name: 'web' }] }, spec: { template: template('r.io/app:1') } },
    ] })
    expect(await revert(options({ to: 'stable', live }), await open(bare), effects)).toMatchObject({ state: 'reverted', from: 'r.io/app:2', to: 'r.io/app:1' })
    expect((await failure(revert(options({ to: 'stable', live: '{}' }), await open(bare), effects))).code).toBe('bad-live-state')
  })

  it('starts again on the new tip when another writer was first', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:2'), 'other.yaml': 'a: 1\n' })
    const repository = await open(bare)
    let raced = 0
    const racing: Repository = { ...repository, publish: async (commit) => {
      if (raced++ < 2) bare.commit({ 'web.yaml': `# line ${raced}\n${rollout('r.io/app:2')}` })
      return repository.publish(commit)
    } }
    expect(await revert(options({}), racing, effects)).toMatchObject({ state: 'reverted', tries: 3 })
    expect(bare.file('web.yaml')).toBe(`# line 2\n${rollout('r.io/app:1')}`)
    expect(git(bare.path, 'rev-list', '--min-parents=2', 'main')).toBe('')
  })

  it('stops when another writer moved the image itself', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:2') })
    const repository = await open(bare)
    const racing: Repository = { ...repository, publish: async (commit) => {
      bare.commit({ 'web.yaml': rollout('r.io/app:3') })
      return repository.publish(commit)
    } }
    expect((await failure(revert(options({}), racing, effects))).code).toBe('image-moved')
    expect(bare.file('web.yaml')).toBe(rollout('r.io/app:3'))
  })

  it(`loses nothing when ${writers} writers change one branch at once`, { timeout: 600_000 }, async () => {
    const files = Object.fromEntries(Array.from({ length: writers }, (__, i) => [`apps/${i % 5}/web-${i}.yaml`, rollout(`r.io/app-${i}:2`)]))
    const bare = bareWith(files)
    const before = Number(git(bare.path, 'rev-list', '--count', 'main'))
    const results = await Promise.all(Array.from({ length: writers }, async (__, i) => revert(options({ to: `r.io/app-${i}:1`, tries: 10 * writers }), await open(bare), effects)))
    expect(results.map((one) => one.state)).toEqual(Array.from({ length: writers }, () => 'reverted'))
    expect(Number(git(bare.path, 'rev-list', '--count', 'main'))).toBe(before + writers)
    expect(git(bare.path, 'rev-list', '--min-parents=2', 'main')).toBe('')
    expect(git(bare.path, 'fsck', '--strict', '--no-dangling')).toBe('')
    for (let i = 0; i < writers; i++) expect(bare.file(`apps/${i % 5}/web-${i}.yaml`)).toBe(rollout(`r.io/app-${i}:1`))
  })

  it('holds the updater in the same commit when told so', async () => {
    const automation = 'apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageUpdateAutomation\nmetadata: {name: all}\nspec: {interval: 1m}\n'
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:2'), 'flux/auto.yaml': automation })
    const result = await revert(options({ hold: 'yes' }), await open(bare), effects)
    expect(result.updaters.map((one) => one.updater)).toEqual(['Flux'])
    expect(git(bare.path, 'diff', '--name-only', 'main^', 'main')).toBe('flux/auto.yaml\nweb.yaml\n')
    expect(bare.file('flux/auto.yaml')).toBe(automation.replace('1m', '1m, suspend: true'))
    expect(result.diff).toContain('+++ b/flux/auto.yaml')
  })

  it('gives up with a clear word after the last try', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:2') })
    const repository = await open(bare)
    const busy: Repository = { ...repository, publish: async () => ({ outcome: 'lost race', detail: 'busy' }) }
    expect((await failure(revert(options({ tries: 3 }), busy, effects))).code).toBe('lost-race')
  })
})

describe('revert, over http', () => {
  it('tells a hook, a missing branch, a missing repository and a missing token apart, and keeps the token secret', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:2') })
    const { url } = await served(bare, (request, response) => {
      if (!request.url?.startsWith('/closed')) return 'go on'
      response.writeHead(401).end('no entry for c2VjcmV0LXRva2Vu')
      return 'answered'
    })
    writeFileSync(`${bare.path}/hooks/pre-receive`, '#!/bin/sh\necho not today; exit 1\n', { mode: 0o755 })
    expect((await failure(revert(options({}), await openHttp(effects, `${url}/origin.git`, 'main'), effects))).code).toBe('hook-declined')
    expect((await failure(revert(options({}), await openHttp(effects, `${url}/origin.git`, 'none'), effects))).code).toBe('branch-missing')
    expect(await openHttp(effects, `${url}/nothing.git`, 'main').catch((error: unknown) => (error as RevertError).code)).toBe('not-found')
    const denied = (await openHttp(effects, `${url.replace('//', '//me:secret-token@')}/closed.git`, 'main').catch((error: unknown) => error)) as RevertError
    expect(denied.code).toBe('auth')
    expect(JSON.stringify([denied.message, denied.hint, String(denied.cause), denied.stack])).not.toMatch(/secret-token|c2VjcmV0/)
    expect(await openHttp(effects, 'http://127.0.0.1:1/x.git', 'main').catch((error: unknown) => (error as RevertError).code)).toBe('network')
  })

  it('follows a moved repository before it posts, as GitLab asks for a URL without .git', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:2') })
    const { url } = await served(bare, (request, response) => {
      if (!request.url?.startsWith('/origin/')) return 'go on'
      response.writeHead(request.method === 'GET' ? 301 : 404, { location: request.url.replace('/origin/', '/origin.git/') }).end()
      return 'answered'
    })
    expect(await revert(options({}), await openHttp(effects, `${url}/origin`, 'main'), effects)).toMatchObject({ state: 'reverted' })
  })

  it('finds its commit on the branch when the answer to the push was lost', async () => {
    const bare = bareWith({ 'web.yaml': rollout('r.io/app:2') })
    const { url } = await served(bare)
    let cut = 0
    const http: Effects['http'] = async (request) => {
      const response = await effects.http(request)
      if (request.url.endsWith('/git-receive-pack') && cut++ === 0) throw new Error('socket hang up')
      return response
    }
    const result = await revert(options({}), await openHttp({ http }, `${url}/origin.git`, 'main'), effects)
    expect(result.state).toBe('reverted')
    expect(git(bare.path, 'rev-parse', 'main').trim()).toBe(result.commit)
    expect(git(bare.path, 'rev-list', '--count', 'main').trim()).toBe('2')
  })

  it('leaves the remote whole when any request fails or any answer is lost, and the next run succeeds', { timeout: 300_000 }, async () => {
    const template = bareWith({ 'web.yaml': rollout('r.io/app:1') })
    template.commit({ 'web.yaml': rollout('r.io/app:2') })
    const { url } = await served(template)
    const outcomes: string[] = []
    for (const lost of ['request', 'answer'] as const) {
      for (let deadAt = 1; deadAt < 50; deadAt++) {
        const name = `${lost}-${deadAt}.git`
        cpSync(template.path, `${template.root}/${name}`, { recursive: true })
        let count = 0
        const http: Effects['http'] = async (request) => {
          const dead = ++count >= deadAt
          if (dead && lost === 'request') throw new Error('connect ECONNREFUSED')
          const response = await effects.http(request)
          if (dead) throw new Error('socket hang up')
          return response
        }
        const outcome = await openHttp({ http }, `${url}/${name}`, 'main').then(async (repository) => revert(options({ to: 'previous', image: 'r.io/app' }), repository, effects)).then(({ state }) => state, (error: unknown) => (error as RevertError).code)
        outcomes.push(outcome)
        const again = await revert(options({ to: 'previous', image: 'r.io/app' }), await openHttp(effects, `${url}/${name}`, 'main'), effects)
        expect(['reverted', 'already there']).toContain(again.state)
        expect(git(`${template.root}/${name}`, 'show', 'main:web.yaml')).toBe(rollout('r.io/app:1'))
        expect(git(`${template.root}/${name}`, 'rev-list', '--count', 'main').trim()).toBe('3')
        expect(git(`${template.root}/${name}`, 'fsck', '--strict', '--no-dangling')).toBe('')
        rmSync(`${template.root}/${name}`, { recursive: true })
        if (outcome === 'reverted') break
      }
    }
    expect([...new Set(outcomes)].toSorted()).toEqual(['landed-unsure', 'network', 'reverted'])
  })
})
