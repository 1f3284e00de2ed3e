#!/usr/bin/env node
// pnpm fuzz [ROUNDS] [FILTER]: every property test again and again, each round from a new seed. Stops at the first that fails and prints the seed that repeats it.
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'

const [rounds = '10', ...filters] = process.argv.slice(2)
for (let round = 1; round <= Number(rounds); round++) {
  const seed = String(randomInt(2 ** 31))
  process.stdout.write(`round ${round} of ${rounds}, FC_SEED=${seed}\n`)
  const { status } = spawnSync('npx', ['vitest', 'run', ...(filters.length > 0 ? filters : ['.prop.test.ts'])], { stdio: 'inherit', env: { ...process.env, FC_SEED: seed } })
  if (status !== 0) {
    process.stderr.write(`fails with FC_SEED=${seed}\n`)
    process.exit(1)
  }
}
