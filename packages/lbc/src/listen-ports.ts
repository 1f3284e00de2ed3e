import { listAnnotation, textAnnotation } from './annotations.ts'
import { readCidr } from './cidr.ts'
import { failure, inMapOrder, Unknowable, wrap } from './controller-error.ts'
import { unmarshal } from './go/json-decode.ts'
import { int, map, slice } from './go/json-type.ts'
import type { Member } from './group.ts'
import type { ListenerProtocol } from './load-balancer.ts'
import { type MutualAuthentication, readMutualAuthentication } from './mutual-authentication.ts'
import type { LbcProfile } from './profile.ts'

/** What one Ingress wants of one port (model_build_listener.go listenPortConfig). */
export interface PortConfig {
  readonly port: number
  readonly protocol: ListenerProtocol
  readonly inboundV4: readonly string[]
  readonly inboundV6: readonly string[]
  readonly prefixLists: readonly string[]
  readonly sslPolicy: string | undefined
  readonly mutualAuthentication: MutualAuthentication | undefined
}

/** model_build_listener.go:134 computeIngressListenPortConfigByPort. */
export function readListenPorts(member: Member, profile: LbcProfile, assumes: Set<string>): readonly PortConfig[] {
  const { params } = member.class
  const certificates = params !== undefined && params.certificateArns.length > 0
    ? params.certificateArns
    : (listAnnotation(member.annotations, 'certificate-arn') ?? [])
  const inbound = readInboundCidrs(member)
  const mutual = readMutualAuthentication(member.annotations, profile, assumes)
  const ports = listenPorts(member, certificates.length > 0 ? 443 : 80, profile)
  if (certificates.length === 0 && [...ports.values()].includes('HTTPS')) {
    assumes.add(`AWS Certificate Manager has a certificate for the hosts of Ingress ${member.ingress.key}`)
  }
  const ofClass = profile.classPrefixLists === 'known' ? (params?.prefixLists ?? []) : []
  const sslPolicy = params !== undefined && params.sslPolicy !== '' ? params.sslPolicy : textAnnotation(member.annotations, 'ssl-policy')
  return [...ports].map(([port, protocol]) => ({
    port,
    protocol,
    inboundV4: inbound.filter((cidr) => !cidr.includes(':')),
    inboundV6: inbound.filter((cidr) => cidr.includes(':')),
    prefixLists: ofClass.length > 0 ? ofClass : (listAnnotation(member.annotations, 'security-group-prefix-lists') ?? []),
    sslPolicy: protocol === 'HTTPS' ? sslPolicy : undefined,
    mutualAuthentication: protocol === 'HTTPS' ? mutual.get(port) : undefined,
  }))
}

/** model_build_listener.go:237 computeIngressListenPorts. */
function listenPorts(member: Member, standard: 80 | 443, profile: LbcProfile): ReadonlyMap<number, ListenerProtocol> {
  const raw = textAnnotation(member.annotations, 'listen-ports')
  if (raw === undefined) return new Map([[standard, standard === 443 ? 'HTTPS' : 'HTTP']])
  const decoded = unmarshal<readonly (Readonly<Record<string, number>> | undefined)[]>(raw, slice(map(int(profile.integers))))
  if (!decoded.ok) throw failure(`failed to parse listen-ports configuration: \`${raw}\`: ${decoded.error}`)
  const entries = decoded.value ?? []
  if (entries.length === 0) throw failure(`empty listen-ports configuration: \`${raw}\``)
  const ports = new Map<number, ListenerProtocol>()
  for (const entry of entries) {
    const pairs = inMapOrder(Object.entries(entry ?? {}).map(([protocol, port]) => () => ({ port, protocol: checkedProtocol(protocol, port) })))
    if (new Set(pairs.map(({ port }) => port)).size < pairs.length) {
      throw new Unknowable(`listen-ports of Ingress ${member.ingress.key} names one port with two protocols in one object: the order of a Go map decides`)
    }
    for (const { port, protocol } of pairs) ports.set(port, protocol)
  }
  return ports
}

function checkedProtocol(protocol: string, port: number): ListenerProtocol {
  if (port < 1 || port > 65535) throw failure(`listen port must be within [1, 65535]: ${port}`)
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') throw failure(`listen protocol must be within [HTTP, HTTPS]: ${protocol}`)
  return protocol
}

/** model_build_listener.go:273 computeIngressExplicitInboundCIDRs. */
function readInboundCidrs(member: Member): readonly string[] {
  const ofClass = member.class.params?.inboundCidrs ?? []
  const cidrs = ofClass.length > 0 ? ofClass : (listAnnotation(member.annotations, 'inbound-cidrs') ?? [])
  const wrong = cidrs.find((cidr) => readCidr(cidr) === undefined)
  if (wrong !== undefined) {
    throw failure(ofClass.length > 0
      ? `invalid CIDR in IngressClassParams InboundCIDR ${wrong}: invalid CIDR address: ${wrong}`
      : `invalid inbound-cidrs settings on Ingress: ${member.ingress.key}: invalid CIDR address: ${wrong}`)
  }
  return cidrs
}

interface Wish { readonly ingress: string; readonly config: PortConfig }

/** model_builder.go:388 mergeListenPortConfigs: what the members want of one port must not contradict. Gives the protocol. */
export function mergePortConfigs(port: number, wishes: readonly Wish[]): ListenerProtocol {
  return wrap(`failed to merge listenPort config for port: ${port}`, () => {
    const seen: { protocol?: Wish; inbound?: Wish; prefixLists?: Wish; sslPolicy?: Wish; mutual?: Wish } = {}
    for (const wish of wishes) {
      const { config, ingress } = wish
      agree('protocol', (seen.protocol ??= wish), wish, (one) => one.config.protocol)
      if (config.inboundV4.length > 0 || config.inboundV6.length > 0) {
        agree('inbound-cidrs', (seen.inbound ??= wish), wish, (one) => `${goSet(one.config.inboundV4)}, ${goSet(one.config.inboundV6)}`)
      }
      if (config.prefixLists.length > 0) agree('inbound-prefix-lists', (seen.prefixLists ??= wish), wish, (one) => goSet(one.config.prefixLists))
      if (config.sslPolicy !== undefined) agree('sslPolicy', (seen.sslPolicy ??= wish), wish, (one) => one.config.sslPolicy ?? '')
      if (config.mutualAuthentication !== undefined) {
        const first = (seen.mutual ??= wish)
        // model_builder.go:484: the text of this error holds addresses of memory, so only its beginning can be told.
        if (JSON.stringify(first.config.mutualAuthentication) !== JSON.stringify(config.mutualAuthentication)) {
          throw failure(`conflicting mTLS Attributes, ${first.ingress} | ${ingress}`)
        }
      }
    }
    return wishes[0]?.config.protocol ?? 'HTTP'
  })
}

function agree(what: string, first: Wish, then: Wish, of: (wish: Wish) => string): void {
  if (of(first) !== of(then)) throw failure(`conflicting ${what}, ${first.ingress}: ${of(first)} | ${then.ingress}: ${of(then)}`)
}

/** A set as its sorted list prints in Go. */
function goSet(values: readonly string[]): string {
  return `[${[...new Set(values)].sort().join(' ')}]`
}
