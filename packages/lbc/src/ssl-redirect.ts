import { integerAnnotation } from './annotations.ts'
import { failure, wrap } from './controller-error.ts'
import { parseInteger } from './go/parse-number.ts'
import type { Member } from './group.ts'
import type { ListenerProtocol } from './load-balancer.ts'
import type { LbcProfile } from './profile.ts'

/** model_builder.go:514 buildSSLRedirectConfig: the port that one `ssl-redirect` annotation sets for all members; undefined for none. */
export function readSslRedirect(members: readonly Member[], protocols: ReadonlyMap<number, ListenerProtocol>, profile: LbcProfile): number | undefined {
  const ports = new Set<number>()
  for (const member of members) {
    const ofClass = profile.classSslRedirect === 'known' ? (member.class.params?.sslRedirectPort ?? '') : ''
    if (ofClass !== '') {
      const parsed = parseInteger(ofClass, 32)
      // model_builder.go:520: a port of the class that is no number switches the redirect off for the whole group.
      if (!parsed.ok) return undefined
      ports.add(parsed.value)
      continue
    }
    const port = wrap(`ingress: ${member.ingress.key}`, () => integerAnnotation(member.annotations, 'ssl-redirect', profile.integers))
    if (port !== undefined) ports.add(port)
  }
  const [port] = ports
  if (port === undefined) return undefined
  if (ports.size > 1) throw failure(`conflicting sslRedirect port: [${[...ports].sort((a, b) => a - b).join(' ')}]`)
  const protocol = protocols.get(port)
  if (protocol === undefined) throw failure(`listener does not exist for SSLRedirect port: ${port}`)
  if (protocol !== 'HTTPS') throw failure(`listener protocol non-SSL for SSLRedirect port: ${port}`)
  return port
}
