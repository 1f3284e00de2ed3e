import type { Io } from '../src/io.ts'
import { main } from '../src/main.ts'

/** Runs one command over files in memory, which it may change. */
export async function runInMemory(files: Map<string, string>, ...args: readonly string[]): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  let out = ''
  let err = ''
  const missing = Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
  const io: Io = {
    cwd: '/', color: 'off', out: (text) => void (out += text), err: (text) => void (err += text), stdin: async () => '',
    read: async (path) => new TextEncoder().encode(files.get(path) ?? (() => { throw missing })()),
    write: async (texts) => { for (const [path, text] of texts) files.set(path, text) },
    list: async (path) => {
      if (files.has(path)) return undefined
      const inside = [...files.keys()].filter((file) => path === '.' || file.startsWith(`${path}/`)).map((file) => (path === '.' ? file : file.slice(path.length + 1)))
      if (inside.length === 0) throw missing
      return [...new Set(inside.map((file) => file.split('/')[0] ?? ''))].map((name) => ({ name, is: inside.includes(name) ? 'file' : 'folder' }))
    },
  }
  const exit = await main(args, io)
  return { exit, out, err }
}
