import type { AlbRequest, Values } from '@rollsync/lbc'

/** A request as a person would say it: `a request for qa-domain.com/ with version: 2`. */
export function requestText({ host, path, method, headers, query, sourceIp, protocol, port }: AlbRequest): string {
  const verb = method === undefined || method === 'GET' ? 'a request' : `a ${method} request`
  const details = [...pairs(headers, ': '), ...pairs(query, '='), ...(sourceIp === undefined ? [] : [`source address ${sourceIp}`])]
  const listener = port === undefined ? '' : ` on ${protocol ?? 'port'} ${port}`
  return `${verb} for ${host}${path}${listener}${details.length === 0 ? '' : ` with ${details.join(' and ')}`}`
}

function pairs(values: Values | undefined, between: string): readonly string[] {
  return Object.entries(values ?? {}).map(([name, value]) => `${name}${between}${typeof value === 'string' ? value : value.join(', ')}`)
}
