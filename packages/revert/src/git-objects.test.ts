import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { type Bare, git, makeBare } from '../test/git-server.ts'
import { type GitObject, makeCommit, makeObject, makeTree, type Oid, readCommit, readTree } from './git-objects.ts'
import { readPack, writePack } from './pack.ts'

const cleanups: (() => unknown)[] = []
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean()
})

function bareWith(files: Record<string, string>): Bare {
  const bare = makeBare(files)
  cleanups.push(bare.remove)
  return bare
}

const raw = (folder: string, args: readonly string[], input?: Uint8Array): Buffer => execFileSync('git', args, { cwd: folder, maxBuffer: 1e9, ...(input === undefined ? {} : { input }), stdio: ['pipe', 'pipe', 'ignore'] })

describe('Git objects', () => {
  it('are named as git names them, trees and commits byte for byte', () => {
    const bare = bareWith({ 'a/x.yaml': 'x', 'a.b': 'y', 'a-b/z': 'z', 'ä/ü.yaml': 'u' })
    git(bare.clone, 'commit', '-q', '--allow-empty', '-m', 'Subject\n\nBody with ä')
    const commit = raw(bare.clone, ['cat-file', 'commit', 'HEAD'])
    expect(makeCommit(readCommit(commit)).oid).toBe(git(bare.clone, 'rev-parse', 'HEAD').trim())
    const tree = raw(bare.clone, ['cat-file', 'tree', 'HEAD^{tree}'])
    expect(makeTree(readTree(tree).toReversed()).oid).toBe(git(bare.clone, 'rev-parse', 'HEAD^{tree}').trim())
    expect(makeObject('blob', Buffer.from('x')).oid).toBe(git(bare.clone, 'rev-parse', 'HEAD:a/x.yaml').trim())
  })

  it('keep a name that is no UTF-8, and a person without a line break', () => {
    const entry = { mode: '100644', name: 'caf\u00e9', oid: 'a'.repeat(40) }
    expect(readTree(makeTree([entry]).data)).toEqual([entry])
    const who = { name: 'Eve\n<e>', email: 'e@x>', timestamp: 1, offset: -90 }
    const made = readCommit(makeCommit({ tree: 'a'.repeat(40), parents: [], author: who, committer: who, message: 'm' }, 'SIG\nNATURE\n').data)
    expect(made).toMatchObject({ author: { name: 'Evee', email: 'e@x', timestamp: 1, offset: -90 }, message: 'm\n' })
  })
})

describe('packs', () => {
  it('written here are read by git', () => {
    const bare = bareWith({ x: 'x' })
    const big = makeObject('blob', Buffer.from('line\n'.repeat(100_000)))
    const pack = writePack([big, makeObject('blob', new Uint8Array())])
    raw(bare.path, ['index-pack', '--stdin', '--strict'], pack)
    expect(raw(bare.path, ['cat-file', 'blob', big.oid]).equals(Buffer.from(big.data))).toBe(true)
  })

  it('written by git are read here: deltas of both kinds, thin ones too', () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `key-${i}: value ${i * 7919}`)
    const bare = bareWith({ 'big.yaml': lines.join('\n') })
    for (let i = 0; i < 5; i++) bare.commit({ 'big.yaml': lines.with(i * 100, `key-${i}: changed ${'x'.repeat(i)}`).join('\n'), 'other.yaml': `${i}` })
    const objects = git(bare.path, 'rev-list', '--objects', '--all').trim().split('\n').map((line) => line.slice(0, 40))
    for (const kind of ['--delta-base-offset', '--no-reuse-delta']) {
      const read = readPack(raw(bare.path, ['pack-objects', '--stdout', kind], Buffer.from(objects.join('\n'))), () => undefined)
      expect([...read.keys()].toSorted()).toEqual(objects.toSorted())
      for (const [oid, object] of read) expect(raw(bare.path, ['cat-file', object.type, oid]).equals(Buffer.from(object.data))).toBe(true)
    }
    const known = new Map<Oid, GitObject>(readPack(raw(bare.path, ['pack-objects', '--stdout', '--revs'], Buffer.from('main~1\n')), () => undefined))
    const thin = readPack(raw(bare.path, ['pack-objects', '--stdout', '--revs', '--thin'], Buffer.from('main\n^main~1\n')), (oid) => known.get(oid))
    expect(thin.size).toBe(4)
  })

  it('may hold a delta on a delta whose base is outside of the pack', () => {
    const base = makeObject('blob', Buffer.from('abc'))
    // Copies the base, of 3 or 4 bytes, and adds one byte.
    const delta = (size: number, added: string): Buffer => Buffer.from([size, size + 1, 0x90, size, 1, added.charCodeAt(0)])
    const entry = (code: number, head: Buffer, data: Buffer): Buffer => Buffer.concat([Buffer.from([(code << 4) | data.length]), head, deflateSync(data)])
    const first = entry(7, Buffer.from(base.oid, 'hex'), delta(3, 'd'))
    const second = entry(6, Buffer.from([first.length]), delta(4, 'e'))
    const body = Buffer.concat([Buffer.from('PACK\0\0\0\x02\0\0\0\x02', 'latin1'), first, second])
    const read = readPack(Buffer.concat([body, createHash('sha1').update(body).digest()]), (oid) => (oid === base.oid ? base : undefined))
    expect([...read.values()].map((one) => Buffer.from(one.data).toString())).toEqual(['abcd', 'abcde'])
  })

  it('that are damaged are refused', () => {
    const pack = Buffer.from(writePack([makeObject('blob', Buffer.from('abc'))]))
    pack[14] = (pack[14] ?? 0) ^ 1
    expect(() => readPack(pack, () => undefined)).toThrow(expect.objectContaining({ code: 'server-error' }))
    expect(() => readPack(Buffer.from('no pack at all, but long enough'), () => undefined)).toThrow(expect.objectContaining({ code: 'server-error' }))
  })
})
