import type { Credentials } from '../credentials.ts'
import type { Effects, Http, HttpResponse } from '../effects.ts'
import { type GitObject, type Oid, readCommit } from '../git-objects.ts'
import { readPack, writePack } from '../pack.ts'
import { flush, pktLine, pktTexts, readPkt } from '../pkt-line.ts'
import { isLostRace, refusalError } from '../refusal.ts'
import { RevertError, redact } from '../revert-error.ts'
import { draftObjects } from './draft-objects.ts'
import { infoOf } from './local.ts'
import type { Publication, Repository } from './repository.ts'
import { fileBelow, filesBelow } from './walk-tree.ts'

const agent = 'rollsync'

/** What one connection holds: objects in memory only, and how much of the history they reach. */
interface Session {
  readonly http: Http
  /** Where the repository answers from; a redirect of the first question moves it for good. */
  url: string
  readonly name: string
  /** What is good at this moment; nothing once another host answers. */
  credentials: () => Promise<Credentials | undefined>
  secrets: readonly string[]
  readonly objects: Map<Oid, GitObject>
  readonly shallow: Set<Oid>
  wants: Oid | undefined
  depth: number
}

/** A branch of a repository behind a smart HTTP server (GitHub, GitLab, Gitea, git http-backend), fetched one commit deep into memory. */
export async function openHttp({ http }: Pick<Effects, 'http'>, url: string, branch: string | undefined, credentials?: Credentials | (() => Promise<Credentials | undefined>)): Promise<Repository> {
  const session = startSession(http, url, credentials)
  const first = await listRefs(session)
  const name = branch ?? first.head
  if (name === undefined) throw new RevertError('branch-missing', `${session.name} does not say which branch is its main one`, { hint: 'give one with --branch' })
  return { name: session.name, branch: name, ...methods(session, name, first) }
}

function methods(session: Session, branch: string, first: Refs): Omit<Repository, 'name' | 'branch'> {
  const ref = `refs/heads/${branch}`
  let known: Refs | undefined = first
  const readObject = async (oid: Oid): Promise<Uint8Array> => {
    const object = session.objects.get(oid)
    if (object === undefined) throw new RevertError('not-found', `${session.name} did not send the object ${oid}`)
    return object.data
  }
  return {
    tip: async () => {
      const { refs } = known ?? (await listRefs(session))
      known = undefined
      return tipOf(session, refs, branch)
    },
    files: async (commit) => filesBelow(readCommit(await readObject(commit)).tree, readObject),
    read: readObject,
    fileAt: async (commit, path) => fileBelow(readCommit(await readObject(commit)).tree, path, readObject),
    info: async (commit) => {
      if (!session.objects.has(commit) && session.shallow.size > 0) await deepen(session, 20)
      return infoOf(commit, session.objects.get(commit)?.data)
    },
    commit: async (draft) => {
      const commit = await draftObjects(draft, readCommit(await readObject(draft.parent)).tree, readObject)
      for (const object of commit.objects) session.objects.set(object.oid, object)
      return commit
    },
    publish: async (commit) => pushPack(session, ref, commit.parent, commit.oid, writePack(commit.objects)),
    branchOff: async (commit, wanted) => {
      const created = await pushPack(session, `refs/heads/${wanted}`, '0'.repeat(40), commit.oid, writePack(commit.objects))
      return created.outcome === 'landed' ? 'created' : 'exists'
    },
  }
}

async function tipOf(session: Session, refs: ReadonlyMap<string, Oid>, branch: string): Promise<Oid> {
  const oid = refs.get(`refs/heads/${branch}`)
  if (oid === undefined) {
    const others = [...refs.keys()].filter((one) => one.startsWith('refs/heads/')).slice(0, 5).map((one) => one.slice(11))
    throw new RevertError('branch-missing', `${session.name} has no branch ${branch}`, { hint: others.length === 0 ? 'it has none at all' : `it has ${others.join(', ')}` })
  }
  if (!session.objects.has(oid)) await fetchCommit(session, oid)
  return oid
}

