import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mayClose } from './may-close.ts'
import { replaceFiles } from './replace-files.ts'

let folder = ''
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollsync-'))
  writeFileSync(join(folder, 'a.yaml'), 'old\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('replaceFiles', () => {
  it('writes none of the files where one cannot be written, and names that one', async () => {
    mkdirSync(join(folder, 'b.yaml'))
    await expect(replaceFiles(new Map([['a.yaml', 'new\n'], ['c.yaml', 'new\n'], ['b.yaml', 'new\n']]), folder)).rejects.toMatchObject({ code: 'UNWRITABLE', message: expect.stringContaining('b.yaml') as string })
    expect(read('a.yaml')).toBe('old\n')
    expect(readdirSync(folder).sort()).toEqual(['a.yaml', 'b.yaml'])
  })

  it('writes through a link and leaves the link', async () => {
    symlinkSync('a.yaml', join(folder, 'link.yaml'))
    await replaceFiles(new Map([['link.yaml', 'new\n']]), folder)
    expect(lstatSync(join(folder, 'link.yaml')).isSymbolicLink()).toBe(true)
    expect(read('a.yaml')).toBe('new\n')
  })

  it('keeps the mode of a file and makes the folders that are missing', async () => {
    chmodSync(join(folder, 'a.yaml'), 0o640)
    await replaceFiles(new Map([['a.yaml', 'new\n'], ['x/y.yaml', 'made\n']]), folder)
    expect(statSync(join(folder, 'a.yaml')).mode & 0o777).toBe(0o640)
    expect(read('x/y.yaml')).toBe('made\n')
  })
})

const sink = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() })

describe('mayClose', () => {
  it('takes a closed pipe for the end of the reading, and nothing else', () => {
    const told: string[] = []
    const stream = sink()
    mayClose(stream, (message) => told.push(message))
    stream.emit('error', Object.assign(new Error('closed'), { code: 'EPIPE' }))
    expect(told).toEqual([])
    stream.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }))
    expect(told).toEqual([expect.stringContaining('ENOSPC')])
  })
})
