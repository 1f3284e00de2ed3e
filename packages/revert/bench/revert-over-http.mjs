// The whole process, from nothing to the pushed commit, on a repository of 20,000 files and 501 commits behind `git http-backend`:
// rollsync as a program of its own, beside native git (depth-1 clone, edit, commit, push). FILES=2000 makes it smaller.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { imageOf, makeOrigin, pathOf, rollout } from './origin/make-origin.mjs'

const count = Number(process.env.FILES ?? 20_000)
const { root, run, url } = await makeOrigin(count)

const cli = fileURLToPath(new URL('../../cli/dist/bin.js', import.meta.url))
let turn = 0

export default {
  name: `revert over http, ${count} files`,
  of: 'native git',
  clock: 'wall',
  cases: {
    'native git': async () => {
      const clone = join(root, `clone-${++turn}`)
      await run('git', ['clone', '-q', '--depth', '1', url, clone])
      writeFileSync(join(clone, pathOf(6)), rollout(6, `0.${turn}`))
      await run('git', ['commit', '-qam', 'Revert'], clone)
      await run('git', ['push', '-q', 'origin', 'main'], clone)
      rmSync(clone, { recursive: true, force: true })
    },
    'rollsync revert': async () => run('node', [cli, 'revert', '--repo', url, '--branch', 'main', '--image', imageOf(5), '--to', `${imageOf(5)}:0.${++turn}`]),
  },
}
