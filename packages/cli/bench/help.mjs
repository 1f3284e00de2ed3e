// `rollsync --help` as a whole process beside the least that Node does.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url))
const run = args => {
  if (spawnSync(process.execPath, args, { stdio: 'ignore' }).status !== 0) throw new Error(args.join(' '))
}

export default {
  name: 'start of a command',
  clock: 'wall',
  goal: 'at most 1.5x',
  cases: { 'node -e 0': () => run(['-e', '0']), 'rollsync --help': () => run([bin, '--help']) },
}
