import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const source = fileURLToPath(new URL('compile-later.ts', import.meta.url))

it('V8 knows the flag: nothing is said of it', () => {
  const flag = /`(--[a-z-]+)=/.exec(execFileSync('cat', [source], { encoding: 'utf8' }))?.[1] ?? ''
  const said = (name: string): string => spawnSync(process.execPath, ['-e', `require('node:v8').setFlagsFromString('${name}=1000000')`], { encoding: 'utf8' }).stderr
  expect(said(flag)).toBe('')
  expect(said('--no-such-flag')).not.toBe('')
})
