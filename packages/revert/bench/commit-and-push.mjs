// Commit and push alone, the clone warm: rollsync's built-in back-end in a running process, beside `git commit` and `git push` in a depth-1 clone, which are two
// processes. Each has a branch of its own in the same repository behind `git http-backend`. FILES=2000 makes it smaller.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeHttp, openHttp } from '../dist/index.js'
import { makeOrigin, pathOf, rollout } from './origin/make-origin.mjs'

const count = Number(process.env.FILES ?? 20_000)
const { root, run, url } = await makeOrigin(count)
const clone = join(root, 'clone')
await run('git', ['clone', '-q', '--depth', '1', url, clone])
const repository = await openHttp({ http: nodeHttp({}) }, url, 'other')
let parent = await repository.tip()
let turn = 0

export default {
  name: `commit and push, ${count} files`,
  of: 'native git',
  clock: 'wall',
  cases: {
    'native git': async () => {
      writeFileSync(join(clone, pathOf(6)), rollout(6, `0.${++turn}`))
      await run('git', ['commit', '-qm', 'Revert', '--', pathOf(6)], clone)
      await run('git', ['push', '-q', 'origin', 'main'], clone)
    },
    'rollsync': async () => {
      const person = { name: 'a', email: 'a@x', timestamp: 1_700_001_000 + ++turn, offset: 0 }
      const commit = await repository.commit({ parent, files: [{ path: pathOf(6), bytes: Buffer.from(rollout(6, `0.${turn}`)) }], message: 'Revert', author: person, committer: person })
      const { outcome } = await repository.publish(commit)
      if (outcome !== 'landed') throw new Error(outcome)
      parent = commit.oid
    },
  },
}
