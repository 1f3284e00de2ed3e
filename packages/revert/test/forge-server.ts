import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it came over the wire; `path` is still percent-encoded, `body` is the parsed JSON. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

export type Answer = readonly [status: number, body: unknown]

export interface ForgeServer {
  readonly url: string
  readonly asked: readonly Asked[]
  close(): Promise<void>
}

/** Some of a documented reply: what a fake says must be of the schema, but it need not say all of it. */
export type Part<T> = T extends readonly (infer Item)[] ? readonly Part<Item>[] : T extends object ? { readonly [Key in keyof T]?: Part<T[Key]> } : T

/** A local HTTP server that speaks JSON; a request that `answer` throws at is answered with 500, so that the test fails. */
export async function serveForge(answer: (asked: Asked) => Answer | Promise<Answer>): Promise<ForgeServer> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
      const text = Buffer.concat(chunks).toString('utf8')
      const one: Asked = { method: request.method ?? '', path: pathname, query: Object.fromEntries(searchParams), headers: request.headers, body: text === '' ? undefined : JSON.parse(text) }
      asked.push(one)
      void Promise.resolve(one).then(answer).catch((error: unknown): Answer => [500, { message: String(error) }]).then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked, close: async () => new Promise((resolve) => server.close(() => resolve())) }
}
