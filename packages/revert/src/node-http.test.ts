import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { nodeHttp, proxyFor } from './node-http.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean()
})

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => server.close())
  return (server.address() as AddressInfo).port
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const serve = async (answer: Answer): Promise<string> => `http://127.0.0.1:${await listen(createServer(answer))}`

describe('nodeHttp', () => {
  it('follows redirects, and gives the credentials to the first host only', async () => {
    const seen: (string | undefined)[] = []
    const second = await serve((request, response) => {
      seen.push(request.headers.authorization)
      response.end('there')
    })
    const first = await serve((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(request.url === '/a' ? 302 : 307, { location: request.url === '/a' ? '/b' : `${second}/c` }).end()
    })
    const { status, url, body } = await nodeHttp({})({ method: 'GET', url: `${first}/a`, headers: { authorization: 'Basic x' } })
    expect([status, url, Buffer.from(body).toString()]).toEqual([200, `${second}/c`, 'there'])
    expect(seen).toEqual(['Basic x', 'Basic x', undefined])
    expect((await nodeHttp({})({ method: 'POST', url: `${first}/a`, headers: {}, body: Buffer.from('x') })).status).toBe(302)
  })

  it('stops at a loop of redirects', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/' }).end())
    expect((await nodeHttp({})({ method: 'GET', url, headers: {} })).status).toBe(302)
  })

  it('goes through a proxy, with its password, over http and over TLS with an authority of its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollsync-tls-'))
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem'), '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' })
    const secure = await listen(createTlsServer({ key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) }, (_, response) => response.end('secret garden')))
    const seen: string[] = []
    const proxy = createServer((request, response) => {
      seen.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`)
      response.end('by proxy')
    })
    proxy.on('connect', (request, socket) => {
      seen.push(`CONNECT ${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`)
      const onward = connect(secure, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        onward.pipe(socket).pipe(onward)
      })
    })
    const through = `http://me:pw@127.0.0.1:${await listen(proxy)}`
    const plain = await nodeHttp({ http_proxy: through })({ method: 'GET', url: 'http://git.example.org/x', headers: {} })
    expect(Buffer.from(plain.body).toString()).toBe('by proxy')
    const tls = { method: 'GET', url: `https://localhost:${secure}/y`, headers: {} } as const
    const answer = await nodeHttp({ HTTPS_PROXY: through, GIT_SSL_CAINFO: join(folder, 'cert.pem') })(tls)
    expect(Buffer.from(answer.body).toString()).toBe('secret garden')
    expect(seen).toEqual(['GET http://git.example.org/x Basic bWU6cHc=', `CONNECT localhost:${secure} Basic bWU6cHc=`])
    await expect(nodeHttp({ HTTPS_PROXY: through })(tls)).rejects.toThrow(/self-signed/)
    await expect(nodeHttp({})(tls)).rejects.toThrow(/self-signed/)
  })
})

describe('proxyFor', () => {
  it.each([
    ['https://a.example.com/x', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['https://a.example.com/x', { https_proxy: 'p:1', HTTPS_PROXY: 'http://q:1' }, 'http://p:1/'],
    ['https://a.example.com/x', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'b.com, .example.com' }, undefined],
    ['https://a.example.com/x', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'ample.com' }, 'http://p:1/'],
    ['https://a.example.com:8443/x', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.example.com:443' }, 'http://p:1/'],
    ['https://a/x', { ALL_PROXY: 'http://p:1', NO_PROXY: '*' }, undefined],
    ['http://a/x', { HTTP_PROXY: 'http://p:1' }, undefined],
    ['http://a/x', { http_proxy: 'http://p:1' }, 'http://p:1/'],
    ['https://a/x', {}, undefined],
  ])('%s with %o: %s', (url, env, proxy) => {
    expect(proxyFor(new URL(url), env)?.href).toBe(proxy)
  })
})
