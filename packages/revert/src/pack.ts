import { createHash } from 'node:crypto'
import { deflateSync, inflateSync } from 'node:zlib'
import { type GitObject, makeObject, type ObjectType, type Oid } from './git-objects.ts'
import { RevertError } from './revert-error.ts'

const types: ReadonlyMap<ObjectType, number> = new Map([['commit', 1], ['tree', 2], ['blob', 3], ['tag', 4]])
const typeNames: ReadonlyMap<number, ObjectType> = new Map([...types].map(([name, code]) => [code, name]))

/** A pack of whole objects, as `git receive-pack` reads it. */
export function writePack(objects: readonly GitObject[]): Uint8Array {
  const head = Buffer.alloc(12)
  head.write('PACK')
  head.writeUInt32BE(2, 4)
  head.writeUInt32BE(objects.length, 8)
  const body = Buffer.concat([head, ...objects.flatMap((one) => [entryHead(types.get(one.type) ?? 0, one.data.length), deflateSync(one.data)])])
  return Buffer.concat([body, createHash('sha1').update(body).digest()])
}

function entryHead(type: number, size: number): Buffer {
  const bytes: number[] = []
  let rest = Math.floor(size / 16)
  let byte = (type << 4) | (size & 15)
  while (rest > 0) {
    bytes.push(byte | 0x80)
    byte = rest & 0x7f
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...bytes, byte])
}

type Raw = { readonly type: ObjectType; readonly data: Uint8Array }

/** All objects of a pack; `base` gives an object that a delta builds on and that is not in the pack. */
export function readPack(pack: Uint8Array, base: (oid: Oid) => GitObject | undefined): ReadonlyMap<Oid, GitObject> {
  const bytes = Buffer.from(pack.buffer, pack.byteOffset, pack.byteLength)
  if (bytes.toString('latin1', 0, 4) !== 'PACK' || bytes.readUInt32BE(4) !== 2) throw broken('no pack of version 2')
  const end = bytes.length - 20
  if (!createHash('sha1').update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end))) throw broken('its checksum is wrong')
  const count = bytes.readUInt32BE(8)
  const byOffset = new Map<number, GitObject>()
  const objects = new Map<Oid, GitObject>()
  const waiting: Waiting[] = []
  const keep = (offset: number, raw: Raw): void => {
    const object = makeObject(raw.type, raw.data)
    byOffset.set(offset, object)
    objects.set(object.oid, object)
  }
  let at = 12
  for (let index = 0; index < count; index++) {
    const entry = readEntry(bytes, at)
    at = entry.next
    // A base at an earlier offset may itself wait for an object outside of the pack.
    const known = typeof entry.on === 'number' ? byOffset.get(entry.on) : undefined
    if (entry.on === undefined) keep(entry.offset, { type: entry.type, data: entry.data })
    else if (known !== undefined) keep(entry.offset, { type: known.type, data: applyDelta(known.data, entry.data) })
    else waiting.push({ offset: entry.offset, on: entry.on, delta: entry.data })
  }
  resolveWaiting(waiting, (on) => (typeof on === 'number' ? byOffset.get(on) : objects.get(on) ?? base(on)), keep)
  return objects
}

/** A delta whose base is not known yet: at an offset of the pack, or by its id. */
interface Waiting {
  readonly offset: number
  readonly on: number | Oid
  readonly delta: Uint8Array
}

function resolveWaiting(waiting: readonly Waiting[], find: (on: number | Oid) => GitObject | undefined, keep: (offset: number, raw: Raw) => void): void {
  let rest = waiting
  while (rest.length > 0) {
    const left = rest.filter((one) => {
      const known = find(one.on)
      if (known !== undefined) keep(one.offset, { type: known.type, data: applyDelta(known.data, one.delta) })
      return known === undefined
    })
    if (left.length === rest.length) throw broken('the base of a delta is missing')
    rest = left
  }
}

interface Entry {
  readonly offset: number
  readonly next: number
  readonly type: ObjectType
  readonly on?: number | Oid
  readonly data: Uint8Array
}

function readEntry(bytes: Buffer, offset: number): Entry {
  let at = offset
  let byte = bytes[at++] ?? 0
  const code = (byte >> 4) & 7
  let size = byte & 15
  for (let shift = 16; (byte & 0x80) !== 0; shift *= 128) {
    byte = bytes[at++] ?? 0
    size += (byte & 0x7f) * shift
  }
  let on: number | Oid | undefined
  if (code === 6) {
    byte = bytes[at++] ?? 0
    let back = byte & 0x7f
    while ((byte & 0x80) !== 0) {
      byte = bytes[at++] ?? 0
      back = (back + 1) * 128 + (byte & 0x7f)
    }
    on = offset - back
  } else if (code === 7) {
    on = bytes.toString('hex', at, at + 20)
    at += 20
  }
  const { buffer, engine } = inflateSync(bytes.subarray(at), { info: true, chunkSize: chunkFor(size) }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
  if (buffer.length !== size) throw broken('an object has the wrong size')
  return { offset, next: at + engine.bytesWritten, type: typeNames.get(code) ?? 'blob', data: buffer, ...(on === undefined ? {} : { on }) }
}

function chunkFor(size: number): number {
  return Math.min(Math.max(size + 1, 64), 1 << 20)
}

/** A delta of Git's pack format done on its base (pack-format.txt, "Deltified representation"). */
export function applyDelta(base: Uint8Array, delta: Uint8Array): Uint8Array {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = delta[at++] ?? 0
      value += (byte & 0x7f) * shift
      if ((byte & 0x80) === 0) return value
    }
  }
  if (varint() !== base.length) throw broken('a delta does not fit its base')
  const result = new Uint8Array(varint())
  let done = 0
  while (at < delta.length) {
    const code = delta[at++] ?? 0
    if ((code & 0x80) !== 0) {
      let offset = 0
      let size = 0
      for (let bit = 0; bit < 4; bit++) if ((code & (1 << bit)) !== 0) offset += (delta[at++] ?? 0) * 2 ** (8 * bit)
      for (let bit = 0; bit < 3; bit++) if ((code & (16 << bit)) !== 0) size += (delta[at++] ?? 0) * 2 ** (8 * bit)
      if (size === 0) size = 0x10000
      result.set(base.subarray(offset, offset + size), done)
      done += size
    } else {
      result.set(delta.subarray(at, at + code), done)
      at += code
      done += code
    }
  }
  if (done !== result.length) throw broken('a delta is too short')
  return result
}

function broken(why: string): RevertError {
  return new RevertError('server-error', `the server sent a pack that cannot be read: ${why}`)
}
