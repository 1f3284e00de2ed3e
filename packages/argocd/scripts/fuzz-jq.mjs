// pnpm fuzz:jq [--seed N] [--rounds N]: one seed after another, until an answer is wrong or someone stops it.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const { values } = parseArgs({ options: { seed: { type: 'string', default: String(Date.now() % 1_000_000) }, rounds: { type: 'string', default: '2000' } } })

for (let seed = Number(values.seed); ; seed += 2) {
  console.log(`seed ${seed}`)
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'packages/argocd/src/jq/fuzz.prop.test.ts'], {
    cwd: root, stdio: 'inherit', env: { ...process.env, JQ_FUZZ_SEED: String(seed), JQ_FUZZ_ROUNDS: values.rounds },
  })
  if (status !== 0) {
    console.log(`wrong at seed ${seed}: pnpm fuzz:jq --seed ${seed} --rounds ${values.rounds}`)
    process.exitCode = 1
    break
  }
}