function startSession(http: Http, given: string, credentials: Credentials | (() => Promise<Credentials | undefined>) | undefined): Session {
  const parsed = new URL(given)
  const inUrl = { username: decodeURIComponent(parsed.username), password: decodeURIComponent(parsed.password) }
  parsed.username = ''
  parsed.password = ''
  const url = parsed.href.replace(/\/+$/, '')
  const source = typeof credentials === 'function' ? credentials : async (): Promise<Credentials> => credentials ?? inUrl
  return { http, url, name: redact(url), credentials: source, secrets: [], objects: new Map(), shallow: new Set(), wants: undefined, depth: 1 }
}

async function authorization(session: Session): Promise<{ readonly authorization?: string }> {
  const { username, password } = (await session.credentials()) ?? { username: '', password: '' }
  if (username === '' && password === '') return {}
  const basic = Buffer.from(`${username}:${password}`).toString('base64')
  session.secrets = [...new Set([...session.secrets, password, basic])].filter((one) => one !== '')
  return { authorization: `Basic ${basic}` }
}

async function send(session: Session, request: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: Uint8Array; readonly type?: string }): Promise<HttpResponse> {
  const headers = { 'user-agent': `git/2.0 (${agent})`, ...(await authorization(session)), ...(request.type === undefined ? {} : { 'content-type': `application/x-git-${request.type}-request`, accept: `application/x-git-${request.type}-result` }) }
  const response = await session.http({ method: request.method, url: session.url + request.path, headers, ...(request.body === undefined ? {} : { body: request.body }) }).catch((cause: unknown) => {
    if (cause instanceof RevertError) throw cause
    throw new RevertError('network', `${session.name} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, secrets: session.secrets, hint: 'check the URL, the connection and the proxy' })
  })
  if (response.status === 200) return response
  const said = Buffer.from(response.body).toString('utf8').slice(0, 300).replaceAll(/<[^>]*>|\s+/g, ' ').trim()
  const [code, hint] = statusCode(response.status)
  throw new RevertError(code, `${session.name} answered ${response.status}${said === '' ? '' : `: ${said}`}`, { hint, secrets: session.secrets })
}

function statusCode(status: number): readonly ['auth' | 'not-found' | 'server-error', string] {
  if (status === 401 || status === 403) return ['auth', 'give a token that may push to this repository: ROLLSYNC_TOKEN, or a GitHub App (docs/revert.md)']
  if (status === 404) return ['not-found', 'check the URL; private repositories answer so where the token is missing']
  return ['server-error', 'try again later']
}

interface Refs {
  readonly refs: ReadonlyMap<string, Oid>
  readonly head: string | undefined
}

async function listRefs(session: Session): Promise<Refs> {
  const { body, headers, url } = await send(session, { method: 'GET', path: '/info/refs?service=git-upload-pack' })
  moveTo(session, url)
  if (!(headers['content-type'] ?? '').startsWith('application/x-git-upload-pack-advertisement')) {
    throw new RevertError('not-found', `${session.name} is no Git repository over smart HTTP`, { hint: 'check the URL' })
  }
  const lines = pktTexts(body).filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('version '))
  const capabilities = lines[0]?.split('\0')[1]?.split(' ') ?? []
  if (capabilities.includes('object-format=sha256')) throw new RevertError('unsupported-repository', `${session.name} has SHA-256 objects`, { hint: 'use the native back-end' })
  const refs = new Map(lines.map((line) => line.split('\0')[0] ?? '').map((line) => [line.slice(41), line.slice(0, 40)]))
  const head = capabilities.find((one) => one.startsWith('symref=HEAD:refs/heads/'))?.slice('symref=HEAD:refs/heads/'.length)
  return { refs, head }
}

/** As git's `http.followRedirects = initial`: what answered the first question gets the later ones; credentials stay with their host. */
function moveTo(session: Session, answered: string): void {
  const end = answered.indexOf('/info/refs')
  if (end < 0) return
  const moved = answered.slice(0, end)
  if (new URL(moved).origin !== new URL(session.url).origin) session.credentials = async () => undefined
  session.url = moved
}

/** The first fetch is one commit deep; a later one brings only what came since. */
async function fetchCommit(session: Session, oid: Oid): Promise<void> {
  const have = session.wants
  await fetchPack(session, have === undefined ? { want: oid, deepen: session.depth } : { want: oid, have })
  session.wants = oid
}

async function deepen(session: Session, by: number): Promise<void> {
  if (session.wants === undefined) return
  session.depth += by
  await fetchPack(session, { want: session.wants, have: session.wants, deepen: session.depth })
}

async function fetchPack(session: Session, ask: { readonly want: Oid; readonly have?: Oid; readonly deepen?: number }): Promise<void> {
  const body = Buffer.concat([
    pktLine(`want ${ask.want} side-band-64k ofs-delta thin-pack no-progress agent=${agent}\n`),
    ...[...session.shallow].map((oid) => pktLine(`shallow ${oid}\n`)),
    ...(ask.deepen === undefined ? [] : [pktLine(`deepen ${ask.deepen}\n`)]),
    flush,
    ...(ask.have === undefined ? [] : [pktLine(`have ${ask.have}\n`)]),
    pktLine('done\n'),
  ])
  const response = await send(session, { method: 'POST', path: '/git-upload-pack', type: 'upload-pack', body })
  const pack = readFetchAnswer(session, response.body)
  for (const [oid, object] of readPack(pack, (base) => session.objects.get(base))) session.objects.set(oid, object)
}

/** Shallow and unshallow lines, then ACK or NAK, then the pack on band 1; band 3 is the server's last word. */
function readFetchAnswer(session: Session, bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  for (let pkt = readPkt(bytes, 0); pkt !== undefined; pkt = readPkt(bytes, pkt.end)) {
    if (pkt.line === 'flush') continue
    const band = pkt.line[0]
    if (band === 1) parts.push(pkt.line.subarray(1))
    else if (band !== 2) noteLine(session, Buffer.from(band === 3 ? pkt.line.subarray(1) : pkt.line).toString('utf8').trim(), band === 3 ? 'error' : 'line')
  }
  return Buffer.concat(parts)
}

function noteLine(session: Session, line: string, kind: 'line' | 'error'): void {
  const [word, oid = ''] = line.split(' ')
  if (kind === 'error' || word === 'ERR') throw new RevertError('server-error', `${session.name}: ${line}`, { secrets: session.secrets })
  if (word === 'shallow') session.shallow.add(oid)
  if (word === 'unshallow') session.shallow.delete(oid)
}

/** One request is the whole compare-and-swap: the server moves the branch only from `from` to `to`. */
async function pushPack(session: Session, ref: string, from: Oid, to: Oid, pack: Uint8Array): Promise<Publication> {
  const body = Buffer.concat([pktLine(`${from} ${to} ${ref}\0report-status agent=${agent}`), flush, pack])
  let response: HttpResponse
  try {
    response = await send(session, { method: 'POST', path: '/git-receive-pack', type: 'receive-pack', body })
  } catch (cause) {
    if (!(cause instanceof RevertError) || (cause.code !== 'network' && cause.code !== 'server-error')) throw cause
    return afterBrokenPush(session, ref, from, to, cause)
  }
  const lines = pktTexts(response.body)
  if (lines.includes(`ok ${ref}`)) return { outcome: 'landed' }
  const refusal = lines.find((line) => line.startsWith(`ng ${ref} `))?.slice(ref.length + 4) ?? lines.find((line) => line.startsWith('unpack ') && line !== 'unpack ok') ?? lines.join(' ')
  if (isLostRace(refusal)) return { outcome: 'lost race', detail: refusal }
  throw refusalError(refusal, session.name, session.secrets)
}

/** The connection broke while pushing: the branch itself tells what happened. */
async function afterBrokenPush(session: Session, ref: string, from: Oid, to: Oid, cause: RevertError): Promise<Publication> {
  const refs = await listRefs(session).catch(() => undefined)
  const now = refs?.refs.get(ref)
  if (now === to) return { outcome: 'landed' }
  // Anything else is looked at again from the start: if it did land, the image is there.
  if (now !== undefined && (now === from || cause.code === 'network')) return { outcome: 'lost race', detail: cause.message }
  throw new RevertError('landed-unsure', `${cause.message}; whether the commit ${to} landed is not known`, { cause, hint: 'run the same command again: it does nothing if the image is there' })
}
