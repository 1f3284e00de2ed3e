import { afterEach, expect, it } from 'vitest'
import { type Bare, git, makeBare } from '../test/git-server.ts'
import { nodeEffects } from './node-effects.ts'
import { openRepository } from './open-repository.ts'
import { revert } from './revert.ts'
import { watchRevert } from './watch.ts'

const cleanups: (() => unknown)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean()
})

const pod = (image: string, head = ''): string => `${head}apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: "${image}"}\n`

async function watched(act: (bare: Bare, second: number) => void): Promise<Awaited<ReturnType<typeof watchRevert>>> {
  const bare = makeBare({ 'p.yaml': pod('r.io/app:2') })
  cleanups.push(bare.remove)
  const effects = nodeEffects()
  const { repository } = await openRepository({ repo: bare.path, land: 'remote' }, effects)
  const result = await revert({ to: 'r.io/app:1', until: 'commit', author: { name: 'Ann', email: 'a@x' } }, repository, effects)
  let clock = 0
  return watchRevert(result, repository, { seconds: 60 }, {
    now: () => new Date(clock * 1000),
    sleep: async (milliseconds) => {
      clock += milliseconds / 1000
      act(bare, clock)
    },
  })
}

it('reports who brought the bad image back, although other commits came after', async () => {
  let culprit = ''
  const seen = await watched((bare, second) => {
    if (second !== 20) return
    bare.commit({ 'x.txt': 'x' })
    git(bare.clone, 'config', 'user.name', 'ignored')
    culprit = bare.commit({ 'p.yaml': pod('r.io/app:2') }, 'bump app')
    bare.commit({ 'p.yaml': pod('r.io/app:2', '# later\n') })
  })
  expect(seen).toEqual({ saw: 'the bad image back', image: 'r.io/app:2', site: 'p.yaml:7', commit: culprit, author: { name: 'a', email: 'a@x' }, message: 'bump app', seconds: 20 })
})

it('reports nothing when other images or other files change', async () => {
  const seen = await watched((bare, second) => {
    if (second === 10) bare.commit({ 'p.yaml': pod('r.io/app:3'), 'y.txt': 'y' })
  })
  expect(seen).toEqual({ saw: 'nothing', seconds: 60 })
})
