import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { processIo } from './io.ts'
import { main } from './main.ts'

// Each case is a folder: `args` (one argument a line), `files/` (the working directory), `stdin`; and what came of it: `stdout`, `stderr`, `exit`, `after/` (files that changed).
// UPDATE_CASES=1 writes the latter anew; read the diff before you commit it.
const cases = fileURLToPath(new URL('../cases/', import.meta.url))
const update = process.env['UPDATE_CASES'] === '1'
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'rollsync-cases-')))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly exit: string
  readonly after: Readonly<Record<string, string>>
}

async function runCase(name: string): Promise<Ran> {
  const cwd = join(scratch, name)
  const given = join(cases, name, 'files')
  if (existsSync(given)) cpSync(given, cwd, { recursive: true })
  else cpSync(fileURLToPath(new URL('../../../examples/alb-header-route/', import.meta.url)), cwd, { recursive: true, filter: (path) => !/\.(mjs|ts|md)$/.test(path) })
  const before = filesOf(cwd)
  let stdout = ''
  let stderr = ''
  const stdin = join(cases, name, 'stdin')
  const io = { ...processIo(cwd), color: 'off' as const, out: (text: string) => void (stdout += text), err: (text: string) => void (stderr += text), stdin: async () => (existsSync(stdin) ? readFileSync(stdin, 'utf8') : '') }
  const exit = await main(readFileSync(join(cases, name, 'args'), 'utf8').split('\n').filter((line) => line !== ''), io)
  const after = Object.fromEntries(Object.entries(filesOf(cwd)).filter(([file, text]) => before[file] !== text))
  stdout = stdout.replaceAll(cwd, '<folder>')
  stderr = stderr.replaceAll(cwd, '<folder>')
  return { stdout, stderr, exit: `${exit}\n`, after }
}

function filesOf(folder: string, below = ''): Record<string, string> {
  return Object.fromEntries(readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name)
    return entry.isDirectory() ? Object.entries(filesOf(folder, path)) : [[path, readFileSync(join(folder, path), 'latin1')] as const]
  }))
}

describe('the command line, case by case', () => {
  for (const name of readdirSync(cases).sort()) {
    it(name.replaceAll('-', ' '), async () => {
      const ran = await runCase(name)
      const at = (file: string): string => join(cases, name, file)
      if (update) {
        for (const file of ['stdout', 'stderr', 'exit'] as const) writeFileSync(at(file), ran[file])
        writeFileSync(at('after.json'), `${JSON.stringify(ran.after, null, 2)}\n`)
      }
      expect(ran.stdout).toBe(readFileSync(at('stdout'), 'utf8'))
      expect(ran.stderr).toBe(readFileSync(at('stderr'), 'utf8'))
      expect(ran.exit).toBe(readFileSync(at('exit'), 'utf8'))
      expect(ran.after).toEqual(JSON.parse(readFileSync(at('after.json'), 'utf8')))
    })
  }
})
