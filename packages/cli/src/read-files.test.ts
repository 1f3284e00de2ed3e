import { expect, it } from 'vitest'
import type { Io } from './io.ts'
import { processIo } from './io.ts'
import { readFiles } from './read-files.ts'

const failing = (code: string): Error => Object.assign(new Error(code), { code })
const io = (over: Partial<Io>): Io => ({ ...processIo('/'), list: async (path) => (path === 'a' ? [{ name: 'b', is: 'folder' }, { name: 'c.yaml', is: 'file' }] : []), read: async () => new Uint8Array(), ...over })

it('says of a folder that may not be read that it may not, not that it is not there', async () => {
  const list: Io['list'] = async (path) => {
    if (path === 'a/b') throw failing('EACCES')
    return [{ name: 'b', is: 'folder' }]
  }
  await expect(readFiles(['a'], io({ list }))).rejects.toMatchObject({ code: 'UNREADABLE', message: expect.stringContaining('a/b') as string })
})

it('says of a path that is not there that it is not', async () => {
  await expect(readFiles(['a'], io({ list: async () => Promise.reject(failing('ENOENT')) }))).rejects.toMatchObject({ code: 'NO_SUCH_PATH' })
})

it('blames no permissions for a file that vanished while it was read', async () => {
  const reading = readFiles(['a'], io({ read: async () => Promise.reject(failing('ENOENT')) }))
  await expect(reading).rejects.toMatchObject({ code: 'UNREADABLE', hint: expect.not.stringContaining('permissions') as string })
})

it('tells of what cannot be read below a folder where somebody listens, and reads the rest', async () => {
  const told: string[] = []
  const list: Io['list'] = async (path) => {
    if (path === 'a/b') throw failing('EACCES')
    return [{ name: 'b', is: 'folder' }, { name: 'c.yaml', is: 'file' }, { name: 'd.yaml', is: 'file' }]
  }
  const read: Io['read'] = async (path) => (path === 'a/c.yaml' ? Promise.reject(failing('EACCES')) : new Uint8Array())
  expect((await readFiles(['a'], io({ list, read }), { unread: (path, { code }) => void told.push(`${code} ${path}`) })).map(({ file }) => file)).toEqual(['a/d.yaml'])
  expect(told).toEqual(['UNREADABLE a/b', 'UNREADABLE a/c.yaml'])
  await expect(readFiles(['a/b'], io({ list }), { unread: () => undefined })).rejects.toMatchObject({ code: 'UNREADABLE' })
})
