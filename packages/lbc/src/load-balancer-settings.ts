import { mapAnnotation, textAnnotation } from './annotations.ts'
import { failure, inMapOrder } from './controller-error.ts'
import type { Group, Member } from './group.ts'
import type { LbcProfile } from './profile.ts'
import { byteLength } from './sort-paths.ts'

/**
 * model_build_load_balancer.go:41 buildLoadBalancerSpec, the parts in which the members can contradict each other without asking AWS:
 * scheme, address type, attributes, tags, name. Gives the address type. Subnets, security groups, pools and capacity are not looked at.
 */
export function checkLoadBalancer({ members }: Group, profile: LbcProfile): string {
  const scheme = onlyOne(members, (member) => member.class.params?.scheme ?? textAnnotation(member.annotations, 'scheme'),
    (values) => `conflicting scheme: ${goMap(values)}`) ?? 'internal'
  if (scheme !== 'internal' && scheme !== 'internet-facing') throw failure(`unknown scheme: ${scheme}`)
  const type = onlyOne(members, (member) => member.class.params?.ipAddressType ?? textAnnotation(member.annotations, 'ip-address-type'),
    (values) => `conflicting IPAddressType: [${values.join(' ')}]`) ?? 'ipv4'
  if (!['ipv4', 'dualstack', 'dualstack-without-public-ipv4'].includes(type)) throw failure(`unknown IPAddressType: ${type}`)
  if (members.every((member) => textAnnotation(member.annotations, 'security-groups') === undefined)) checkTags(members, profile)
  checkAttributes(members, profile)
  checkTags(members, profile)
  const name = onlyOne(members, (member) => nameOf(member, profile), (values) => `conflicting load balancer name: ${goMap(values)}`)
  if (name !== undefined && byteLength(name) > 32) throw failure('load balancer name cannot be longer than 32 characters')
  return type
}

/** model_build_tags.go:12 buildIngressGroupResourceTags. Tags of the class win over the annotation of its Ingress. */
export function checkTags(members: readonly Member[], profile: LbcProfile): void {
  const seen = new Map<string, string>()
  for (const member of members) {
    const annotated = mapAnnotation(member.annotations, 'tags', profile.keyValuePairs) ?? []
    const tags = [...new Map([...annotated, ...(member.class.params?.tags ?? [])])]
    inMapOrder(tags.map(([key, value]) => () => {
      const earlier = seen.get(key)
      if (earlier !== undefined && earlier !== value) throw failure(`conflicting tag ${key}: ${earlier} | ${value}`)
    }))
    for (const [key, value] of tags) seen.set(key, value)
  }
}

/** model_build_load_balancer_attributes.go: attributes of the class of the first member settle a contradiction. */
function checkAttributes(members: readonly Member[], profile: LbcProfile): void {
  const text = profile.integers === 64 ? 'conflicting attributes' : 'conflicting load balancer attributes'
  const ofClass = profile.integers === 64 ? undefined : members[0]?.class.params?.loadBalancerAttributes
  const seen = new Map<string, string>()
  for (const member of members) {
    const attributes = [...(mapAnnotation(member.annotations, 'load-balancer-attributes', profile.keyValuePairs) ?? [])]
    inMapOrder(attributes.map(([key, value]) => () => {
      const earlier = seen.get(key)
      if (earlier !== undefined && earlier !== value && ofClass?.has(key) !== true) throw failure(`${text} ${key}: ${earlier} | ${value}`)
    }))
    for (const [key, value] of attributes) seen.set(key, value)
  }
}

function nameOf(member: Member, profile: LbcProfile): string | undefined {
  const ofClass = profile.classLoadBalancerName === 'known' ? (member.class.params?.loadBalancerName ?? '') : ''
  return ofClass === '' ? textAnnotation(member.annotations, 'load-balancer-name') : ofClass
}

function onlyOne(members: readonly Member[], of: (member: Member) => string | undefined, conflict: (values: readonly string[]) => string): string | undefined {
  const values = [...new Set(members.flatMap((member) => of(member) ?? []))].sort()
  if (values.length > 1) throw failure(conflict(values))
  return values[0]
}

/** A set as Go prints the map it is. */
function goMap(values: readonly string[]): string {
  return `map[${values.map((value) => `${value}:{}`).join(' ')}]`
}
