import { booleanAnnotation, listAnnotation, mapAnnotation, textAnnotation } from './annotations.ts'
import { failure, inMapOrder, wrap } from './controller-error.ts'
import { parseInteger } from './go/parse-number.ts'
import type { Group, Member } from './group.ts'
import type { LbcProfile } from './profile.ts'
import { byteLength } from './sort-paths.ts'

/**
 * model_build_load_balancer.go:41 buildLoadBalancerSpec: what the members want of the load balancer itself must not contradict. Gives the address type.
 * Nothing is looked up: subnets, security groups and pools that are named are taken to exist.
 */
export function checkLoadBalancer({ members }: Group, profile: LbcProfile): string {
  const scheme = onlyOne(members, (member) => member.class.params?.scheme ?? textAnnotation(member.annotations, 'scheme'),
    (values) => `conflicting scheme: ${goMap(values)}`) ?? 'internal'
  if (scheme !== 'internal' && scheme !== 'internet-facing') throw failure(`unknown scheme: ${scheme}`)
  const type = onlyOne(members, (member) => member.class.params?.ipAddressType ?? textAnnotation(member.annotations, 'ip-address-type'),
    (values) => `conflicting IPAddressType: [${values.join(' ')}]`) ?? 'ipv4'
  if (!['ipv4', 'dualstack', 'dualstack-without-public-ipv4'].includes(type)) throw failure(`unknown IPAddressType: ${type}`)
  checkSubnets(members)
  checkSecurityGroups(members, profile)
  checkAddressPool(members)
  checkAttributes(members, profile)
  checkTags(members, profile)
  const name = onlyOne(members, (member) => nameOf(member, profile), (values) => `conflicting load balancer name: ${goMap(values)}`)
  if (name !== undefined && byteLength(name) > 32) throw failure('load balancer name cannot be longer than 32 characters')
  checkCapacity(members, profile)
  checkIpamPool(members, profile)
  return type
}

/** model_build_tags.go:12 buildIngressGroupResourceTags. Tags of the class win over the annotation of its Ingress. */
export function checkTags(members: readonly Member[], profile: LbcProfile): void {
  agreeOnPairs(members, (member) => {
    const annotated = mapAnnotation(member.annotations, 'tags', profile.keyValuePairs) ?? []
    return new Map([...annotated, ...(member.class.params?.tags ?? [])])
  }, 'conflicting tag')
}

/** model_build_load_balancer.go:203 buildLoadBalancerSubnetMappings: the order of the names does not count. */
function checkSubnets(members: readonly Member[]): void {
  const ofClass = members.flatMap((member) => member.class.params?.subnets ?? [])
  const named = members.flatMap((member) => {
    const list = member.class.params?.subnets === undefined ? listAnnotation(member.annotations, 'subnets') : undefined
    return list === undefined ? [] : [list]
  })
  if (ofClass.length > 0 && named.length > 0) throw failure('conflicting subnet specifications: IngressClassParams versus annotation')
  if (ofClass.some((one) => one !== ofClass[0])) throw failure('conflicting IngressClassParams subnet specifications')
  const [first = []] = named
  const other = named.find((list) => goList([...list].sort()) !== goList([...first].sort()))
  if (other !== undefined) throw failure(`conflicting subnets: ${goList(first)} | ${goList(other)}`)
}

/** model_build_load_balancer.go:285 buildLoadBalancerSecurityGroups: here the order counts; the group that is made without any carries the tags. */
function checkSecurityGroups(members: readonly Member[], profile: LbcProfile): void {
  const named = members.flatMap((member) => {
    const list = listAnnotation(member.annotations, 'security-groups')
    return list === undefined ? [] : [list]
  })
  const [first = []] = named
  const other = named.find((list) => goList(list) !== goList(first))
  if (other !== undefined) throw failure(`conflicting securityGroups: ${goList(first)} | ${goList(other)}`)
  if (first.length === 0) return checkTags(members, profile)
  const manage = members.flatMap((member) => booleanAnnotation(member.annotations, 'manage-backend-security-group-rules') ?? [])
  if (new Set(manage).size > 1) throw failure('conflicting manage backend security group rules settings')
}

