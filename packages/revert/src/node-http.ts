import { readFile } from 'node:fs/promises'
import { type ClientRequest, type IncomingMessage, request as requestPlain, type RequestOptions } from 'node:http'
import { request as requestTls } from 'node:https'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Http, HttpRequest, HttpResponse } from './effects.ts'
import { RevertError } from './revert-error.ts'

type Env = Readonly<Record<string, string | undefined>>

const timeout = 120_000
const largestAnswer = 300 * 1024 * 1024

/**
 * HTTP over Node's own sockets: redirects are followed (credentials never to another host), `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are heeded,
 * `GIT_SSL_CAINFO` and `NODE_EXTRA_CA_CERTS` add authorities. Connections are not kept: a server may have closed one while the plan was made.
 */
export function nodeHttp(env: Env): Http {
  return async (request) => follow(env, request, 5)
}

async function follow(env: Env, request: HttpRequest, left: number): Promise<HttpResponse> {
  const response = await once(env, request)
  const { location } = response.headers
  const keepsMethod = request.method === 'GET' ? [301, 302, 303, 307, 308] : [307, 308]
  if (location === undefined || left === 0 || !keepsMethod.includes(response.status)) return response
  const next = new URL(location, request.url)
  const { authorization: _, ...open } = request.headers
  return follow(env, { ...request, url: next.href, headers: next.origin === new URL(request.url).origin ? request.headers : open }, left - 1)
}

async function once(env: Env, request: HttpRequest): Promise<HttpResponse> {
  const url = new URL(request.url)
  const secure = url.protocol === 'https:'
  const proxy = proxyFor(url, env)
  const authority = secure ? await authorities(env) : {}
  const socket = secure && proxy !== undefined ? await tunnel(url, proxy, authority) : undefined
  const headers = { ...request.headers, ...(request.body === undefined ? {} : { 'content-length': String(request.body.length) }) }
  const common: RequestOptions = { method: request.method, agent: false, timeout, headers }
  const target: RequestOptions = secure
    ? { ...common, ...authority, host: bare(url.hostname), port: url.port === '' ? 443 : url.port, path: url.pathname + url.search, ...(socket === undefined ? {} : { createConnection: () => socket }) }
    : plainTarget(url, proxy, common)
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = (secure ? requestTls : requestPlain)(target, (answer) => readAnswer(answer, request.url).then(resolve, reject))
    sent.on('timeout', () => sent.destroy(new Error(`no answer for ${timeout / 1000} s`)))
    sent.on('error', reject)
    sent.end(request.body)
  })
}

function plainTarget(url: URL, proxy: URL | undefined, common: RequestOptions): RequestOptions {
  if (proxy === undefined) return { ...common, host: bare(url.hostname), port: url.port === '' ? 80 : url.port, path: url.pathname + url.search }
  return { ...common, host: bare(proxy.hostname), port: proxy.port === '' ? 80 : proxy.port, path: url.href, headers: { ...common.headers, host: url.host, ...proxyAuthorization(proxy) } }
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

async function readAnswer(answer: IncomingMessage, url: string): Promise<HttpResponse> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestAnswer) {
      answer.destroy()
      throw new RevertError('unsupported-repository', `the answer is larger than ${largestAnswer / 1024 / 1024} MB`, { hint: 'use the native back-end: it keeps the clone on the disk' })
    }
    chunks.push(chunk)
  }
  const headers = Object.fromEntries(Object.entries(answer.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]])))
  return { status: answer.statusCode ?? 0, url, headers, body: Buffer.concat(chunks) }
}

async function authorities(env: Env): Promise<{ readonly ca?: readonly string[] } & RequestOptions> {
  const file = env['GIT_SSL_CAINFO']
  if (file === undefined || file === '') return {}
  const { rootCertificates } = await import('node:tls')
  const own = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RevertError('network', `the certificates of GIT_SSL_CAINFO cannot be read: ${file}`, { cause })
  })
  return { ca: [...rootCertificates, own] } as RequestOptions
}

/** A TLS connection to the server through a proxy's CONNECT. */
async function tunnel(url: URL, proxy: URL, authority: object): Promise<Socket> {
  const host = bare(url.hostname)
  const where = `${url.hostname}:${url.port === '' ? '443' : url.port}`
  const socket = await new Promise<Socket>((resolve, reject) => {
    const through = proxy.protocol === 'https:' ? connectTls({ host: bare(proxy.hostname), port: Number(proxy.port === '' ? 443 : proxy.port), ...authority }) : connect(Number(proxy.port === '' ? 80 : proxy.port), bare(proxy.hostname))
    through.once('error', reject)
    through.setTimeout(timeout, () => through.destroy(new Error('the proxy does not answer')))
    const headers = Object.entries({ host: where, ...proxyAuthorization(proxy) }).map(([name, value]) => `${name}: ${value}\r\n`).join('')
    through.write(`CONNECT ${where} HTTP/1.1\r\n${headers}\r\n`)
    let said = ''
    const listen = (chunk: Buffer): void => {
      said += chunk.toString('latin1')
      if (!said.includes('\r\n\r\n')) return
      through.off('data', listen)
      if (/^HTTP\/1\.[01] 2\d\d/.test(said)) resolve(through)
      else reject(new Error(`the proxy refused: ${said.split('\r\n')[0] ?? ''}`))
    }
    through.on('data', listen)
  })
  return new Promise((resolve, reject) => {
    const secured = connectTls({ socket, servername: host, ...authority }, () => resolve(secured))
    secured.once('error', reject)
  })
}

function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {}
  return { 'proxy-authorization': `Basic ${Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString('base64')}` }
}

/** The proxy that the environment names for a URL, as curl and git read it. */
export function proxyFor(url: URL, env: Env): URL | undefined {
  const named = (name: string): string | undefined => [env[name.toLowerCase()], env[name]].find((one) => one !== undefined && one !== '')
  const host = bare(url.hostname)
  const exempt = (named('NO_PROXY') ?? '').split(/[\s,]+/).filter((one) => one !== '')
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  if (exempt.some((one) => isExempt(one, host, port))) return undefined
  // HTTP_PROXY in capitals can be set by a request to a CGI program; curl reads the small one only.
  const text = url.protocol === 'https:' ? named('HTTPS_PROXY') ?? named('ALL_PROXY') : env['http_proxy'] ?? named('ALL_PROXY')
  if (text === undefined || text === '') return undefined
  const proxy = new URL(/^[a-z0-9]+:\/\//i.test(text) ? text : `http://${text}`)
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') throw new RevertError('network', `a proxy of kind ${proxy.protocol.slice(0, -1)} is not supported`, { hint: 'use an http proxy, or the native back-end' })
  return proxy
}

function isExempt(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  const [name = '', only] = /:\d+$/.test(entry) && !entry.includes('::') ? [entry.slice(0, entry.lastIndexOf(':')), entry.slice(entry.lastIndexOf(':') + 1)] : [entry]
  const domain = name.replace(/^\*?\./, '').toLowerCase()
  return (host.toLowerCase() === domain || host.toLowerCase().endsWith(`.${domain}`)) && (only === undefined || only === port)
}
