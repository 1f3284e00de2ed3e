import { RevertError } from './revert-error.ts'

/** One line of Git's wire protocol: four hexadecimal digits of length, then the text. */
export function pktLine(text: string): Uint8Array {
  const body = Buffer.from(text)
  return Buffer.concat([Buffer.from((body.length + 4).toString(16).padStart(4, '0')), body])
}

export const flush: Uint8Array = Buffer.from('0000')

/** A line of the wire, or `'flush'`. `end` is where the next one begins. */
export interface Pkt {
  readonly line: Uint8Array | 'flush'
  readonly end: number
}

export function readPkt(bytes: Uint8Array, at: number): Pkt | undefined {
  if (at + 4 > bytes.length) return undefined
  const head = Buffer.from(bytes.buffer, bytes.byteOffset + at, 4).toString('latin1')
  if (!/^[0-9a-fA-F]{4}$/.test(head)) throw new RevertError('server-error', 'the server does not speak the Git protocol', { hint: 'is the URL that of a Git repository?' })
  const length = parseInt(head, 16)
  if (length < 4) return { line: 'flush', end: at + 4 }
  if (at + length > bytes.length) throw new RevertError('network', 'the answer of the server breaks off')
  return { line: bytes.subarray(at + 4, at + length), end: at + length }
}

/** The lines of an answer as texts without their line break; flushes are `''`. */
export function pktTexts(bytes: Uint8Array): readonly string[] {
  const texts: string[] = []
  for (let pkt = readPkt(bytes, 0); pkt !== undefined; pkt = readPkt(bytes, pkt.end)) {
    texts.push(pkt.line === 'flush' ? '' : Buffer.from(pkt.line).toString('utf8').replace(/\n$/, ''))
  }
  return texts
}