function checkAddressPool(members: readonly Member[]): void {
  onlyOne(members, (member) => {
    const pool = textAnnotation(member.annotations, 'customer-owned-ipv4-pool')
    if (pool === '') throw failure(`cannot use empty value for customer-owned-ipv4-pool annotation, ingress: ${member.ingress.key}`)
    return pool
  }, (values) => `conflicting CustomerOwnedIPv4Pool: ${goList(values)}`)
}

/** model_build_load_balancer_attributes.go: attributes of the class of the first member settle a contradiction (not in v2.8). */
function checkAttributes(members: readonly Member[], profile: LbcProfile): void {
  const old = profile.integers === 64
  const settled = old ? undefined : members[0]?.class.params?.loadBalancerAttributes
  agreeOnPairs(members, (member) => mapAnnotation(member.annotations, 'load-balancer-attributes', profile.keyValuePairs) ?? new Map(),
    old ? 'conflicting attributes' : 'conflicting load balancer attributes', settled)
}

/** model_build_load_balancer_capacity_reservation.go:13. */
function checkCapacity(members: readonly Member[], profile: LbcProfile): void {
  if (profile.capacity === 'unknown' || members[0]?.class.params?.capacityUnits !== undefined) return
  const pairs = agreeOnPairs(members, (member) => mapAnnotation(member.annotations, 'minimum-load-balancer-capacity', profile.keyValuePairs) ?? new Map(),
    'conflicting capacity reservation')
  inMapOrder([...pairs].map(([key, value]) => () => {
    if (key !== 'CapacityUnits') throw failure(`invalid key to set the capacity: ${key}, Expected key: CapacityUnits`)
    const parsed = parseInteger(value, 32)
    if (!parsed.ok && profile.capacity === 'checked') wrap(`invalid value to set the capacity: ${value}`, () => { throw failure(parsed.error) })
  }))
}

function checkIpamPool(members: readonly Member[], profile: LbcProfile): void {
  if (profile.ipamPool === 'unknown' || members[0]?.class.params?.ipamPool !== undefined) return
  let earlier: string | undefined
  for (const member of members) {
    const pool = textAnnotation(member.annotations, 'ipam-ipv4-pool-id')
    if (pool === undefined || pool === '') continue
    if (earlier !== undefined && earlier !== pool) throw failure(`conflicting ipv4 ipam pools ${earlier}: ${pool}`)
    earlier = pool
  }
}

function nameOf(member: Member, profile: LbcProfile): string | undefined {
  const ofClass = profile.classLoadBalancerName === 'known' ? (member.class.params?.loadBalancerName ?? '') : ''
  return ofClass === '' ? textAnnotation(member.annotations, 'load-balancer-name') : ofClass
}

/** All pairs of all members; a key with two values is a contradiction, unless `settled` has it. */
function agreeOnPairs(
  members: readonly Member[], of: (member: Member) => ReadonlyMap<string, string>, conflict: string, settled?: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const seen = new Map<string, string>()
  for (const member of members) {
    const pairs = [...of(member)]
    inMapOrder(pairs.map(([key, value]) => () => {
      const earlier = seen.get(key)
      if (earlier !== undefined && earlier !== value && settled?.has(key) !== true) throw failure(`${conflict} ${key}: ${earlier} | ${value}`)
    }))
    for (const [key, value] of pairs) seen.set(key, value)
  }
  return seen
}

/** The one value that the members set; undefined where none does. */
export function onlyOne(members: readonly Member[], of: (member: Member) => string | undefined, conflict: (values: readonly string[]) => string): string | undefined {
  const values = [...new Set(members.flatMap((member) => of(member) ?? []))].sort()
  if (values.length > 1) throw failure(conflict(values))
  return values[0]
}

/** A list as Go prints it. */
export function goList(values: readonly string[]): string {
  return `[${values.join(' ')}]`
}

/** A set as Go prints the map it is. */
function goMap(values: readonly string[]): string {
  return `map[${values.map((value) => `${value}:{}`).join(' ')}]`
}
