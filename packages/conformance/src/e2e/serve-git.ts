import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'

/** A bare repository behind `git http-backend` on loopback, which can be away for a while. */
export interface GitServer {
  readonly url: string
  readonly leave: () => Promise<void>
  readonly comeBack: () => Promise<void>
}

export async function serveGit(bare: string): Promise<GitServer> {
  const server = createServer((request, response) => answer(bare, request, response))
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/${bare.slice(dirname(bare).length + 1)}`,
    leave: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
    comeBack: () => listen(port),
  }
}

function answer(bare: string, request: IncomingMessage, response: ServerResponse): void {
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const env = {
    ...process.env, GIT_PROJECT_ROOT: dirname(bare), GIT_HTTP_EXPORT_ALL: '1', REMOTE_USER: 'gate', REQUEST_METHOD: request.method, PATH_INFO: path, QUERY_STRING: query,
    CONTENT_TYPE: request.headers['content-type'] ?? '', HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '', GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    ...(request.headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: request.headers['content-length'] }),
  }
  const child = spawn('git', ['http-backend'], { env })
  request.pipe(child.stdin)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.on('close', () => {
    const all = Buffer.concat(chunks)
    const end = all.indexOf('\r\n\r\n')
    const headers = all.subarray(0, end).toString('latin1').split('\r\n').map((line) => line.split(': ') as [string, string])
    const status = headers.find(([name]) => name === 'Status')?.[1].slice(0, 3)
    response.writeHead(Number(status ?? 200), Object.fromEntries(headers.filter(([name]) => name !== 'Status')))
    response.end(all.subarray(end + 4))
  })
}
