import type { ListenerProtocol } from './load-balancer.ts'

/** A request as a client sends it. What is left out is not known, except the method (GET) and the headers and the query (none). */
export interface AlbRequest {
  readonly protocol?: ListenerProtocol
  readonly port?: number
  readonly host: string
  /** With a query behind `?`, that is added to `query`. */
  readonly path: string
  readonly headers?: Values
  readonly method?: string
  readonly query?: Values
  /** The address of the connection, not that of X-Forwarded-For. */
  readonly sourceIp?: string
}

/** Values by name; a name that is sent several times has a list. */
export type Values = Readonly<Record<string, string | readonly string[]>>

export type NamedValue = readonly [name: string, value: string]

/** The request as ALB looks at it: the host without port, the path without query. */
export interface SeenRequest {
  readonly host: string
  readonly path: string
  readonly method: string
  readonly headers: readonly NamedValue[]
  readonly query: readonly NamedValue[]
  readonly queryText: string
  readonly sourceIp: string | undefined
}

export function seenRequest(request: AlbRequest): SeenRequest {
  const mark = request.path.indexOf('?')
  const path = mark < 0 ? request.path : request.path.slice(0, mark)
  const inPath = mark < 0 ? [] : request.path.slice(mark + 1).split('&').filter((part) => part !== '').map(splitPair)
  const query = [...inPath, ...pairsOf(request.query)]
  return {
    host: request.host.replace(/:\d+$/, ''),
    path: path === '' ? '/' : path,
    method: request.method ?? 'GET',
    headers: pairsOf(request.headers),
    query,
    queryText: query.map(([name, value]) => (name === '' ? value : `${name}=${value}`)).join('&'),
    sourceIp: request.sourceIp,
  }
}

function splitPair(part: string): NamedValue {
  const equals = part.indexOf('=')
  return equals < 0 ? ['', part] : [part.slice(0, equals), part.slice(equals + 1)]
}

function pairsOf(values: Values | undefined): readonly NamedValue[] {
  return Object.entries(values ?? {}).flatMap(([name, value]) => (typeof value === 'string' ? [value] : value).map((one): NamedValue => [name, one]))
}
