import { spawnSync } from 'node:child_process'
import { root } from './run-command.mjs'

/** A list of checks that counts itself: each one is a command that has to end with an expected exit code. */
export const startChecks = () => {
  const totals = { passed: 0, failed: 0, skipped: 0 }
  const check = (name, [command, ...args], { exit = 0, contains = '', errors = 'any', ...options } = {}) => {
    const how = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'], ...options }
    const { status, stdout, stderr, error } = spawnSync(command, args, how)
    const holds = status === exit && `${stdout}${stderr}`.includes(contains) && (errors === 'any' || stderr === '')
    totals[holds ? 'passed' : 'failed'] += 1
    console.log(`${holds ? 'passed' : 'FAILED'}  ${name}`)
    const expected = `expected ${exit}${contains ? ` and ${JSON.stringify(contains)}` : ''}${errors === 'none' ? ' and nothing on standard error' : ''}`
    if (!holds) console.log(`exit code ${status}, ${expected}\n${stdout}${stderr}${error?.message ?? ''}`)
    return holds
  }
  const skip = (name, reason) => {
    totals.skipped += 1
    console.log(`skipped ${name}: ${reason}`)
  }
  /** Prints the totals as the last line; the exit code says whether all held. */
  const end = () => {
    console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
    process.exitCode = totals.failed > 0 ? 1 : 0
  }
  return { check, skip, end }
}
