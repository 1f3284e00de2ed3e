import { createHash } from 'node:crypto'

/** A SHA-1 object id, 40 hexadecimal digits. */
export type Oid = string

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag'

/** One object of a Git repository, its content not compressed. */
export interface GitObject {
  readonly oid: Oid
  readonly type: ObjectType
  readonly data: Uint8Array
}

/** One entry of a tree: mode as Git writes it (`100644`, `100755`, `120000`, `160000`, `40000`). A name is bytes, here one character each, so that any name survives. */
export interface TreeEntry {
  readonly mode: string
  readonly name: string
  readonly oid: Oid
}

export interface Person {
  readonly name: string
  readonly email: string
}

/** Who did it and when: seconds since 1970, and the offset of the clock in minutes east of UTC. */
export interface Signature extends Person {
  readonly timestamp: number
  readonly offset: number
}

export interface CommitData {
  readonly tree: Oid
  readonly parents: readonly Oid[]
  readonly author: Signature
  readonly committer: Signature
  readonly message: string
}

export function makeObject(type: ObjectType, data: Uint8Array): GitObject {
  const oid = createHash('sha1').update(`${type} ${data.length}\0`).update(data).digest('hex')
  return { oid, type, data }
}

/** A tree object; entries are sorted as Git sorts them, a folder as if its name ended in a slash. */
export function makeTree(entries: readonly TreeEntry[]): GitObject {
  const sorted = entries.map((entry) => ({ entry, key: Buffer.from(entry.mode === '40000' ? `${entry.name}/` : entry.name, 'latin1') })).toSorted((a, b) => Buffer.compare(a.key, b.key))
  return makeObject('tree', Buffer.concat(sorted.flatMap(({ entry }) => [Buffer.from(`${entry.mode} ${entry.name}\0`, 'latin1'), Buffer.from(entry.oid, 'hex')])))
}

export function readTree(data: Uint8Array): readonly TreeEntry[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const entries: TreeEntry[] = []
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const end = bytes.indexOf(0, space)
    entries.push({ mode: bytes.toString('latin1', at, space), name: bytes.toString('latin1', space + 1, end), oid: bytes.toString('hex', end + 1, end + 21) })
    at = end + 21
  }
  return entries
}

/** The name of an entry as a text; undefined where it is not UTF-8. */
export function nameText(name: string): string | undefined {
  const text = Buffer.from(name, 'latin1').toString('utf8')
  return nameBytes(text) === name ? text : undefined
}

/** The name of an entry for a text. */
export function nameBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** The text of a commit without a signature; what signs a commit signs exactly this. */
export function commitText(commit: CommitData): string {
  return [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${signatureText(commit.author)}`,
    `committer ${signatureText(commit.committer)}`,
    '',
    commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`,
  ].join('\n')
}

/** A commit object; `gpgsig` is an armoured signature (GPG or SSH) of `commitText`. */
export function makeCommit(commit: CommitData, gpgsig?: string): GitObject {
  const text = commitText(commit)
  if (gpgsig === undefined) return makeObject('commit', Buffer.from(text))
  const end = text.indexOf('\n\n')
  return makeObject('commit', Buffer.from(`${text.slice(0, end)}\ngpgsig ${gpgsig.trimEnd().replaceAll('\n', '\n ')}${text.slice(end)}`))
}

function signatureText(person: Signature): string {
  // Git's own rule (ident.c): no line break, no angle bracket inside a name or address.
  const clean = (text: string): string => text.replaceAll(/[<>\n\r\0]/g, '').trim()
  const minutes = Math.abs(person.offset)
  const zone = `${person.offset < 0 ? '-' : '+'}${String(Math.trunc(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`
  return `${clean(person.name)} <${clean(person.email)}> ${person.timestamp} ${zone}`
}

export function readCommit(data: Uint8Array): CommitData {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8')
  const split = text.indexOf('\n\n')
  const lines = text.slice(0, split < 0 ? text.length : split).split('\n')
  const all = (key: string): readonly string[] => lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1))
  return {
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: readSignature(all('author')[0] ?? ''),
    committer: readSignature(all('committer')[0] ?? ''),
    message: split < 0 ? '' : text.slice(split + 2),
  }
}

function readSignature(text: string): Signature {
  const [, name = '', email = '', timestamp = '0', sign = '+', hours = '0', minutes = '0'] = /^(.*?) ?<(.*?)> (-?\d+) ([+-])(\d\d)(\d\d)/.exec(text) ?? []
  return { name, email, timestamp: Number(timestamp), offset: (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) }
}
