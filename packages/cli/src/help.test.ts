import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { processIo } from './io.ts'
import { main } from './main.ts'

const file = new URL('help.txt', import.meta.url)

it('help.txt, which bin.ts prints, is the help of the program (UPDATE_CASES=1 writes it)', async () => {
  let printed = ''
  expect(await main(['--help'], { ...processIo(), out: (text) => (printed += text) })).toBe(0)
  if (process.env['UPDATE_CASES'] === '1') writeFileSync(file, printed)
  expect(readFileSync(file, 'utf8')).toBe(printed)
})
