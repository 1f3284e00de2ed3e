import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import type { KubeObject } from '@rollsync/manifests'

/** One kind of objects as the API server's paths name it. */
export interface Resource {
  readonly apiVersion: string
  readonly plural: string
  /** Whether it lives in a namespace (absent: it does). */
  readonly scope?: 'cluster'
}

export type PatchKind = 'merge' | 'json' | 'apply'

/** The few requests that a cluster on loopback is asked. Answers that are an error throw an ApiError. */
export interface Api {
  readonly get: (resource: Resource, namespace: string, name: string) => Promise<KubeObject | undefined>
  readonly list: (resource: Resource, namespace: string) => Promise<readonly KubeObject[]>
  readonly create: (resource: Resource, object: KubeObject) => Promise<KubeObject>
  readonly replace: (resource: Resource, object: KubeObject) => Promise<KubeObject>
  readonly patch: (resource: Resource, namespace: string, name: string, kind: PatchKind, patch: unknown, options?: { readonly subresource?: string; readonly manager?: string }) => Promise<KubeObject>
  readonly remove: (resource: Resource, namespace: string, name: string) => Promise<void>
  /** Every change of a kind, in all namespaces, until the signal aborts; begins with what is there, and resolves when it has begun. Ends quietly when the server goes away. */
  readonly watch: (resource: Resource, signal: AbortSignal) => Promise<AsyncIterable<{ readonly type: string; readonly object: KubeObject }>>
  readonly isReady: () => Promise<boolean>
  readonly close: () => void
}

export class ApiError extends Error {
  override readonly name: string = 'ApiError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const patchTypes: Readonly<Record<PatchKind, string>> = {
  merge: 'application/merge-patch+json', json: 'application/json-patch+json', apply: 'application/apply-patch+yaml',
}

export interface Endpoint {
  readonly port: number
  readonly caFile: string
  readonly token: string
}

export function apiClient({ port, caFile, token }: Endpoint): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const send = (method: string, path: string, body?: unknown, type = 'application/json', signal?: AbortSignal): Promise<IncomingMessage> => new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'rollsync-cluster', ...(text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) }) }
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent, ca: readFileSync(caFile), ...(signal === undefined ? {} : { signal }) }, resolve)
    sent.on('error', reject)
    sent.end(text)
  })
  const json = async (method: string, path: string, body?: unknown, type?: string): Promise<unknown> => {
    const response = await send(method, path, body, type)
    const text = await textOf(response)
    const status = response.statusCode ?? 0
    if (status < 300) return text === '' ? undefined : JSON.parse(text)
    throw new ApiError(status, `${method} ${path}: ${status} ${messageOf(text)}`)
  }
  return {
    get: (resource, namespace, name) => (json('GET', pathOf(resource, namespace, name)) as Promise<KubeObject>).catch(absent),
    list: async (resource, namespace) => withKind(resource, ((await json('GET', pathOf(resource, namespace))) as { readonly kind: string; readonly items: readonly KubeObject[] })),
    create: (resource, object) => json('POST', pathOf(resource, object.metadata.namespace ?? ''), object) as Promise<KubeObject>,
    replace: (resource, object) => json('PUT', pathOf(resource, object.metadata.namespace ?? '', object.metadata.name), object) as Promise<KubeObject>,
    patch: (resource, namespace, name, kind, patch, { subresource, manager } = {}) => {
      const query = [...(manager === undefined ? [] : [`fieldManager=${manager}`]), ...(kind === 'apply' ? ['force=true'] : [])].join('&')
      return json('PATCH', `${pathOf(resource, namespace, name)}${subresource === undefined ? '' : `/${subresource}`}${query === '' ? '' : `?${query}`}`, patch, patchTypes[kind]) as Promise<KubeObject>
    },
    remove: async (resource, namespace, name) => {
      await json('DELETE', pathOf(resource, namespace, name)).catch(absent)
    },
    watch: async (resource, signal) => linesOf(await send('GET', `${pathOf(resource, '')}?watch=true`, undefined, undefined, signal)),
    isReady: async () => {
      const response = await send('GET', '/readyz')
      response.resume()
      return response.statusCode === 200
    },
    close: () => agent.destroy(),
  }
}

function absent(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) return undefined
  throw error
}

function pathOf({ apiVersion, plural, scope }: Resource, namespace: string, name?: string): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  return `${group}${scope === 'cluster' || namespace === '' ? '' : `/namespaces/${namespace}`}/${plural}${name === undefined ? '' : `/${name}`}`
}

/** The items of a list leave out what they are. */
function withKind({ apiVersion }: Resource, { kind, items }: { readonly kind: string; readonly items: readonly KubeObject[] }): readonly KubeObject[] {
  return items.map((item) => ({ ...item, apiVersion, kind: kind.replace(/List$/, '') }))
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return text
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { readonly message?: string }).message ?? text
  } catch {
    return text
  }
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<{ readonly type: string; readonly object: KubeObject }> {
  response.setEncoding('utf8')
  let rest = ''
  try {
    for await (const chunk of response) {
      const lines = `${rest}${String(chunk)}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield JSON.parse(line) as { readonly type: string; readonly object: KubeObject }
    }
  } catch {
    // The server restarted or the caller has seen enough.
  }
}
